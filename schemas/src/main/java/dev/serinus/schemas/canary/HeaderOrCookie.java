package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Conditions as NGINX has them: one header and one cookie, either of which is enough. Of more
 * Flagger takes the last, so that others than those who match meet the canary.
 *
 * @param header name of the header; null when a cookie decides alone
 * @param value that the header has; null when {@code pattern} says
 * @param pattern a regular expression that is found in the header's value
 * @param cookie name of the cookie, whose value is {@code always}; null when a header decides alone
 */
public record HeaderOrCookie(
        @Nullable String header,
        @Nullable String value,
        @Nullable String pattern,
        @Nullable String cookie) {

    private static final String COOKIE = "cookie";
    private static final String EXACT = "exact";
    private static final String REGEX = "regex";
    private static final Pattern SPECIAL = Pattern.compile("[^A-Za-z0-9_ -]");

    /**
     * What NGINX's ingress controller takes in names and values, and in patterns. What has anything
     * else it forgets, and asks for the value {@code always} instead.
     */
    private static final Pattern UNKNOWN_IN_VALUE = Pattern.compile("[^-/._~a-zA-Z0-9: ]");

    private static final Pattern UNKNOWN_IN_PATTERN =
            Pattern.compile("[^-/._~a-zA-Z0-9:^$\\[\\](){}*+?|&=\\\\]");

    /** A header of an entry, and how its value is compared. */
    private record Named(String path, String name, JsonNode matcher) {

        String exact() {
            return matcher.path(EXACT).asText();
        }

        /** Flagger's spelling of a cookie: its name, by the header that carries it. */
        boolean isCookie() {
            return name.equalsIgnoreCase(COOKIE) && matcher.has(EXACT);
        }

        boolean isSame(Named other) {
            return isCookie() ? exact().equals(other.exact()) : name.equalsIgnoreCase(other.name());
        }

        String asPattern() {
            return matcher.has(EXACT)
                    ? "^" + SPECIAL.matcher(exact()).replaceAll("\\\\$0") + "$"
                    : matcher.path(REGEX).asText();
        }
    }

    /**
     * What an analysis' conditions come to.
     *
     * @param match {@code spec.analysis.match}
     * @param problem is told what cannot be expressed, by the path below that
     */
    public static HeaderOrCookie of(List<JsonNode> match, BiConsumer<String, String> problem) {
        IntStream.range(0, match.size())
                .filter(i -> match.get(i).path("headers").size() > 1)
                .forEach(
                        i ->
                                problem.accept(
                                        "[" + i + "].headers",
                                        "NGINX is content with either of two conditions: requests"
                                                + " that have one of them only would reach the"
                                                + " canary; leave all but one out"));
        var named =
                IntStream.range(0, match.size())
                        .boxed()
                        .flatMap(
                                i ->
                                        match.get(i).path("headers").properties().stream()
                                                .map(
                                                        it ->
                                                                new Named(
                                                                        "["
                                                                                + i
                                                                                + "].headers."
                                                                                + it.getKey(),
                                                                        it.getKey(),
                                                                        it.getValue())))
                        .toList();
        named.stream()
                .filter(it -> it.matcher().has(EXACT) && it.exact().isEmpty())
                .forEach(
                        it ->
                                problem.accept(
                                        it.path(),
                                        "must not be empty: NGINX takes that for any value"));
        var cookies = named.stream().filter(Named::isCookie).toList();
        var headers = named.stream().filter(it -> !it.isCookie()).toList();
        onlyOne(cookies, COOKIE, problem);
        onlyOne(headers, "header", problem);
        String cookie = cookies.isEmpty() ? null : cookies.getFirst().exact();
        cookies.forEach(it -> unknown(it, UNKNOWN_IN_VALUE, it.exact(), problem));
        if (headers.isEmpty()) {
            return new HeaderOrCookie(null, null, null, cookie);
        }
        unknown(headers.getFirst(), UNKNOWN_IN_VALUE, headers.getFirst().name(), problem);
        var ways =
                headers.stream()
                        .filter(it -> it.isSame(headers.getFirst()))
                        .map(Named::matcher)
                        .distinct()
                        .toList();
        var first = headers.getFirst();
        if (ways.size() == 1 && first.matcher().has(EXACT)) {
            unknown(first, UNKNOWN_IN_VALUE, first.exact(), problem);
            return new HeaderOrCookie(first.name(), first.exact(), null, cookie);
        }
        headers.forEach(it -> unknown(it, UNKNOWN_IN_PATTERN, it.asPattern(), problem));
        return new HeaderOrCookie(
                first.name(), null, ways.size() == 1 ? first.asPattern() : any(headers), cookie);
    }

    private static void unknown(
            Named named, Pattern unknown, String text, BiConsumer<String, String> problem) {
        var found = unknown.matcher(text);
        if (found.find()) {
            boolean isPattern = unknown.equals(UNKNOWN_IN_PATTERN);
            problem.accept(
                    named.path(),
                    "NGINX's ingress controller takes no '%s' in %s, and would look for the value always instead; use letters, digits and %s only%s"
                            .formatted(
                                    found.group(),
                                    isPattern
                                            ? "a pattern, which several values of a header are too"
                                            : "a name or a value",
                                    isPattern
                                            ? "- / . _ ~ : ^ $ [ ] ( ) { } * + ? | & = \\"
                                            : "- / . _ ~ : and spaces",
                                    named.name().equalsIgnoreCase(COOKIE)
                                            ? ", or name a cookie (cookie: {exact: NAME}), with"
                                                    + " which who has NAME=always meets the canary"
                                            : ", or a regex with a dot in its place"));
        }
    }

    private static void onlyOne(
            List<Named> named, String what, BiConsumer<String, String> problem) {
        named.stream()
                .filter(it -> !it.isSame(named.getFirst()))
                .forEach(
                        it ->
                                problem.accept(
                                        it.path(),
                                        "NGINX can tell requests by one %s only, which is %s already; leave one of them out"
                                                .formatted(
                                                        what,
                                                        it.isCookie()
                                                                ? named.getFirst().exact()
                                                                : named.getFirst().name())));
    }

    /** One pattern for several values of one header. */
    private static String any(List<Named> headers) {
        return headers.stream()
                .map(Named::asPattern)
                .distinct()
                .map(pattern -> "(?:" + pattern + ")")
                .collect(Collectors.joining("|"));
    }
}
