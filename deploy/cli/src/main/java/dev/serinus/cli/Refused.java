package dev.serinus.cli;

import java.io.PrintWriter;
import java.util.List;

/** What was asked for cannot be done: every reason at once, each with what to do about it. */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final List<String> reasons;

    public Refused(List<String> reasons) {
        super(String.join("; ", reasons));
        this.reasons = List.copyOf(reasons);
    }

    public List<String> reasons() {
        return reasons;
    }

    void tell(PrintWriter err) {
        err.println("serinus cannot start:");
        reasons.forEach(reason -> err.println("  - " + reason));
        err.flush();
    }
}
