package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads label selectors and writes them as Kubernetes' own clients do: by key. */
final class LabelSelector {

    private static final String KEY = "[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?";
    private static final String VALUE = "[A-Za-z0-9_.-]*";

    private static final Pattern REQUIREMENT =
            Pattern.compile(
                    "\\s*(?:(?<absent>!)\\s*(?<absentkey>"
                            + KEY
                            + ")|(?<key>"
                            + KEY
                            + ")(?:\\s*(?<operator>==|=|!=|<|>)\\s*(?<value>"
                            + VALUE
                            + ")|\\s+(?<set>in|notin)\\s*\\((?<values>[^()]*)\\))?)\\s*");

    private record Requirement(String key, String written) {}

    private LabelSelector() {}

    /** The selector in its usual form; empty when it is none. */
    static Optional<String> normal(String selector) {
        List<Requirement> all = new ArrayList<>();
        if (selector.isBlank()) {
            return Optional.of("");
        }
        Matcher next = REQUIREMENT.matcher(selector);
        int at = 0;
        while (true) {
            next.region(at, selector.length());
            if (!next.lookingAt()) {
                return Optional.empty();
            }
            String written = written(next);
            if (written == null) {
                return Optional.empty();
            }
            all.add(new Requirement(key(next), written));
            at = next.end();
            if (at == selector.length()) {
                break;
            }
            if (selector.charAt(at++) != ',') {
                return Optional.empty();
            }
        }
        return Optional.of(
                all.stream()
                        .sorted(Comparator.comparing(Requirement::key))
                        .map(Requirement::written)
                        .collect(Collectors.joining(",")));
    }

    private static String key(Matcher next) {
        return next.group("absent") == null ? next.group("key") : next.group("absentkey");
    }

    private static @Nullable String written(Matcher next) {
        if (next.group("absent") != null) {
            return "!" + next.group("absentkey");
        }
        String key = next.group("key");
        if (next.group("operator") != null) {
            return key + next.group("operator") + next.group("value");
        }
        if (next.group("set") == null) {
            return key;
        }
        var values = new TreeSet<String>();
        for (String value : next.group("values").split(",", -1)) {
            if (!value.strip().matches(VALUE)) {
                return null;
            }
            values.add(value.strip());
        }
        return "%s %s (%s)".formatted(key, next.group("set"), String.join(",", values));
    }
}
