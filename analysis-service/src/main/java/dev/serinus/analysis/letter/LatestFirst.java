package dev.serinus.analysis.letter;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Puts letters of several partitions, each of which is read from its end in steps, into one order:
 * the latest first. Those of one partition stay in the order in which they lie there. Nothing is
 * taken before each partition was read as far back as that. Pure: whoever uses it reads.
 */
final class LatestFirst<T> {

    private final Map<LetterPlaces.Partition, Rest<T>> partitions = new HashMap<>();
    private final List<T> taken = new ArrayList<>();
    private final int most;

    /**
     * With nothing read.
     *
     * @param most that are wanted, 1 or more
     */
    LatestFirst(int most) {
        this.most = most;
    }

    /** A letter that was read; what was unwanted has no value. */
    record Read<T>(long offset, Instant at, Optional<T> value) {}

    private record Wanted<T>(long offset, Instant at, T value) {}

    /** What is left of one partition. */
    private static final class Rest<T> {

        private final long begin;
        private long unreadTo;
        private @Nullable Instant readBackTo;
        private final Deque<Wanted<T>> latestFirst = new ArrayDeque<>();

        Rest(long begin, long unreadTo) {
            this.begin = begin;
            this.unreadTo = unreadTo;
        }

        boolean isRead() {
            return unreadTo <= begin;
        }

        /** Behind the next that is to be taken. */
        long end() {
            var next = latestFirst.peekFirst();
            return next == null ? Math.max(begin, unreadTo) : next.offset() + 1;
        }
    }

    /** A partition, of which these offsets are to be read: from the first to before the second. */
    void add(LetterPlaces.Partition place, long begin, long end) {
        partitions.put(place, new Rest<>(begin, end));
    }

    /** True where all that is wanted was taken. */
    boolean isEnough() {
        take();
        return taken.size() >= most || unread().isEmpty();
    }

    /** Those of which more has to be read before the next can be taken. */
    List<LetterPlaces.Partition> unread() {
        return partitions.entrySet().stream()
                .filter(each -> each.getValue().latestFirst.isEmpty() && !each.getValue().isRead())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The offset behind the next that is to be read. */
    long unreadTo(LetterPlaces.Partition place) {
        return rest(place).unreadTo;
    }

    /** The first that is to be read. */
    long begin(LetterPlaces.Partition place) {
        return rest(place).begin;
    }

    /**
     * What was read of a partition, in its order: all that lies from there to where it was read to
     * before.
     */
    void read(LetterPlaces.Partition place, long from, List<Read<T>> letters) {
        var rest = rest(place);
        rest.unreadTo = from;
        letters.stream()
                .map(Read::at)
                .min(Comparator.naturalOrder())
                .ifPresent(at -> rest.readBackTo = at);
        for (Read<T> each : letters.reversed()) {
            each.value()
                    .ifPresent(
                            value ->
                                    rest.latestFirst.addLast(
                                            new Wanted<>(each.offset(), each.at(), value)));
        }
    }

    /** Those that were taken, the latest first. */
    List<T> taken() {
        return List.copyOf(taken);
    }

    /** From where to go on; empty where there is nothing any more. */
    Optional<LetterPlaces> next() {
        Map<LetterPlaces.Partition, Long> ends = new HashMap<>();
        partitions.forEach(
                (place, rest) -> {
                    if (rest.end() > rest.begin) {
                        ends.put(place, rest.end());
                    }
                });
        return ends.isEmpty() ? Optional.empty() : Optional.of(new LetterPlaces(ends));
    }

    /** Until when all that is wanted was found; null where nothing was read yet. */
    @Nullable Instant lookedBackTo() {
        Instant latest = null;
        for (Rest<T> rest : partitions.values()) {
            if (rest.isRead()) {
                continue;
            }
            if (rest.readBackTo == null) {
                return null;
            }
            latest = latest == null || rest.readBackTo.isAfter(latest) ? rest.readBackTo : latest;
        }
        return latest;
    }

    private void take() {
        while (taken.size() < most) {
            Rest<T> latest = null;
            for (Rest<T> rest : partitions.values()) {
                var next = rest.latestFirst.peekFirst();
                if (next != null && (latest == null || next.at().isAfter(at(latest)))) {
                    latest = rest;
                }
            }
            if (latest == null || mayBeLater(at(latest))) {
                return;
            }
            taken.add(latest.latestFirst.removeFirst().value());
        }
    }

    /** True where an unread letter may be later than this. */
    private boolean mayBeLater(Instant at) {
        return unread().stream()
                .map(place -> rest(place).readBackTo)
                .anyMatch(readBackTo -> readBackTo == null || readBackTo.isAfter(at));
    }

    private static <T> Instant at(Rest<T> rest) {
        return Objects.requireNonNull(rest.latestFirst.peekFirst()).at();
    }

    private Rest<T> rest(LetterPlaces.Partition place) {
        return Objects.requireNonNull(partitions.get(place), "it was added");
    }
}
