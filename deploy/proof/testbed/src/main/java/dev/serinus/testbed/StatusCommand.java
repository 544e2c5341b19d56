package dev.serinus.testbed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** Tells how each part is; ends with 0 when all of them work. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Tell how each part is; ends with 0 when all of them work, else with 1.")
final class StatusCommand implements Callable<Integer> {

    @Mixin private DirectoryOption where;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var plane = ControlPlane.in(where.directory());
        if (plane.isEmpty()) {
            out.println("nothing was started in " + where.directory());
            out.flush();
            return 1;
        }
        var states = plane.get().states();
        for (var state : states) {
            out.printf(
                    "%-24s %s%n",
                    state.part(),
                    state.pid()
                            .map(
                                    pid ->
                                            (state.healthy() ? "works" : "does not work")
                                                    + ", pid "
                                                    + pid)
                            .orElse("does not run"));
        }
        out.printf("%s, logs and data in %s%n", plane.get().server(), plane.get().directory());
        out.flush();
        return states.stream().allMatch(ControlPlane.State::healthy) ? 0 : 1;
    }
}
