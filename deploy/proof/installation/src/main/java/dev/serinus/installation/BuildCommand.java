package dev.serinus.installation;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Builds Helm, if it is not there. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description = "Build Helm once, with Go, and print where it is.")
final class BuildCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        var err = spec.commandLine().getErr();
        var out = spec.commandLine().getOut();
        out.println(HelmProgram.build(line -> err.println("helm: " + line)).path());
        out.flush();
    }
}
