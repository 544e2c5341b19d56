package dev.serinus.dataplane.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * istiod, and Envoy as a gateway that asks it for everything.
 *
 * @param namespace of the gateway
 * @param adminPort where it answers what it has taken over
 */
record IstioGateway(String namespace, int adminPort) {

    /** What Istio's own Envoy has and others have not, and what nobody asks for here. */
    private static final Map<String, String> WITHOUT =
            Map.of(
                    "PILOT_ENABLE_ALPN_FILTER",
                    "false",
                    "PILOT_ENABLE_METADATA_EXCHANGE",
                    "false",
                    "ENABLE_CA_SERVER",
                    "false",
                    "PILOT_CERT_PROVIDER",
                    "none",
                    "ENABLE_LEADER_ELECTION",
                    "false",
                    // It would make pods from templates that only an installation has.
                    "PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER",
                    "false",
                    "VALIDATION_WEBHOOK_CONFIG_NAME",
                    "",
                    "INJECTION_WEBHOOK_CONFIG_NAME",
                    "",
                    "POD_NAMESPACE",
                    "istio-system");

    List<ProxyProcess> start(Path istiod, Path envoy, Path kubeconfig, Path directory) {
        Path mesh = directory.resolve("mesh.yaml");
        Path bootstrap = directory.resolve("envoy.yaml");
        try {
            Files.writeString(mesh, read("mesh.yaml"));
            Files.writeString(
                    bootstrap,
                    read("envoy.yaml")
                            .replace("${NAMESPACE}", namespace)
                            .replace("${ADMIN_PORT}", "" + adminPort));
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        return List.of(
                ProxyProcess.start(
                        "istiod",
                        List.of(
                                istiod.toString(),
                                "discovery",
                                "--kubeconfig=" + kubeconfig,
                                "--meshConfig=" + mesh,
                                "--httpAddr=127.0.0.1:15080",
                                "--httpsAddr=",
                                "--grpcAddr=127.0.0.1:15010",
                                "--secureGRPCAddr=",
                                "--monitoringAddr=127.0.0.1:15014",
                                "--ctrlz_port=0"),
                        WITHOUT,
                        directory),
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
