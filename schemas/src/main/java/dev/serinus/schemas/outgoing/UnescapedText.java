package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;

/**
 * A text as a reader takes it who undoes the escapes of JSON, of addresses and of HTML, each once,
 * with the place that every character has in the text as it was written. What is no escape is taken
 * as it is.
 */
final class UnescapedText {

    private static final int UNICODE = "\\u0000".length();
    private static final int BYTE = "%00".length();
    private static final int LONGEST_ENTITY = "&#x10ffff;".length();
    private static final Map<Character, Character> OF_JSON =
            Map.of(
                    '"', '"', '\\', '\\', '/', '/', '\'', '\'', 'n', '\n', 'r', '\r', 't', '\t',
                    'b', '\b', 'f', '\f');
    private static final Map<String, String> OF_HTML =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'");

    private final String written;
    private final StringBuilder read = new StringBuilder();
    private final int[] starts; // of each character that is read; the last is the end of all
    private boolean differs;

    private UnescapedText(String written) {
        this.written = written;
        // An escape is longer than what it stands for.
        this.starts = new int[written.length() + 1];
    }

    static UnescapedText of(String written) {
        var text = new UnescapedText(written);
        int at = 0;
        while (at < written.length()) {
            at = text.next(at);
        }
        Arrays.fill(text.starts, text.read.length(), text.starts.length, written.length());
        return text;
    }

    /** False for a text without escapes. */
    boolean differs() {
        return differs;
    }

    String text() {
        return read.toString();
    }

    /** Where in the written text the character at this place begins; beyond the last, its end. */
    int start(int place) {
        return starts[place];
    }

    /** Reads what is written from here on, and gives where to go on. */
    private int next(int at) {
        int end =
                switch (written.charAt(at)) {
                    case '\\' -> json(at);
                    case '%' -> address(at);
                    case '&' -> html(at);
                    default -> at;
                };
        if (end == at) {
            put(at, written.substring(at, at + 1));
            return at + 1;
        }
        differs = true;
        return end;
    }

    private void put(int at, CharSequence characters) {
        for (int i = 0; i < characters.length(); i++) {
            starts[read.length() + i] = at;
        }
        read.append(characters);
    }

    private int json(int at) {
        if (at + 1 == written.length()) {
            return at;
        }
        char kind = written.charAt(at + 1);
        if (kind == 'u') {
            int code = number(at + 2, at + UNICODE, 16);
            if (code < 0) {
                return at;
            }
            put(at, String.valueOf((char) code));
            return at + UNICODE;
        }
        Character plain = OF_JSON.get(kind);
        if (plain == null) {
            return at;
        }
        put(at, plain.toString());
        return at + 2;
    }

    /** The bytes of one character of UTF-8. */
    private int address(int at) {
        int first = byteAt(at);
        int count = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            int value = byteAt(at + BYTE * i);
            if (value < 0) {
                return at;
            }
            bytes[i] = (byte) value;
        }
        put(at, new String(bytes, UTF_8));
        return at + BYTE * count;
    }

    private int byteAt(int at) {
        return at < written.length() && written.charAt(at) == '%'
                ? number(at + 1, at + BYTE, 16)
                : -1;
    }

    private int html(int at) {
        int end = written.indexOf(';', at, Math.min(written.length(), at + LONGEST_ENTITY));
        if (end < 0) {
            return at;
        }
        String named = OF_HTML.get(written.substring(at + 1, end));
        if (named != null) {
            put(at, named);
            return end + 1;
        }
        if (!written.startsWith("#", at + 1)) {
            return at;
        }
        boolean hex = written.regionMatches(true, at + 2, "x", 0, 1);
        int code = number(at + (hex ? 3 : 2), end, hex ? 16 : 10);
        if (!Character.isValidCodePoint(code)) {
            return at;
        }
        put(at, Character.toString(code));
        return end + 1;
    }

    /** The number that stands between two places; -1 where there is none. */
    private int number(int from, int to, int radix) {
        if (from >= to || to > written.length()) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(written.charAt(i), radix);
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return number;
    }
}
