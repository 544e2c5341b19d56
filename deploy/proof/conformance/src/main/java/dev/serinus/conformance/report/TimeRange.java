package dev.serinus.conformance.report;

import java.util.Optional;

/**
 * When a rule holds.
 *
 * @param since as {@link PlayedReport#when} has it; from the first step without it
 * @param after how many seconds later
 * @param within how many seconds from there; to {@code until}, or the end, without it
 * @param until as {@link PlayedReport#when} has it
 */
record TimeRange(
        Optional<String> since, double after, Optional<Double> within, Optional<String> until) {

    static TimeRange of(ReportRule.Settings settings) {
        double within = settings.number("within", -1);
        return new TimeRange(
                settings.optional("since"),
                settings.number("after", 0),
                within < 0 ? Optional.empty() : Optional.of(within),
                settings.optional("until"));
    }

    /** When it begins; empty when what it begins with never came. */
    Optional<Double> begin(PlayedReport played) {
        return since.map(played::when).orElse(Optional.of(0.0)).map(at -> at + after);
    }

    /** When it ends, of one that begins then. */
    double end(PlayedReport played, double begin) {
        double limit = until.flatMap(played::when).orElse(Double.MAX_VALUE);
        return Math.min(limit, within.map(seconds -> begin + seconds).orElse(played.end() + 1));
    }

    /** What to say when it never began. */
    String neverBegan() {
        return "never came: " + since.orElse("");
    }
}
