package dev.serinus.notifier.chat;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The times in a text, for services that show them in the zone of whoever reads. */
final class Instants {

    private static final Pattern WRITTEN =
            Pattern.compile("\\b\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");

    private Instants() {}

    /** The text with each time as the service has it; what is none stays. */
    static String shown(String text, Function<Instant, String> as) {
        return WRITTEN.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(shownOne(found.group(), as)));
    }

    private static String shownOne(String written, Function<Instant, String> as) {
        try {
            return as.apply(Instant.parse(written));
        } catch (DateTimeException none) {
            return written;
        }
    }
}
