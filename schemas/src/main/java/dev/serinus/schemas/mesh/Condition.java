package dev.serinus.schemas.mesh;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A kind of condition that a mesh can route by.
 *
 * @param field of an entry of {@code analysis.match} ({@code headers}, {@code queryParams} or
 *     {@code sourceLabels}) or of {@code service.match}
 * @param matchers the ways in which a value can be compared
 * @param reach how many of them a route holds, and what it does with the requests that match
 */
public record Condition(String field, Set<Matcher> matchers, Reach reach) {

    /** Whatever an entry of a match holds is handed on as it is written. */
    static final Condition EVERYTHING = any("*");

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

    /** What a route can do by conditions of a kind. */
    public enum Reach {
        /** As many entries as a manifest has, any of which is enough, and shares of who matches. */
        ANY_ENTRY,
        /** One entry, all of which counts; who matches goes to one side. */
        ONE_ENTRY,
        /** One header and one cookie, either of which is enough; who matches goes to one side. */
        EITHER
    }

    public Condition {
        matchers = Set.copyOf(matchers);
    }

    /** As many of them as a manifest has, each with all others of its entry. */
    public Condition(String field, Set<Matcher> matchers) {
        this(field, matchers, Reach.ANY_ENTRY);
    }

    /** Any comparison that the Canary's schema knows. */
    static Condition any(String field) {
        return new Condition(field, EnumSet.allOf(Matcher.class));
    }

    static Condition by(String field, Matcher... matchers) {
        return new Condition(field, Set.of(matchers));
    }

    static Condition either(String field, Matcher... matchers) {
        return new Condition(field, Set.of(matchers), Reach.EITHER);
    }

    static Condition whole(String field, Matcher... matchers) {
        return new Condition(field, Set.of(matchers), Reach.ONE_ENTRY);
    }

    /** True where all that match go to one side, and no share of them can. */
    public boolean leadsWhole() {
        return reach != Reach.ANY_ENTRY;
    }

    /** True when some comparison that the Canary's schema knows is none that the mesh knows. */
    public boolean hasLimits() {
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
