package dev.serinus.testbed;

import dev.serinus.schemas.shell.ErrorCauses;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * Where one control plane keeps its files, and its ports.
 *
 * @param directory of this control plane alone
 * @param port of the API server; the others have the ones after it
 */
record ControlPlaneDirectory(Path directory, int port) {

    /** How many ports it takes. */
    static final int PORTS = 6;

    private static final String SETTINGS = "testbed.properties";

    ControlPlaneDirectory {
        directory = directory.toAbsolutePath().normalize();
        if (port < 1024 || port + PORTS > 65_536) {
            throw new Unavailable("the port must be 1024 to 65530, was " + port);
        }
    }

    /** The one that was started in a directory before. */
    static java.util.Optional<ControlPlaneDirectory> in(Path directory) {
        Path file = directory.resolve(SETTINGS);
        if (!Files.exists(file)) {
            return java.util.Optional.empty();
        }
        var settings = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            settings.load(in);
            return java.util.Optional.of(
                    new ControlPlaneDirectory(
                            directory, Integer.parseInt(settings.getProperty("port", ""))));
        } catch (IOException | NumberFormatException unreadable) {
            throw new Unavailable(file + " cannot be read: " + unreadable.getMessage());
        }
    }

    /** Why it cannot start while another program has one of its ports. */
    String portsTaken() {
        String taken =
                "another program uses one of the ports %d to %d".formatted(port, port + PORTS - 1);
        return Files.exists(directory.resolve(SETTINGS))
                ? taken
                        + ", which the control plane in %s keeps: choose another with --dir, or let this one go with down --forget"
                                .formatted(directory)
                : taken + ": choose others with --port";
    }

    /** Makes the folders and remembers the port. */
    void prepare() {
        try {
            for (Path folder : List.of(directory, pki(), directory.resolve("log"))) {
                Files.createDirectories(folder);
            }
            Files.writeString(directory.resolve(SETTINGS), "port=" + port + "\n");
        } catch (IOException trouble) {
            throw new Unavailable(
                    "cannot write to %s: %s; choose another directory with --dir"
                            .formatted(directory, ErrorCauses.ofFile(trouble)));
        }
    }

    String server() {
        return "https://127.0.0.1:" + port;
    }

    int etcdPort() {
        return port + 1;
    }

    int etcdPeerPort() {
        return port + 2;
    }

    int controllersPort() {
        return port + 3;
    }

    int schedulerPort() {
        return port + 4;
    }

    int kwokPort() {
        return port + 5;
    }

    Path pki() {
        return directory.resolve("pki");
    }

    /** The API server's certificate with that of its issuer, which it makes itself. */
    Path certificate() {
        return pki().resolve("apiserver.crt");
    }

    Path serviceAccountKey() {
        return pki().resolve("service-accounts.key");
    }

    Path tokens() {
        return directory.resolve("tokens.csv");
    }

    Path auditPolicy() {
        return directory.resolve("audit-policy.yaml");
    }

    Path auditLog() {
        return directory.resolve("audit.log");
    }

    Path stages() {
        return directory.resolve("kwok-stages.yaml");
    }

    Path etcdData() {
        return directory.resolve("etcd");
    }

    Path log(String part) {
        return directory.resolve("log").resolve(part + ".log");
    }

    Path pidFile(String part) {
        return directory.resolve(part + ".pid");
    }

    Path kubeconfig(User user) {
        return directory.resolve(user.file());
    }
}
