package dev.serinus.analysis.rollout.judge;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Numbers and durations as Go prints them, which is how Flagger's users know them. */
final class GoText {

    private GoText() {}

    /** A float as Go's %v: the shortest text, an exponent from 1e+21 on. */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e21)) {
            String text =
                    new BigDecimal(Double.toString(value))
                            .stripTrailingZeros()
                            .unscaledValue()
                            .toString();
            int exponent =
                    new BigDecimal(Double.toString(value)).stripTrailingZeros().precision()
                            - new BigDecimal(Double.toString(value)).stripTrailingZeros().scale()
                            - 1;
            String sign = text.startsWith("-") ? "-" : "";
            String digits = text.substring(sign.length());
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            return "%s%s%se%s%02d"
                    .formatted(
                            sign,
                            digits.charAt(0),
                            fraction,
                            exponent < 0 ? "-" : "+",
                            Math.abs(exponent));
        }
        return value == 0
                ? "0"
                : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    /** A float with two decimals. */
    static String rounded(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : number(value);
    }

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
