package dev.serinus.analysis.access;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses canaries by their labels, as {@code kubectl -l} does: {@code app=shop,tier!=db,env in
 * (a,b),team,!old}. All of it has to hold.
 *
 * @param text as it was written
 * @param conditions at least one
 */
public record LabelSelector(String text, List<Condition> conditions) {

    /** More says nobody by hand. */
    private static final int MOST = 32;

    private static final String KEY = "[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,315}[A-Za-z0-9])?";
    private static final String VALUE = "(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?";

    private static final Pattern IS =
            Pattern.compile("(%s)\\s*(=|==|!=)\\s*(%s)".formatted(KEY, VALUE));
    private static final Pattern IN =
            Pattern.compile(
                    "(%1$s)\\s+(in|notin)\\s*\\(\\s*(%2$s(?:\\s*,\\s*%2$s)*)\\s*\\)"
                            .formatted(KEY, VALUE));
    private static final Pattern HAS = Pattern.compile("(!?)\\s*(%s)".formatted(KEY));

    /** Commas that are in no brackets. */
    private static final Pattern BETWEEN = Pattern.compile(",(?![^()]*\\))");

    public LabelSelector {
        conditions = List.copyOf(conditions);
    }

    /**
     * What one label has to be.
     *
     * @param values of which it has to be one; empty for any
     * @param negated what is said must not hold
     */
    public record Condition(String key, Set<String> values, boolean negated) {

        public Condition {
            values = Set.copyOf(values);
        }

        /** As in Kubernetes, a label that is not there differs from every value. */
        boolean holds(Map<String, String> labels) {
            @Nullable String value = labels.get(key);
            boolean is = value != null && (values.isEmpty() || values.contains(value));
            return is != negated;
        }
    }

    /** Reads it; empty where it is none. */
    public static Optional<LabelSelector> parse(String text) {
        List<Condition> conditions = new ArrayList<>();
        for (String part : BETWEEN.split(text, -1)) {
            var condition = condition(part.strip());
            if (condition.isEmpty() || conditions.size() == MOST) {
                return Optional.empty();
            }
            conditions.add(condition.get());
        }
        return Optional.of(new LabelSelector(text, conditions));
    }

    /** What is said where it is none. */
    public static String mistake(String name, String text) {
        return "%s must be a label selector such as app=shop,tier!=db, was '%s'"
                .formatted(name, text)
                .strip();
    }

    private static Optional<Condition> condition(String part) {
        Matcher is = IS.matcher(part);
        if (is.matches()) {
            return Optional.of(
                    new Condition(group(is, 1), Set.of(group(is, 3)), group(is, 2).equals("!=")));
        }
        Matcher in = IN.matcher(part);
        if (in.matches()) {
            var values =
                    Stream.of(group(in, 3).split(",", -1))
                            .map(String::strip)
                            .collect(Collectors.toSet());
            return Optional.of(new Condition(group(in, 1), values, group(in, 2).equals("notin")));
        }
        Matcher has = HAS.matcher(part);
        return has.matches()
                ? Optional.of(new Condition(group(has, 2), Set.of(), group(has, 1).equals("!")))
                : Optional.empty();
    }

    private static String group(Matcher found, int group) {
        return Objects.requireNonNull(found.group(group), "a group that always matches");
    }

    /** Whether it chooses one, as far as that is known. */
    public enum Choice {
        YES,
        NO,
        UNKNOWN
    }

    /**
     * Chooses nobody by what is not known: one that may have a label is none that lacks it.
     *
     * @param labels null where they are not known
     */
    public Choice choice(@Nullable Map<String, String> labels) {
        if (labels == null) {
            return Choice.UNKNOWN;
        }
        return conditions.stream().allMatch(condition -> condition.holds(labels))
                ? Choice.YES
                : Choice.NO;
    }
}
