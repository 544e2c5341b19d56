package dev.serinus.loadtester.task;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final int NOT_RUNNABLE = 126;
    private static final int NOT_FOUND = 127;

    /** What shells say; a longer or another name may be a secret that was not quoted. */
    private static final Pattern SHELL =
            Pattern.compile(
                    "^(?:ba|da)?sh: (?:line )?\\d+: (\\./)?([A-Za-z][A-Za-z0-9._+-]{0,31}):"
                        + " (?:command )?(not found|Permission denied|No such file or directory)",
                    Pattern.MULTILINE);

    /** Of one that did not run. */
    public static Ended without(Outcome outcome, String because) {
        return new Ended(outcome, -1, because, "", Duration.ZERO);
    }

    public boolean passed() {
        return outcome == Outcome.PASSED;
    }

    /** True where it ended since a program is not there, or may not be run. */
    public boolean lacksProgram() {
        return outcome == Outcome.NOT_STARTED
                || (outcome == Outcome.FAILED && (exit == NOT_RUNNABLE || exit == NOT_FOUND));
    }

    /**
     * Which one, in a shell's words such as {@code hey: not found}; empty where it is not known.
     */
    public String program() {
        String found = "";
        Matcher said = SHELL.matcher(output);
        while (said.find()) {
            found = said.group(2) + ": " + said.group(3);
        }
        return found;
    }

    /** The end of the output: what a person looks at first. */
    public List<String> lastLines(int most) {
        List<String> lines = output.strip().lines().toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
}
