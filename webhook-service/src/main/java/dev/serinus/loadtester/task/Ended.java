package dev.serinus.loadtester.task;

import java.time.Duration;
import java.util.List;

/**
 * How a task ended.
 *
 * @param exit its exit status, 0 or 1 where another service ran it; -1 where it has none
 * @param because {@code exit status 3}, {@code signal: killed} and so on, as Flagger says it, and
 *     after what; empty when it passed
 * @param output what it wrote, within the bound
 */
public record Ended(Outcome outcome, int exit, String because, String output, Duration took) {

    public static final String KILLED = "signal: killed";

    /** Of one that did not run. */
    public static Ended without(Outcome outcome, String because) {
        return new Ended(outcome, -1, because, "", Duration.ZERO);
    }

    public boolean passed() {
        return outcome == Outcome.PASSED;
    }

    /** The end of the output: what a person looks at first. */
    public List<String> lastLines(int most) {
        List<String> lines = output.strip().lines().toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
}
