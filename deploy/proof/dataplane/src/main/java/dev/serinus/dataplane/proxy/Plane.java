package dev.serinus.dataplane.proxy;

import dev.serinus.dataplane.binaries.Programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A proxy. */
public enum Plane {
    /** As it is installed by default: it looks at what changed at most once in two seconds. */
    TRAEFIK("traefik.io/gateway-controller", 18_080, Api.TRAEFIKSERVICE) {
        @Override
        List<ProxyProcess> processes(
                Api api, String gateways, Programs programs, Path kubeconfig, Path directory) {
            return List.of(
                    ProxyProcess.start(
                            "traefik",
                            List.of(
                                    programs.program("traefik").toString(),
                                    api == Api.GATEWAYAPI
                                            ? "--providers.kubernetesgateway"
                                            : "--providers.kubernetescrd",
                                    "--entrypoints.web.address=127.0.0.1:" + PORT,
                                    "--entrypoints.traefik.address=127.0.0.1:" + ADMIN_PORT,
                                    "--api.insecure",
                                    "--global.checknewversion=false",
                                    "--global.sendanonymoususage=false",
                                    "--log.level=INFO"),
                            Map.of("KUBECONFIG", kubeconfig.toString()),
                            directory));
        }

        @Override
        Admin admin() {
            return new TraefikApi(AdminClient.on(ADMIN_PORT));
        }
    },
    /**
     * With the real Envoy, which it tells of each change at once. Envoy listens 8000 above what the
     * Gateway says.
     */
    CONTOUR("projectcontour.io/gateway-controller", 10_080, Api.HTTPPROXY) {
        @Override
        List<ProxyProcess> processes(
                Api api, String gateways, Programs programs, Path kubeconfig, Path directory) {
            Path bootstrap = directory.resolve("envoy.json");
            var contour =
                    ProxyProcess.start(
                            "contour",
                            List.of(
                                    programs.program("contour").toString(),
                                    "serve",
                                    "--kubeconfig=" + kubeconfig,
                                    "--insecure",
                                    "--disable-leader-election",
                                    "--xds-address=127.0.0.1",
                                    "--xds-port=8001",
                                    "--http-address=127.0.0.1",
                                    "--http-port=8003",
                                    "--health-address=127.0.0.1",
                                    "--health-port=8004",
                                    "--stats-address=127.0.0.1",
                                    "--envoy-service-http-address=127.0.0.1",
                                    // A Gateway has a port of its own instead.
                                    "--envoy-service-http-port=" + PORT,
                                    "--config-path=" + configuration(api, gateways, directory)),
                            Map.of("CONTOUR_NAMESPACE", "apps"),
                            directory);
            var told =
                    ProxyProcess.start(
                            "contour-bootstrap",
                            List.of(
                                    programs.program("contour").toString(),
                                    "bootstrap",
                                    bootstrap.toString(),
                                    "--xds-address=127.0.0.1",
                                    "--xds-port=8001",
                                    // In Envoy's own directory: a whole path may be
                                    // longer than a socket's may be.
                                    "--admin-address=envoy-admin.sock"),
                            Map.of("CONTOUR_NAMESPACE", "apps"),
                            directory);
            told.process().onExit().join();
            told.close();
            return List.of(
                    contour,
                    ProxyProcess.start(
                            "envoy",
                            List.of(
                                    programs.program("envoy").toString(),
                                    "-c",
                                    bootstrap.toString(),
                                    "--service-cluster",
                                    "apps",
                                    "--service-node",
                                    "envoy",
                                    "--concurrency",
                                    "1",
                                    "--log-level",
                                    "warning"),
                            Map.of(),
                            directory));
        }

        @Override
        Admin admin() {
            return new EnvoyAdmin(AdminClient.on(ADMIN_PORT));
        }

        private Path configuration(Api api, String gateways, Path directory) {
            Path file = directory.resolve("contour.yaml");
            try {
                String admin = "network:\n  admin-port: %d\n".formatted(ADMIN_PORT);
                String gateway =
                        """
                        gateway:
                          gatewayRef:
                            namespace: %s
                            name: gateway
                        """
                                .formatted(gateways);
                Files.writeString(file, api == Api.GATEWAYAPI ? admin + gateway : admin);
            } catch (IOException trouble) {
                throw new UncheckedIOException(trouble);
            }
            return file;
        }
    };

    /** In a network namespace of its own every port is free. */
    private static final int PORT = 18080;

    private static final int ADMIN_PORT = 9001;

    private final String controller;
    private final int listener;
    private final Api own;

    Plane(String controller, int listener, Api own) {
        this.controller = controller;
        this.listener = listener;
        this.own = own;
    }

    /** By what it can be told. */
    public List<Api> apis() {
        return List.of(Api.GATEWAYAPI, own);
    }

    abstract List<ProxyProcess> processes(
            Api api, String gateways, Programs programs, Path kubeconfig, Path directory);

    /** Its name in lower case. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract Admin admin();

    /** Looks at what it has taken over, from now on; whoever does so closes what comes back. */
    public ProxyView view() {
        return ProxyView.of(admin());
    }

    /** The values of the gateway's manifest. */
    public Map<String, String> gateway() {
        return Map.of("CLASS", id(), "CONTROLLER", controller, "PORT", "" + listener);
    }

    /** Where it serves. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + PORT + "/");
    }

    /**
     * Starts it; whoever does so closes what comes back.
     *
     * @param gateways the namespace of its Gateway
     */
    public AutoCloseable start(
            Api api, String gateways, Programs programs, Path kubeconfig, Path directory) {
        List<ProxyProcess> running =
                new ArrayList<>(processes(api, gateways, programs, kubeconfig, directory));
        return () -> running.reversed().forEach(ProxyProcess::close);
    }
}
