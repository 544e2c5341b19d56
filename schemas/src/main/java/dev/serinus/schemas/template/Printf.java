package dev.serinus.schemas.template;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Go's printf for texts, whole numbers, doubles and booleans. */
final class Printf {

    private static final Pattern VERB =
            Pattern.compile("%([-+0 #]*)(\\d{0,4})(?:\\.(\\d{0,4}))?([%vsqdxXftgeT])");

    /** Of a precision with its point. */
    private static final int MOST_DIGITS = ".99".length();

    private static final int USUAL_DIGITS = 6;

    private Printf() {}

    static String format(List<@Nullable Object> args) {
        if (args.isEmpty() || !(args.getFirst() instanceof String pattern)) {
            throw new IllegalArgumentException("printf needs a format");
        }
        var out = new BoundedText();
        Matcher verb = VERB.matcher(pattern);
        int next = 1;
        int copied = 0;
        while (verb.find()) {
            String replacement;
            if (verb.group(4).equals("%")) {
                replacement = "%";
            } else if (next < args.size()) {
                replacement = one(verb, args.get(next++));
            } else {
                replacement = "%!" + verb.group(4) + "(MISSING)";
            }
            out.append(pattern.substring(copied, verb.start())).append(replacement);
            copied = verb.end();
        }
        return out.append(pattern.substring(copied)).toString();
    }

    private static String one(Matcher verb, @Nullable Object value) {
        String flags = verb.group(1);
        String width = verb.group(2);
        String precision = verb.group(3) == null ? "" : "." + verb.group(3);
        String text =
                switch (verb.group(4)) {
                    case "v", "s" -> cut(Functions.text(value), verb.group(3));
                    case "q" -> quoted(Functions.text(value));
                    default -> ofType(verb.group(4), flags, precision, value);
                };
        return padded(text, flags, width);
    }

    private static String ofType(
            String conversion, String flags, String precision, @Nullable Object value) {
        boolean whole = "dxX".contains(conversion);
        boolean fraction = "fe".contains(conversion);
        return switch (value) {
            case Boolean truth when conversion.equals("t") -> truth.toString();
            case Long number when whole ->
                    String.format(
                            Locale.ROOT,
                            "%"
                                    + (flags.contains("+") && conversion.equals("d") ? "+" : "")
                                    + conversion,
                            number);
            case Double number when fraction -> {
                // Each digit beyond what a double has costs much more than a character does.
                if (precision.length() > MOST_DIGITS) {
                    throw new IllegalArgumentException(
                            "printf writes at most 99 digits after the point");
                }
                int digits =
                        precision.isEmpty()
                                ? USUAL_DIGITS
                                : precision.length() == 1
                                        ? 0
                                        : Integer.parseInt(precision.substring(1));
                yield conversion.equals("f")
                        ? GoFloats.fixed(number, digits)
                        : GoFloats.exponent(number, digits);
            }
            case Double number when conversion.equals("g") -> GoFloats.shortest(number);
            case null, default -> "%!" + conversion + "(" + typed(value) + ")";
        };
    }

    /** A value that a verb has no use for, as Go shows it. */
    private static String typed(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case String text -> "string=" + text;
            case Long number -> "int=" + number;
            case Double number -> "float64=" + GoFloats.shortest(number);
            case Boolean truth -> "bool=" + truth;
            case Map<?, ?> map -> "map[string]string=" + Functions.text(map);
            default -> Functions.text(value);
        };
    }

    /** As Go's %q writes it, which is how PromQL reads it: no text ends the string early. */
    static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    private static String cut(String text, @Nullable String precision) {
        if (precision == null || precision.isEmpty()) {
            return text;
        }
        return text.substring(0, Math.min(text.length(), Integer.parseInt(precision)));
    }

    private static String padded(String text, String flags, String width) {
        int missing = width.isEmpty() ? 0 : Integer.parseInt(width) - text.length();
        if (missing <= 0) {
            return text;
        }
        if (flags.contains("-")) {
            return text + " ".repeat(missing);
        }
        boolean signed = text.startsWith("-") || text.startsWith("+");
        return flags.contains("0") && signed
                ? text.charAt(0) + "0".repeat(missing) + text.substring(1)
                : (flags.contains("0") ? "0" : " ").repeat(missing) + text;
    }
}
