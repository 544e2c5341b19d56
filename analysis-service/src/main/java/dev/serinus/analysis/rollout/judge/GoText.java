package dev.serinus.analysis.rollout.judge;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as Go prints them, which is how Flagger's users know them. */
final class GoText {

    private GoText() {}

    /** A duration as Go prints it: 500ms, 1.205s, 1m0s. */
    static String duration(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.isNegative()) {
            return "-" + duration(duration.negated());
        }
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return plain(duration.toNanos() / 1e6) + "ms";
        }
        String seconds = plain(duration.toSecondsPart() + duration.toNanosPart() / 1e9) + "s";
        if (duration.toMinutes() == 0) {
            return seconds;
        }
        String minutes = duration.toMinutesPart() + "m" + seconds;
        return duration.toHours() == 0 ? minutes : duration.toHours() + "h" + minutes;
    }

    private static String plain(double value) {
        return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
