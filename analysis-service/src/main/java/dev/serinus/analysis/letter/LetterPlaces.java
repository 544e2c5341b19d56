package dev.serinus.analysis.letter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * From where letters before those that were looked at are to be looked for: of each partition the
 * offset behind the next one. A partition that is not named has none any more.
 */
public record LetterPlaces(Map<Partition, Long> ends) {

    /** Where the letters of a cluster lie. */
    public record Partition(String cluster, int number) implements Comparable<Partition> {
        @Override
        public int compareTo(Partition other) {
            int clusters = cluster.compareTo(other.cluster);
            return clusters == 0 ? Integer.compare(number, other.number) : clusters;
        }
    }

    public LetterPlaces {
        ends = Map.copyOf(ends);
    }

    /** As text: {@code eu/0/1204 eu/3/17}. */
    public String written() {
        List<String> all = new ArrayList<>();
        new TreeMap<>(ends)
                .forEach(
                        (place, end) ->
                                all.add(
                                        new LetterId(place.cluster(), place.number(), end)
                                                .toString()));
        return String.join(" ", all);
    }

    /** Empty where the text is none that was written. */
    public static Optional<LetterPlaces> read(String text) {
        Map<Partition, Long> ends = new HashMap<>();
        for (String each : text.split(" ", -1)) {
            var place = LetterId.parse(each);
            if (place.isEmpty()) {
                return Optional.empty();
            }
            ends.put(
                    new Partition(place.get().cluster(), place.get().partition()),
                    place.get().offset());
        }
        return Optional.of(new LetterPlaces(ends));
    }
}
