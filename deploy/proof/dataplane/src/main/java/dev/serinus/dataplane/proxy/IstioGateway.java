package dev.serinus.dataplane.proxy;

import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Unavailable;
import dev.serinus.testbed.User;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * istiod, and Envoy as a gateway that asks it for everything.
 *
 * @param namespace of the gateway
 * @param adminPort where it answers what it has taken over
 */
record IstioGateway(String namespace, int adminPort) {

    private static final int HTTP = 15080;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** What Istio's own Envoy has and others have not, and what nobody asks for here. */
    private static final List<String> WITHOUT =
            List.of(
                    "PILOT_ENABLE_ALPN_FILTER",
                    "PILOT_ENABLE_METADATA_EXCHANGE",
                    "ENABLE_CA_SERVER",
                    "ENABLE_LEADER_ELECTION",
                    // It would make pods from templates that only an installation has.
                    "PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER");

    private static Map<String, String> environment(Api api) {
        Map<String, String> environment = new HashMap<>();
        WITHOUT.forEach(it -> environment.put(it, "false"));
        environment.put("PILOT_CERT_PROVIDER", "none");
        environment.put("VALIDATION_WEBHOOK_CONFIG_NAME", "");
        environment.put("INJECTION_WEBHOOK_CONFIG_NAME", "");
        environment.put("POD_NAMESPACE", "istio-system");
        // As large installations have it, and harder to serve by: a gateway knows of no Service
        // that no route for it names.
        environment.put("PILOT_FILTER_GATEWAY_CLUSTER_CONFIG", "" + (api == Api.ISTIO));
        return environment;
    }

    List<ProxyProcess> start(Api api, Path istiod, Path envoy, ControlPlane bed, Path directory) {
        Path mesh = directory.resolve("mesh.yaml");
        Path bootstrap = directory.resolve("envoy.yaml");
        // istiod watches each of its files once.
        Path authority = directory.resolve("authority.crt");
        var identity = bed.identity();
        try {
            Files.copy(identity.certificate(), authority);
            Files.writeString(mesh, read("mesh.yaml"));
            Files.writeString(
                    bootstrap,
                    read("envoy.yaml")
                            .replace("${NAMESPACE}", namespace)
                            .replace("${ADMIN_PORT}", "" + adminPort));
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        var running =
                ProxyProcess.start(
                        "istiod",
                        List.of(
                                istiod.toString(),
                                "discovery",
                                "--kubeconfig=" + bed.kubeconfig(User.ADMIN),
                                "--meshConfig=" + mesh,
                                "--httpAddr=127.0.0.1:" + HTTP,
                                "--httpsAddr=127.0.0.1:15017",
                                "--caCertFile=" + authority,
                                "--tlsCertFile=" + identity.certificate(),
                                "--tlsKeyFile=" + identity.key(),
                                "--grpcAddr=127.0.0.1:15010",
                                "--secureGRPCAddr=",
                                "--monitoringAddr=127.0.0.1:15014",
                                "--ctrlz_port=0"),
                        environment(api),
                        directory);
        awaitReady(running);
        return List.of(
                running,
                ProxyProcess.start(
                        "envoy",
                        List.of(
                                envoy.toString(),
                                "-c",
                                bootstrap.toString(),
                                "--concurrency",
                                "1",
                                "--log-level",
                                "warning"),
                        Map.of(),
                        directory));
    }

    /** Until it knows all that there is, and answers whether what comes may be. */
    private static void awaitReady(ProxyProcess istiod) {
        var admin = AdminClient.on(HTTP);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                var _ = admin.text("/ready");
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > end || !istiod.process().isAlive()) {
                    istiod.close();
                    throw new Unavailable("istiod does not become ready: " + notYet.getMessage());
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                istiod.close();
                throw new Unavailable("interrupted");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private static String read(String name) throws IOException {
        try (var in =
                IstioGateway.class.getResourceAsStream("/dev/serinus/dataplane/istio/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not among the resources of this jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
