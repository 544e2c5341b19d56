package dev.serinus.router.objects;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The step that last changed an object, kept on it as {@value #ANNOTATION}: whoever comes with an
 * earlier one is too late.
 */
public record Mark(long run, long step) implements Comparable<Mark> {

    /** Where it is kept: {@code run.step}. */
    public static final String ANNOTATION = "serinus.dev/step";

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})");
    private static final Comparator<Mark> ORDER =
            Comparator.comparingLong(Mark::run).thenComparingLong(Mark::step);

    /** Reads what {@link #toString} wrote; anything else is no mark. */
    public static Optional<Mark> parse(@Nullable String text) {
        var match = TEXT.matcher(text == null ? "" : text);
        return match.matches()
                ? Optional.of(
                        new Mark(Long.parseLong(match.group(1)), Long.parseLong(match.group(2))))
                : Optional.empty();
    }

    /** True when this is what came after {@code other}. */
    public boolean isAfter(Mark other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Mark other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return run + "." + step;
    }
}
