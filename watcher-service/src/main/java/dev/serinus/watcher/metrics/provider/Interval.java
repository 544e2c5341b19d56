package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.canary.Durations;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The interval of a metric, for providers that are asked about a window of time. */
final class Interval {

    private static final Pattern BEGINNING =
            Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([^\\d.]*)");

    private Interval() {}

    /** The interval; why it is none is said as Go says it. */
    static Duration of(ProviderSettings settings) throws WrongSettings {
        String written = settings.interval();
        var interval = Durations.parse(written);
        if (interval.isEmpty()) {
            throw new WrongSettings("error parsing metric interval: time: " + trouble(written));
        }
        return interval.get();
    }

    private static String trouble(String written) {
        Matcher beginning = BEGINNING.matcher(written);
        if (written.length() > 64 || !beginning.lookingAt()) {
            return "invalid duration \"%s\"".formatted(shortened(written));
        }
        int at = 0;
        while (beginning.find(at) && beginning.start() == at) {
            String unit = beginning.group(2);
            if (unit.isEmpty()) {
                return "missing unit in duration \"%s\"".formatted(written);
            }
            if (Durations.parse("1" + unit).isEmpty()) {
                return "unknown unit \"%s\" in duration \"%s\"".formatted(unit, written);
            }
            at = beginning.end();
        }
        return "invalid duration \"%s\"".formatted(written);
    }

    private static String shortened(String written) {
        return written.length() <= 64 ? written : written.substring(0, 64) + "…";
    }
}
