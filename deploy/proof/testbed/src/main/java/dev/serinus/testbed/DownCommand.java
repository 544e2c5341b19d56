package dev.serinus.testbed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends a control plane. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "End the control plane. Its data stay, and up goes on with them.")
final class DownCommand implements Runnable {

    @Mixin private DirectoryOption where;

    @Option(names = "--forget", description = "Delete its data, logs and kubeconfigs too.")
    private boolean forget;

    @Override
    public void run() {
        ControlPlane.in(where.directory())
                .ifPresent(
                        plane -> {
                            plane.down();
                            if (forget) {
                                plane.forget();
                            }
                        });
    }
}
