package dev.serinus.testbed;

import dev.serinus.testbed.binaries.Build;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Builds the programs, if they are not there. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description = "Build the control plane's programs once, with Go, and print where they are.")
final class BuildCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        var err = spec.commandLine().getErr();
        var out = spec.commandLine().getOut();
        out.println(Build.run(line -> err.println("testbed: " + line)).folder());
        out.flush();
    }
}
