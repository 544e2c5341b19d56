package dev.serinus.testbed;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** Which control plane is meant. */
final class DirectoryOption {

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Where its data, logs and kubeconfigs are; by default"
                            + " $$XDG_STATE_HOME/serinus/testbed, that is"
                            + " ~/.local/state/serinus/testbed.")
    private Path directory = standard();

    private static Path standard() {
        String state = System.getenv("XDG_STATE_HOME");
        Path base =
                state == null || state.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(state);
        return base.resolve("serinus").resolve("testbed");
    }

    Path directory() {
        return directory.toAbsolutePath().normalize();
    }
}
