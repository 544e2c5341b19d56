package dev.serinus.schemas.template;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The functions that Go's templates have built in, as far as queries use them, and two of our own:
 * {@code quote} makes any text a PromQL string, and {@code quoteRegex} a pattern that matches just
 * this text.
 */
final class Functions {

    private static final Pattern REGEX_SPECIAL = Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]");

    private static final Set<String> WRITING =
            Set.of("print", "println", "printf", "html", "js", "urlquery", "quote", "quoteRegex");

    private Functions() {}

    /** Calls a function; an {@link IllegalArgumentException} says what its caller did wrong. */
    static @Nullable Object call(String name, List<@Nullable Object> args) {
        return switch (name) {
            case "and" -> firstOrLast(name, args, false);
            case "or" -> firstOrLast(name, args, true);
            case "not" -> !isTrue(only(name, args));
            case "len" -> length(only(name, args));
            case "index" -> index(args);
            case "slice" -> slice(args);
            case "print" -> print(args);
            case "println" -> println(args);
            case "printf" -> Printf.format(args);
            case "html" -> bounded(html(print(args)));
            case "js" -> bounded(js(print(args)));
            case "urlquery" ->
                    bounded(
                            URLEncoder.encode(print(args), StandardCharsets.UTF_8)
                                    .replace("*", "%2A")
                                    .replace("%7E", "~"));
            case "quote" -> bounded(Printf.quoted(text(only(name, args))));
            case "quoteRegex" ->
                    bounded(REGEX_SPECIAL.matcher(text(only(name, args))).replaceAll("\\\\$0"));
            case "eq" -> {
                atLeastTwo(name, args);
                yield args.stream().skip(1).anyMatch(other -> same(args.getFirst(), other));
            }
            case "ne" -> !same(two(name, args).getFirst(), args.get(1));
            case "lt" -> order(two(name, args)) < 0;
            case "le" -> order(two(name, args)) <= 0;
            case "gt" -> order(two(name, args)) > 0;
            case "ge" -> order(two(name, args)) >= 0;
            default -> throw new IllegalArgumentException("function \"" + name + "\" not defined");
        };
    }

    /** True for {@code and} and {@code or}, which look no further than to what decides. */
    static boolean isLazy(String function) {
        return function.equals("and") || function.equals("or");
    }

    /** True for the operand at which such a function ends. */
    static boolean decides(String lazy, @Nullable Object operand) {
        return isTrue(operand) == lazy.equals("or");
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;")
                .replace('\0', '\uFFFD');
    }

    private static String js(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || c == '\'' || c == '"') {
                out.append('\\').append(c);
            } else if (c < ' ' || "<>&=".indexOf(c) >= 0) {
                out.append("\\u").append(HexFormat.of().withUpperCase().toHexDigits(c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** True for a function that writes its arguments as texts, whatever it gives of them. */
    static boolean writesText(String function) {
        return WRITING.contains(function);
    }

    /** How many characters {@link #text} would give, 1 for what is short. */
    static long written(@Nullable Object value) {
        return switch (value) {
            case String text -> text.length();
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .mapToLong(
                                    each -> 2 + written(each.getKey()) + written(each.getValue()))
                            .sum();
            case null, default -> 1;
        };
    }

    static boolean isTrue(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean truth -> truth;
            case String text -> !text.isEmpty();
            case Long number -> number != 0;
            case Double number -> number != 0;
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    /** The value as Go prints it. */
    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "<no value>";
            case Double number -> GoFloats.shortest(number);
            case Map<?, ?> map -> map(map);
            default -> value.toString();
        };
    }

    private static String map(Map<?, ?> map) {
        var out = new BoundedText().append("map[");
        String between = "";
        for (var entry : new TreeMap<Object, Object>(map).entrySet()) {
            out.append(between)
                    .append(text(entry.getKey()))
                    .append(":")
                    .append(text(entry.getValue()));
            between = " ";
        }
        return out.append("]").toString();
    }

    private static String bounded(String text) {
        return new BoundedText().append(text).toString();
    }

    private static @Nullable Object firstOrLast(
            String name, List<@Nullable Object> args, boolean truth) {
        if (args.isEmpty()) {
            throw new IllegalArgumentException("missing argument for " + name);
        }
        for (Object arg : args) {
            if (isTrue(arg) == truth) {
                return arg;
            }
        }
        return args.getLast();
    }

    private static long length(@Nullable Object value) {
        return switch (value) {
            case String text -> text.getBytes(StandardCharsets.UTF_8).length;
            case Map<?, ?> map -> map.size();
            case null, default -> throw new IllegalArgumentException("len of " + text(value));
        };
    }

    private static @Nullable Object index(List<@Nullable Object> args) {
        Object item = atLeastTwo("index", args).getFirst();
        for (Object key : args.subList(1, args.size())) {
            item =
                    switch (item) {
                        // Unlike a field, a missing key is empty.
                        case Map<?, ?> map -> Objects.requireNonNullElse(map.get(key), "");
                        case String text -> (long) text.charAt(position(key, text.length() - 1));
                        case null, default ->
                                throw new IllegalArgumentException(
                                        "can't index item of type " + text(item));
                    };
        }
        return item;
    }

    private static String slice(List<@Nullable Object> args) {
        if (!(atLeastTwo("slice", args).getFirst() instanceof String text) || args.size() > 3) {
            throw new IllegalArgumentException("slice takes a text and one or two positions");
        }
        int from = position(args.get(1), text.length());
        int to = args.size() == 3 ? position(args.get(2), text.length()) : text.length();
        if (from > to) {
            throw new IllegalArgumentException("invalid slice index: " + from + " > " + to);
        }
        return text.substring(from, to);
    }

    private static int position(@Nullable Object index, int last) {
        if (index instanceof Long position && position >= 0 && position <= last) {
            return Math.toIntExact(position);
        }
        throw new IllegalArgumentException("index out of range: " + text(index));
    }

    /** Like Go's Sprint: a space only between two values neither of which is a text. */
    private static String print(List<@Nullable Object> args) {
        var out = new BoundedText();
        for (int i = 0; i < args.size(); i++) {
            if (i > 0 && !(args.get(i) instanceof String) && !(args.get(i - 1) instanceof String)) {
                out.append(" ");
            }
            out.append(text(args.get(i)));
        }
        return out.toString();
    }

    private static String println(List<@Nullable Object> args) {
        var out = new BoundedText();
        String between = "";
        for (Object arg : args) {
            out.append(between).append(text(arg));
            between = " ";
        }
        return out.append("\n").toString();
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one != null && other != null && one.getClass() != other.getClass()) {
            throw new IllegalArgumentException("incompatible types for comparison");
        }
        return Objects.equals(one, other);
    }

    private static int order(List<@Nullable Object> args) {
        return switch (args.getFirst()) {
            case Long one when args.get(1) instanceof Long other -> one.compareTo(other);
            case Double one when args.get(1) instanceof Double other -> one.compareTo(other);
            case String one when args.get(1) instanceof String other -> one.compareTo(other);
            case null, default ->
                    throw new IllegalArgumentException("incompatible types for comparison");
        };
    }

    private static @Nullable Object only(String name, List<@Nullable Object> args) {
        if (args.size() != 1) {
            throw new IllegalArgumentException("wrong number of args for " + name + ": want 1");
        }
        return args.getFirst();
    }

    private static List<@Nullable Object> two(String name, List<@Nullable Object> args) {
        if (args.size() != 2) {
            throw new IllegalArgumentException("wrong number of args for " + name + ": want 2");
        }
        return args;
    }

    private static List<@Nullable Object> atLeastTwo(String name, List<@Nullable Object> args) {
        if (args.size() < 2) {
            throw new IllegalArgumentException("missing argument for " + name);
        }
        return args;
    }
}
