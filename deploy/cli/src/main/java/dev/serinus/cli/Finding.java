package dev.serinus.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What was found of one thing that an installation needs.
 *
 * @param advice what to do; empty where there is nothing to do, or where a later one says it
 */
record Finding(Verdict verdict, String what, String advice) {

    /** How a thing is. */
    enum Verdict {
        OK,
        WRONG,
        /** It could not be asked. */
        UNKNOWN
    }

    static Finding ok(String what) {
        return new Finding(Verdict.OK, what, "");
    }

    static Finding wrong(String what, String advice) {
        return new Finding(Verdict.WRONG, what, advice);
    }

    static Finding unknown(String what, String advice) {
        return new Finding(Verdict.UNKNOWN, what, advice);
    }

    /** One for each thing that is wrong, and after the last what to do; or that all is well. */
    static List<Finding> of(List<String> wrong, String advice, String otherwise) {
        if (wrong.isEmpty()) {
            return List.of(ok(otherwise));
        }
        return Stream.concat(
                        wrong.subList(0, wrong.size() - 1).stream().map(each -> wrong(each, "")),
                        Stream.of(wrong(wrong.getLast(), advice)))
                .toList();
    }

    /** The same; that all is well is unknown where not all was answered. */
    static List<Finding> of(
            List<String> wrong, Unanswered unanswered, String advice, String otherwise) {
        if (unanswered.isEmpty()) {
            return of(wrong, advice, otherwise);
        }
        return Stream.concat(
                        wrong.isEmpty() ? Stream.of() : of(wrong, advice, otherwise).stream(),
                        Stream.of(
                                unknown(
                                        "whether %s: the API server did not answer all that was asked (%s)"
                                                .formatted(otherwise, unanswered),
                                        "look at the API server and at what this account may read,"
                                                + " and ask again")))
                .toList();
    }

    void tell(PrintWriter out) {
        out.printf("%-8s%s%n", verdict.name().toLowerCase(Locale.ROOT), what);
        if (!advice.isEmpty()) {
            out.printf("%-8s-> %s%n", "", advice);
        }
    }
}
