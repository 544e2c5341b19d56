package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the annotation {@value #NAME} says: which step changed an object last. The router writes it,
 * and all others read it; whoever comes for the same Canary with an earlier step is too late.
 *
 * @param canary UID of the Canary that the step belongs to; empty on what an earlier release wrote
 */
public record StepAnnotation(long run, long step, String canary) {

    public static final String NAME = "serinus.dev/step";

    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,18})\\.(\\d{1,18})(?: ([A-Za-z0-9-]+))?");

    /** Reads {@code RUN.STEP UID}, with or without the UID; all else is nobody's step. */
    public static Optional<StepAnnotation> parse(@Nullable String text) {
        var match = TEXT.matcher(text == null ? "" : text);
        return match.matches()
                ? Optional.of(
                        new StepAnnotation(
                                Long.parseLong(match.group(1)),
                                Long.parseLong(match.group(2)),
                                match.group(3) == null ? "" : match.group(3)))
                : Optional.empty();
    }

    /** False when it belongs to another Canary: one that was deleted had its own numbers. */
    public boolean isOf(String uid) {
        return canary.isEmpty() || uid.isEmpty() || canary.equals(uid);
    }

    /** The step without the Canary. */
    public String number() {
        return run + "." + step;
    }

    @Override
    public String toString() {
        return canary.isEmpty() ? number() : number() + " " + canary;
    }
}
