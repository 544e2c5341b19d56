package dev.serinus.dataplane;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network namespace of its own for a process and its children: the API server refuses loopback
 * addresses for pods, and here a whole range of private ones is local. Needs no privileges where
 * users may make namespaces.
 */
final class OwnNetwork {

    private static final List<String> ENTER = List.of("unshare", "--map-root-user", "--net");

    private static final String SET_UP =
            "ip link set lo up && ip route add default dev lo"
                    + " && ip route add local 10.244.0.0/16 dev lo && exec \"$@\"";

    private static final String INSIDE = "serinus.dataplane.inside";

    private OwnNetwork() {}

    /** True in a JVM that was started by {@link #java}. */
    static boolean isInside() {
        return Boolean.getBoolean(INSIDE);
    }

    /** What starts this program in another JVM, for the inside of one. */
    static List<String> java(List<String> options, List<String> arguments) {
        List<String> java =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx768m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Djava.net.preferIPv4Stack=true",
                                // Proxies find the host they serve by this header.
                                "-Djdk.httpclient.allowRestrictedHeaders=host",
                                // A pod that closes connections the proxy still uses is no fault
                                // of a release.
                                "-Dsun.net.httpserver.idleInterval=600",
                                "-Dsun.net.httpserver.maxIdleConnections=10000",
                                "-D" + INSIDE + "=true"));
        java.addAll(options);
        java.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        java.addAll(arguments);
        return java;
    }

    /** Why there can be none here; empty when there can. */
    static Optional<String> whyNot() {
        try {
            var process =
                    new ProcessBuilder(command(List.of("true"))).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .strip();
            return process.waitFor() == 0
                    ? Optional.empty()
                    : Optional.of("there can be no network namespace for them here: " + said);
        } catch (IOException missing) {
            return Optional.of(
                    "a network namespace needs unshare and ip (Debian: util-linux, iproute2): "
                            + missing.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** What runs a command in one. */
    static List<String> command(List<String> inside) {
        List<String> command = new ArrayList<>(ENTER);
        command.addAll(List.of("sh", "-c", SET_UP, "sh"));
        command.addAll(inside);
        return command;
    }
}
