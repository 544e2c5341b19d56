package dev.serinus.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What was found of one thing that an installation needs.
 *
 * @param advice what to do; empty where there is nothing to do
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

    /** One for each thing that is wrong, all with one advice; or that all is well. */
    static List<Finding> of(List<String> wrong, String advice, String otherwise) {
        return wrong.isEmpty()
                ? List.of(ok(otherwise))
                : wrong.stream().map(each -> wrong(each, advice)).toList();
    }

    void tell(PrintWriter out) {
        out.printf("%-8s%s%n", verdict.name().toLowerCase(Locale.ROOT), what);
        if (!advice.isEmpty()) {
            out.printf("%-8s-> %s%n", "", advice);
        }
    }
}
