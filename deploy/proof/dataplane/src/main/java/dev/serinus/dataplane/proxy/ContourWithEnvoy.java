package dev.serinus.dataplane.proxy;

import dev.serinus.dataplane.binaries.Programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Contour, and Envoy that it tells.
 *
 * @param port where it serves without a Gateway
 * @param adminPort where it answers what it has taken over
 */
record ContourWithEnvoy(int port, int adminPort) {

    List<ProxyProcess> start(
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
                                "--envoy-service-http-port=" + port,
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

    private Path configuration(Api api, String gateways, Path directory) {
        Path file = directory.resolve("contour.yaml");
        try {
            String admin = "network:\n  admin-port: %d\n".formatted(adminPort);
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
}
