package dev.serinus.analysis.lookup;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks back along one partition, in steps from its end, for records that lie among others.
 *
 * @param found the oldest first
 * @param earlier from where to look for those before them; null where there is nothing earlier. It
 *     may be there though nothing was found: a look ends when it has taken long enough
 */
public record LookBack<T>(List<T> found, @Nullable Long earlier) {

    /** Records looked at before it is looked whether that is enough. */
    private static final long STEP = 5_000;

    /** Records looked at for one question: whoever wants more asks again. */
    private static final long MOST_LOOKED_AT = 40_000;

    public LookBack {
        found = List.copyOf(found);
    }

    private record Placed<T>(long offset, T value) {}

    /**
     * Looks.
     *
     * @param begin of what is wanted; what is kept no longer is not looked for
     * @param from what a look before said to be earlier; null for the end
     * @param most that are wanted, 1 or more
     * @param reader what a record says; empty where it is none that is wanted
     */
    public static <T> LookBack<T> along(
            TopicLookup lookup,
            TopicPartition place,
            long begin,
            @Nullable Long from,
            int most,
            Function<ConsumerRecord<byte[], byte[]>, Optional<T>> reader) {
        long first =
                Math.max(begin, lookup.begins(List.of(place)).getOrDefault(place, Long.MAX_VALUE));
        long end = lookup.ends(List.of(place)).getOrDefault(place, 0L);
        if (first >= end) {
            return new LookBack<>(List.of(), null);
        }
        long to = from == null ? end : Math.clamp(from, first, end);
        long last = Math.max(first, to - MOST_LOOKED_AT);
        List<Placed<T>> all = new ArrayList<>();
        while (to > last && all.size() < most) {
            long step = Math.max(last, to - STEP);
            List<Placed<T>> here = new ArrayList<>();
            lookup.read(
                    Map.of(place, step),
                    Map.of(place, to),
                    record ->
                            reader.apply(record)
                                    .ifPresent(
                                            value ->
                                                    here.add(
                                                            new Placed<>(record.offset(), value))));
            all.addAll(0, here);
            to = step;
        }
        var kept = all.subList(Math.max(0, all.size() - most), all.size());
        long reached = kept.size() < all.size() ? kept.getFirst().offset() : to;
        return new LookBack<>(
                kept.stream().map(Placed::value).toList(), reached > first ? reached : null);
    }
}
