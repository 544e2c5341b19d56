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

/** Leaves a cluster's Canaries as Flagger wants to find them. */
@Command(
        name = "handback",
        exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
        sortOptions = false,
        description =
                "Hand the Canaries back to Flagger, once Serinus was stopped: takes the finalizer"
                        + " off where only Serinus wants one, and all that Serinus noted on"
                        + " objects or alone says in the status. Workloads, Services, routes and"
                        + " Flagger's fields of the status stay as they are.",
        footer = {
            "",
            "Ends with 0 when Flagger goes on without starting a rollout anywhere, with 1"
                    + " otherwise: each Canary is listed."
        })
final class HandbackCommand implements Callable<Integer> {

    @Option(
            names = "--check",
            description = "Only say what would be done and which rollouts it would start.")
    private boolean check;

    @Option(
            names = "--force",
            description =
                    "Hand back as well what Flagger would release at once though Serinus did not:"
                            + " Canaries whose target is to run something else than their primary.")
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
        return cluster.with(
                client -> {
                    var handback = new Handback(client);
                    var found = handback.look(cluster.namespace());
                    if (!check) {
                        OwnStatus.tellStale(
                                spec.commandLine().getErr(),
                                handback.handBack(found, force).stream()
                                        .map(each -> each.namespace() + "/" + each.name())
                                        .toList());
                    }
                    return tell(found);
                });
    }

    private int tell(List<Handback.Found> found) {
        PrintWriter out = spec.commandLine().getOut();
        for (Handback.Found each : found) {
            out.println(each.namespace() + "/" + each.name() + " " + each.sentence(check, force));
        }
        long refused = force ? 0 : found.stream().filter(Handback.Found::isRisky).count();
        long starting =
                found.stream()
                        .filter(each -> each.startsRollout() && (force || !each.isRisky()))
                        .count();
        long deleted = found.stream().filter(Handback.Found::isDeleted).count();
        out.println(
                "%d Canaries; %d are refused; Flagger starts a rollout for %d of the others; %d are"
                                .formatted(found.size(), refused, starting, deleted)
                        + " being deleted");
        out.flush();
        return starting + refused + deleted == 0 ? 0 : 1;
    }
}
