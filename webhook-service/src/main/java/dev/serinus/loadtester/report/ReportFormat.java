package dev.serinus.loadtester.report;

import java.util.Optional;

/**
 * One way in which a load generator tells what it found. Pure; another one is a file of its own.
 */
interface ReportFormat {

    /** The last report of this format in an output, of which the middle may be left out. */
    Optional<Placed> last(String output);

    /**
     * A report and where it stands.
     *
     * @param at where in the output it begins
     */
    record Placed(int at, LoadReport report) {}
}
