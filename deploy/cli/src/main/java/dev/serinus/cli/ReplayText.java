package dev.serinus.cli;

import dev.serinus.analysis.replay.OtherRun;
import dev.serinus.analysis.replay.Replay;
import dev.serinus.schemas.canary.Durations;

import java.io.PrintWriter;
import java.util.List;

/**
 * Past runs and how they would have ended, for people.
 *
 * @param taken whether the decisions came out as they were taken
 * @param settings what would have been otherwise; empty where nothing is asked but that
 */
record ReplayText(List<OtherRun> runs, Replay taken, List<String> settings) {

    void print(PrintWriter out) {
        boolean asks = !settings.isEmpty();
        for (OtherRun run : runs) {
            out.printf(
                    "%s run %d of %s, revision %s: %s%n",
                    run.canary(), run.run(), run.began(), run.revision(), words(run.was()));
            if (asks) {
                out.printf(
                        "  %s %s%n",
                        run.endsOtherwise() ? "would be" : "would be the same:",
                        words(run.would()));
            }
        }
        if (asks) {
            out.printf(
                    "%d runs, of which %d would have ended otherwise with %s, and of %d it is not"
                            + " known%n",
                    runs.size(), otherwise(), String.join(" ", settings), open());
        }
        taken.mismatches()
                .forEach(
                        each ->
                                out.printf(
                                        "%s number %d %s%n",
                                        each.canary(), each.number(), each.because()));
        out.printf(
                "%d decisions on %d canaries taken again, %d came out otherwise; %d entries passed"
                        + " over, since their beginning is no longer kept%n",
                taken.replayed(), taken.canaries(), taken.mismatches().size(), taken.passedOver());
    }

    private long otherwise() {
        return runs.stream().filter(OtherRun::endsOtherwise).count();
    }

    private long open() {
        return runs.stream()
                .filter(
                        run ->
                                run.would().how() == OtherRun.How.NOT_KNOWN
                                        || run.would().how() == OtherRun.How.GOES_ON)
                .count();
    }

    private static String words(OtherRun.Ending ending) {
        return "%s after %s at %s%% with %d failed checks: %s"
                .formatted(
                        ending.how().words(),
                        Durations.print(ending.after()),
                        ending.canaryWeight(),
                        ending.failedChecks(),
                        ending.because());
    }
}
