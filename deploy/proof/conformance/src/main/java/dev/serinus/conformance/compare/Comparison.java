package dev.serinus.conformance.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.serinus.conformance.recording.Recording;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What came of comparing a recording with the expected one.
 *
 * @param scenario both are of
 * @param unexpected differences that nobody declared, by facet; facets without any are absent
 * @param declared differences that are meant, by facet
 * @param used declared paths of this scenario alone at which something differs
 * @param stale declared paths at which nothing differs
 * @param requests of the actual one for each of the expected one's
 */
public record Comparison(
        String scenario,
        Map<Facet, List<String>> unexpected,
        Map<Facet, List<String>> declared,
        List<String> used,
        List<String> stale,
        double requests) {

    public Comparison {
        unexpected = Map.copyOf(unexpected);
        declared = Map.copyOf(declared);
        used = List.copyOf(used);
        stale = List.copyOf(stale);
    }

    /** Compares two recordings of one scenario. */
    public static Comparison of(Recording expected, Recording actual, Declarations meant) {
        List<Declarations.Declared> lines = meant.of(expected);
        var own = lines.stream().filter(Declarations.Declared::isForOne).toList();
        List<Declarations.Declared> stale = new ArrayList<>(own);
        Map<Facet, List<String>> unexpected = new EnumMap<>(Facet.class);
        Map<Facet, List<String>> declared = new EnumMap<>(Facet.class);
        Map<Facet, JsonNode> ours = Facets.of(actual);
        Facets.of(expected)
                .forEach(
                        (facet, theirs) -> {
                            var found =
                                    Differences.between(
                                            theirs,
                                            ours.getOrDefault(facet, MissingNode.getInstance()),
                                            facet.path());
                            for (String difference : found) {
                                boolean covered =
                                        lines.stream().anyMatch(line -> line.covers(difference));
                                (covered ? declared : unexpected)
                                        .computeIfAbsent(facet, _ -> new ArrayList<>())
                                        .add(difference);
                                stale.removeIf(line -> line.covers(difference));
                            }
                        });
        return new Comparison(
                expected.scenario(),
                unexpected,
                declared,
                paths(own.stream().filter(line -> !stale.contains(line))),
                paths(stale.stream()),
                actual.requestCount() / (double) Math.max(1, expected.requestCount()));
    }

    private static List<String> paths(Stream<Declarations.Declared> lines) {
        return lines.map(Declarations.Declared::path).distinct().sorted().toList();
    }

    /** True when nothing differs but what is declared, and all that is declared does. */
    public boolean agrees() {
        return unexpected.isEmpty() && stale.isEmpty();
    }

    /** The differences that nobody declared, and the declared ones that are none. */
    public List<String> complaints() {
        return complaints(Integer.MAX_VALUE);
    }

    /** As above, no more than so many of each facet. */
    public List<String> complaints(int most) {
        List<String> all = new ArrayList<>();
        for (Facet facet : Facet.values()) {
            unexpected.getOrDefault(facet, List.of()).stream().limit(most).forEach(all::add);
        }
        stale.forEach(path -> all.add(path + ": declared, but nothing differs"));
        return all;
    }

    /** One line: the facets that differ, with how many differences, and how many are declared. */
    public String summary() {
        var line = new StringBuilder(agrees() ? "ok" : "DIFFERS");
        for (Facet facet : Facet.values()) {
            int wrong = unexpected.getOrDefault(facet, List.of()).size();
            int right = declared.getOrDefault(facet, List.of()).size();
            if (wrong + right > 0) {
                line.append(' ').append(facet.path()).append(':').append(wrong);
                line.append(right == 0 ? "" : "+" + right + " declared");
            }
        }
        if (!stale.isEmpty()) {
            line.append(" declared but not so: ").append(stale);
        }
        return line.toString();
    }
}
