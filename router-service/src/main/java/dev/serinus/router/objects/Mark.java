package dev.serinus.router.objects;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The step that last changed an object, kept on it as {@value #ANNOTATION}: whoever comes for the
 * same Canary with an earlier one is too late.
 *
 * @param canary UID of the Canary that the step belongs to; empty on what an earlier release wrote
 */
public record Mark(String canary, long run, long step) {

    /** Where it is kept: {@code run.step canary}. */
    public static final String ANNOTATION = "serinus.dev/step";

    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,18})\\.(\\d{1,18})(?: ([A-Za-z0-9-]+))?");

    /** Reads what {@link #toString} wrote, now or in an earlier release; all else is no mark. */
    public static Optional<Mark> parse(@Nullable String text) {
        var match = TEXT.matcher(text == null ? "" : text);
        return match.matches()
                ? Optional.of(
                        new Mark(
                                match.group(3) == null ? "" : match.group(3),
                                Long.parseLong(match.group(1)),
                                Long.parseLong(match.group(2))))
                : Optional.empty();
    }

    /** True when this came after {@code other} for the same Canary, as far as that is known. */
    public boolean isAfter(Mark other) {
        return isOf(other.canary) && (run != other.run ? run > other.run : step > other.step);
    }

    /** True when both are the same step, as far as the Canary is known. */
    public boolean isSameAs(Mark other) {
        return isOf(other.canary) && run == other.run && step == other.step;
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
