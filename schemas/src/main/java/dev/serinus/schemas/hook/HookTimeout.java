package dev.serinus.schemas.hook;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How long somebody waits for a hook's answer, as a call says it in a header: so whoever runs a
 * test for it knows when nobody waits any more. Attempts that may follow are counted in.
 */
public final class HookTimeout {

    /** Flagger does not say it; others pass over it. */
    public static final String HEADER = "serinus-timeout";

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,3})?");

    private HookTimeout() {}

    /** The header's value: seconds, as a number of RFC 9651. */
    public static String header(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    /** Empty where it cannot be read, or is no time. */
    public static Optional<Duration> read(@Nullable String header) {
        if (header == null || !SECONDS.matcher(header.strip()).matches()) {
            return Optional.empty();
        }
        var millis = new BigDecimal(header.strip()).movePointRight(3);
        return Optional.of(Duration.ofMillis(millis.longValueExact())).filter(Duration::isPositive);
    }
}
