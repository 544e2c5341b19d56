package dev.serinus.cli;

import picocli.CommandLine.Model.CommandSpec;

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

    /** Tells them of this command, where it tells its mistakes. */
    void tell(CommandSpec command) {
        PrintWriter err = command.commandLine().getErr();
        err.println(
                command.name().equals("run")
                        ? "serinus cannot start:"
                        : command.qualifiedName() + " cannot begin:");
        reasons.forEach(reason -> err.println("  - " + reason));
        err.flush();
    }
}
