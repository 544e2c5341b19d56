package dev.serinus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** Takes everything of Serinus' own off a cluster. */
@Command(
        name = "uninstall",
        exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
        sortOptions = false,
        description =
                "Take everything of Serinus' own off all Canaries, once Serinus was stopped:"
                        + " finalizers, claims, all annotations and the records of what was"
                        + " promoted. Restores nothing and moves no traffic.",
        footer = {
            "",
            "Ends with 0 when nothing of Serinus is left on any Canary, with 1 when one that is"
                    + " being deleted was left alone."
        })
final class UninstallCommand implements Callable<Integer> {

    private static final List<String> MEANING =
            List.of(
                    "Nothing is restored and no traffic moves: primaries go on serving, and their"
                            + " targets stay as they are, most of them at 0.",
                    "From then on nothing brings a target back: a Canary that is deleted goes at"
                            + " once, and with it whatever it alone owns of what serves.",
                    "To leave with everything restored, delete the Canaries while Serinus runs,"
                            + " and uninstall what is left. To go back to Flagger, use handback.");

    @Option(names = "--check", description = "Only say what would be done.")
    private boolean check;

    @Option(
            names = "--force",
            description =
                    "Release as well Canaries that are being deleted: they go at once, with what"
                            + " they alone own.")
    private boolean force;

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks for it
    private boolean help;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        MEANING.forEach(out::println);
        out.println();
        out.flush();
        return cluster.with(
                client -> {
                    var uninstall = new Uninstall(client);
                    var found = uninstall.look(cluster.namespace());
                    if (!check) {
                        OwnStatus.tellStale(
                                spec.commandLine().getErr(),
                                uninstall.takeOff(found, force).stream()
                                        .map(each -> each.namespace() + "/" + each.name())
                                        .toList());
                    }
                    return tell(out, found);
                });
    }

    private int tell(PrintWriter out, List<Uninstall.Found> found) {
        for (Uninstall.Found each : found) {
            out.println(each.namespace() + "/" + each.name() + " " + each.sentence(check, force));
        }
        long left = force ? 0 : found.stream().filter(Uninstall.Found::isRisky).count();
        out.println(
                "%d Canaries; %d %s released; %d being deleted are left alone"
                        .formatted(
                                found.size(),
                                found.size() - left,
                                check ? "would be" : "were",
                                left));
        out.flush();
        return left == 0 ? 0 : 1;
    }
}
