package dev.serinus.schemas.telemetry;

import java.util.regex.Pattern;

/**
 * Text of others for a line at a terminal, which obeys what begins with an escape character: a
 * reason or an answer of a webhook could hide or forge lines.
 */
public final class PrintableText {

    private static final Pattern COMMANDING = Pattern.compile("\\p{Cc}+");

    private PrintableText() {}

    /** The same with a blank in place of control characters, those between lines among them. */
    public static String of(String text) {
        return COMMANDING.matcher(text).replaceAll(" ");
    }
}
