package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.Waves.Seen;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What those of each namespace name take of the one record of an installation, in bytes as they are
 * written, at most. What is known of another is counted for who named it first.
 */
final class NamespaceSizes {

    private final Map<String, Integer> sizes = new TreeMap<>();
    private final Map<String, Integer> known = new TreeMap<>();
    private final Set<String> counted = new HashSet<>();

    NamespaceSizes(List<Seen> seen) {
        seen.forEach(each -> known.put(each.canary(), WavesRoom.of(each)));
    }

    /** Names one of whom nothing is known beside what it takes itself. */
    void countsItself(String canary) {
        counted.add(canary);
    }

    /** Adds what one takes, and what is known of those whom it names. */
    void add(String canary, int size, Stream<String> others) {
        int named =
                others.filter(counted::add)
                        .mapToInt(other -> known.getOrDefault(other, WavesRoom.ofUnknown(other)))
                        .sum();
        sizes.merge(WaveReason.name(canary), size + named, Integer::sum);
    }

    /**
     * The namespace that takes most, where it has more than its share or all have too much; empty
     * where there is room for all.
     */
    Optional<String> crowding(int mostOfOne, int mostOfAll) {
        int all = sizes.values().stream().mapToInt(Integer::intValue).sum();
        return sizes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(largest -> all > mostOfAll || largest.getValue() > mostOfOne)
                .map(Map.Entry::getKey);
    }
}
