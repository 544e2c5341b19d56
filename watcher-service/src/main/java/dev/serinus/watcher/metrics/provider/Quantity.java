package dev.serinus.watcher.metrics.provider;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes' way of writing numbers: {@code 1500m}, {@code 2Ki}, {@code 5e0}. */
final class Quantity {

    private static final Pattern FORM =
            Pattern.compile(
                    "([-+]?(?:\\d{1,40}(?:\\.\\d{0,40})?|\\.\\d{1,40}))"
                            + "([numkMGTPE]|[KMGTPE]i|[eE][-+]?\\d{1,3})?");

    private static final Map<String, BigDecimal> UNITS =
            Map.ofEntries(
                    Map.entry("n", BigDecimal.ONE.movePointLeft(9)),
                    Map.entry("u", BigDecimal.ONE.movePointLeft(6)),
                    Map.entry("m", BigDecimal.ONE.movePointLeft(3)),
                    Map.entry("k", BigDecimal.ONE.movePointRight(3)),
                    Map.entry("M", BigDecimal.ONE.movePointRight(6)),
                    Map.entry("G", BigDecimal.ONE.movePointRight(9)),
                    Map.entry("T", BigDecimal.ONE.movePointRight(12)),
                    Map.entry("P", BigDecimal.ONE.movePointRight(15)),
                    Map.entry("E", BigDecimal.ONE.movePointRight(18)),
                    Map.entry("Ki", binary(1)),
                    Map.entry("Mi", binary(2)),
                    Map.entry("Gi", binary(3)),
                    Map.entry("Ti", binary(4)),
                    Map.entry("Pi", binary(5)),
                    Map.entry("Ei", binary(6)));

    private Quantity() {}

    private static BigDecimal binary(int power) {
        return BigDecimal.valueOf(1024).pow(power);
    }

    static double parse(String text) throws JsonText.NoNumber {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new JsonText.NoNumber(text);
        }
        BigDecimal number = new BigDecimal(form.group(1));
        String suffix = form.group(2);
        if (suffix == null) {
            return number.doubleValue();
        }
        BigDecimal unit = UNITS.get(suffix);
        return unit == null
                ? number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1))).doubleValue()
                : number.multiply(unit).doubleValue();
    }
}
