package dev.serinus.schemas.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Doubles as Go prints them, which is how Flagger's users know them. */
public final class GoFloats {

    private GoFloats() {}

    /** As {@code %v}: the shortest text that reads as the same double; 1e+21 has an exponent. */
    public static String shortest(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return "0";
        }
        var decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -4 && exponent < 21) {
            return decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa =
                digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return "%s%se%s%02d"
                .formatted(
                        value < 0 ? "-" : "",
                        mantissa,
                        exponent < 0 ? "-" : "+",
                        Math.abs(exponent));
    }

    /**
     * As {@code %.2f}: what the double really is, rounded to the nearest and of two to the even
     * one, so that 98.125 is 98.12. Java's own format rounds its shortest text, and up.
     *
     * @param digits after the point, 0 or more
     */
    public static String fixed(double value, int digits) {
        return Double.isFinite(value)
                ? signed(
                        value,
                        new BigDecimal(Math.abs(value))
                                .setScale(digits, RoundingMode.HALF_EVEN)
                                .toPlainString())
                : shortest(value);
    }

    /** As {@code %.2e}, likewise. */
    static String exponent(double value, int digits) {
        return Double.isFinite(value)
                ? signed(
                        value,
                        String.format(
                                Locale.ROOT,
                                "%." + digits + "e",
                                new BigDecimal(Math.abs(value))
                                        .round(
                                                new MathContext(
                                                        digits + 1, RoundingMode.HALF_EVEN))))
                : shortest(value);
    }

    /** What is rounded to nothing keeps its sign. */
    private static String signed(double value, String size) {
        return (Double.doubleToRawLongBits(value) < 0 ? "-" : "") + size;
    }
}
