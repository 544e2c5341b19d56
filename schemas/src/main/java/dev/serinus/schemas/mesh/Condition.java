package dev.serinus.schemas.mesh;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A kind of condition that a mesh can route by.
 *
 * @param field of an entry of {@code analysis.match}: {@code headers}, {@code queryParams} or
 *     {@code sourceLabels}
 * @param matchers the ways in which a value can be compared
 */
public record Condition(String field, Set<Matcher> matchers) {

    /** A way to compare a value, by its name in a manifest. */
    public enum Matcher {
        EXACT,
        PREFIX,
        SUFFIX,
        REGEX;

        /** The word for it in a manifest. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Condition {
        matchers = Set.copyOf(matchers);
    }

    /** Any comparison that the Canary's schema knows. */
    static Condition any(String field) {
        return new Condition(field, EnumSet.allOf(Matcher.class));
    }

    static Condition by(String field, Matcher... matchers) {
        return new Condition(field, Set.of(matchers));
    }

    /** True when some comparison that the Canary's schema knows is none that the mesh knows. */
    public boolean isLimited() {
        return matchers.size() < Matcher.values().length;
    }

    /** The words of the comparisons it knows, such as "exact or regex". */
    public String words() {
        return String.join(
                " or ",
                Arrays.stream(Matcher.values())
                        .filter(matchers::contains)
                        .map(Matcher::word)
                        .toList());
    }
}
