package dev.serinus.testbed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Ends a control plane. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "End the control plane. Its data stay, and up goes on with them.")
final class DownCommand implements Runnable {

    @Mixin private DirectoryOption where;

    @Option(names = "--forget", description = "Delete its data, logs and kubeconfigs too.")
    private boolean forget;

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        var plane = ControlPlane.in(where.directory());
        if (plane.isEmpty()) {
            out.println("nothing was started in " + where.directory());
        } else {
            plane.get().down();
            if (forget) {
                plane.get().forget();
            }
            out.println(
                    forget
                            ? "down, and nothing of it is left in " + where.directory()
                            : "down; its data stay in %s, and up goes on with them"
                                    .formatted(where.directory()));
        }
        out.flush();
    }
}
