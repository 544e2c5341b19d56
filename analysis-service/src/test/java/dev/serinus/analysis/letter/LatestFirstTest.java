package dev.serinus.analysis.letter;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Letters of several partitions in one order. */
class LatestFirstTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    /** A letter of a partition at an offset. */
    private record Letter(int partition, long offset, Instant at, boolean wanted) {}

    /**
     * Whatever the sizes of pages and steps, every letter that is wanted comes once, the latest
     * first.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everyLetterComesOnceTheLatestFirst(long seed) {
        var random = new Random(seed);
        List<List<Letter>> partitions = new ArrayList<>();
        for (int partition = 0; partition < 4; partition++) {
            int number = partition;
            Instant[] at = {AT};
            partitions.add(
                    IntStream.range(0, random.nextInt(60))
                            .mapToObj(
                                    offset -> {
                                        at[0] = at[0].plusSeconds(random.nextInt(5));
                                        return new Letter(
                                                number, offset, at[0], random.nextInt(3) > 0);
                                    })
                            .toList());
        }

        List<Letter> found = new ArrayList<>();
        LetterPlaces from = null;
        do {
            var order = page(partitions, from, 1 + random.nextInt(9), random, Integer.MAX_VALUE);
            found.addAll(order.taken());
            from = order.next().orElse(null);
        } while (from != null);

        assertThat(found)
                .as("seed " + seed)
                .hasSize(
                        (int)
                                partitions.stream()
                                        .flatMap(List::stream)
                                        .filter(Letter::wanted)
                                        .count())
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(Comparator.comparing(Letter::at).reversed());
    }

    @Test
    void whereOneLookEndsTheNextGoesOn() {
        var random = new Random(1);
        List<Letter> rare =
                IntStream.range(0, 100)
                        .mapToObj(n -> new Letter(0, n, AT.plusSeconds(n), n == 3))
                        .toList();
        List<Letter> found = new ArrayList<>();
        LetterPlaces from = null;
        int looks = 0;
        do {
            var order = page(List.of(rare), from, 1, random, 5);
            found.addAll(order.taken());
            from = order.next().orElse(null);
            looks++;
        } while (from != null);

        assertThat(found).containsExactly(rare.get(3));
        assertThat(looks).isGreaterThan(3);
    }

    @Test
    void whereItGoesOnCanBeWritten() {
        var random = new Random(1);
        var order =
                page(
                        List.of(
                                List.of(
                                        new Letter(0, 0, AT, true),
                                        new Letter(0, 1, AT.plusSeconds(1), true)),
                                List.of(new Letter(1, 0, AT.plusSeconds(9), true))),
                        null,
                        2,
                        random,
                        100);

        var next = order.next().orElseThrow();
        assertThat(next.written()).isEqualTo("west/0/1");
        assertThat(LetterPlaces.read(next.written())).contains(next);
        assertThat(LetterPlaces.read("west/0")).isEmpty();
        assertThat(LetterPlaces.read("")).isEmpty();
    }

    private static LatestFirst<Letter> page(
            List<List<Letter>> partitions,
            @Nullable LetterPlaces from,
            int most,
            Random random,
            int steps) {
        var order = new LatestFirst<Letter>(most);
        for (int number = 0; number < partitions.size(); number++) {
            var place = new LetterPlaces.Partition("west", number);
            order.add(
                    place,
                    0,
                    from == null
                            ? partitions.get(number).size()
                            : from.ends().getOrDefault(place, 0L));
        }
        for (int step = 0; step < steps && !order.isEnough(); step++) {
            for (var place : order.unread()) {
                long to = order.unreadTo(place);
                long begin = Math.max(0, to - 1 - random.nextInt(6));
                order.read(
                        place,
                        begin,
                        partitions.get(place.number()).subList((int) begin, (int) to).stream()
                                .map(
                                        it ->
                                                new LatestFirst.Read<>(
                                                        it.offset(),
                                                        it.at(),
                                                        it.wanted()
                                                                ? Optional.of(it)
                                                                : Optional.<Letter>empty()))
                                .toList());
            }
        }
        return order;
    }
}
