package dev.serinus.cli.guide;

import dev.serinus.cli.Main;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs the command as a user does, and keeps what it prints. */
final class Commands {

    private Commands() {}

    /** How a command ended. */
    record Ended(int code, String out, String err) {}

    static CommandLine line() {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    static Ended run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                line().setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }
}
