package dev.serinus.testbed;

import dev.serinus.testbed.binaries.Build;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts a control plane and leaves it running. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description =
                "Start a control plane in the background, or what is missing of it, and say how to"
                        + " reach it.")
final class UpCommand implements Runnable {

    @Mixin private DirectoryOption where;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "24443",
            description =
                    "The API server's port on loopback, with the five after it; an existing control"
                            + " plane keeps its own. Default: $${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--permissive",
            description =
                    "Resource definitions of meshes that accept any field, instead of the published"
                            + " ones.")
    private boolean permissive;

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        var err = spec.commandLine().getErr();
        var binaries = Build.run(line -> err.println("testbed: " + line));
        err.println("testbed: starting a control plane, or what is missing of it ...");
        var plane =
                ControlPlane.up(
                        binaries,
                        where.directory(),
                        port,
                        permissive ? Definitions.PERMISSIVE : Definitions.PUBLISHED);
        var out = spec.commandLine().getOut();
        out.printf("up at %s, logs and data in %s%n", plane.server(), plane.directory());
        out.printf("%nexport KUBECONFIG=%s%n%n", plane.kubeconfig(User.ADMIN));
        out.println("and with the rights of a service alone:");
        User.services()
                .forEach(
                        user ->
                                out.printf(
                                        "  %-10s %s%n",
                                        user.name().toLowerCase(java.util.Locale.ROOT),
                                        plane.kubeconfig(user)));
        out.flush();
    }
}
