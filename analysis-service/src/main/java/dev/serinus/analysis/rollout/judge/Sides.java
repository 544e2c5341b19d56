package dev.serinus.analysis.rollout.judge;

import dev.serinus.schemas.canary.Revision;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What both sides of a metric said, oldest first.
 *
 * @param canaryRequests requests in which the canary's events happened; empty where values are
 *     compared
 * @param otherRequests likewise of the other side
 * @param whole the samples are of the whole window; else of one moment
 * @param late how late samples of a whole window may be told
 * @param asked a digest of the question that they answer; null where the watcher did not say
 */
public record Sides(
        List<Sample> canary,
        List<Sample> other,
        List<Sample> canaryRequests,
        List<Sample> otherRequests,
        boolean whole,
        Duration late,
        @Nullable String asked) {

    /** Of one question. */
    public Sides(
            List<Sample> canary,
            List<Sample> other,
            List<Sample> canaryRequests,
            List<Sample> otherRequests,
            boolean whole,
            Duration late) {
        this(canary, other, canaryRequests, otherRequests, whole, late, null);
    }

    /** Told at once. */
    public Sides(
            List<Sample> canary,
            List<Sample> other,
            List<Sample> canaryRequests,
            List<Sample> otherRequests,
            boolean whole) {
        this(canary, other, canaryRequests, otherRequests, whole, Duration.ZERO);
    }

    /** Nothing yet. */
    static final Sides NONE = new Sides(List.of(), List.of(), List.of(), List.of(), false);

    public Sides {
        canary = List.copyOf(canary);
        other = List.copyOf(other);
        canaryRequests = List.copyOf(canaryRequests);
        otherRequests = List.copyOf(otherRequests);
    }

    /** The same with 0 for each value that is no number. */
    Sides zeroed() {
        return new Sides(
                zeroed(canary), zeroed(other), canaryRequests, otherRequests, whole, late, asked);
    }

    private static List<Sample> zeroed(List<Sample> samples) {
        return samples.stream()
                .map(one -> Double.isNaN(one.value()) ? new Sample(one.time(), 0) : one)
                .toList();
    }

    /** The numbers alone. */
    Sides numbers() {
        return new Sides(
                numbers(canary),
                numbers(other),
                numbers(canaryRequests),
                numbers(otherRequests),
                whole,
                late,
                asked);
    }

    private static List<Sample> numbers(List<Sample> samples) {
        return samples.stream().filter(one -> !Double.isNaN(one.value())).toList();
    }

    /** How many values of the canary are no numbers since then. */
    long notNumbers(Instant since) {
        return Stream.of(canary, canaryRequests)
                .flatMap(List::stream)
                .filter(one -> Double.isNaN(one.value()) && one.time().isAfter(since))
                .count();
    }

    /**
     * Until when the canary's values are told, numbers or not; empty where nothing of a whole
     * window is.
     */
    Optional<Instant> toldUntil() {
        return whole
                ? Stream.of(canary, canaryRequests)
                        .filter(samples -> !samples.isEmpty())
                        .map(samples -> samples.getLast().time())
                        .min(Comparator.naturalOrder())
                : Optional.empty();
    }

    /** Samples of all series. */
    int size() {
        return canary.size() + other.size() + canaryRequests.size() + otherRequests.size();
    }

    /** Those that were measured at this time or later. */
    Sides from(Instant begin) {
        return new Sides(
                from(canary, begin),
                from(other, begin),
                from(canaryRequests, begin),
                from(otherRequests, begin),
                whole,
                late,
                asked);
    }

    private static List<Sample> from(List<Sample> samples, Instant begin) {
        return samples.stream().filter(one -> !one.time().isBefore(begin)).toList();
    }

    /** Those that both sides answer with: requests where events are counted among them. */
    private Stream<List<Sample>> speaking() {
        return canaryRequests.isEmpty() && otherRequests.isEmpty()
                ? Stream.of(canary, other)
                : Stream.of(canaryRequests, otherRequests);
    }

    /**
     * When a side was heard last, of the one that was not for longer; empty where one never was.
     */
    Optional<Instant> heard() {
        return speaking().anyMatch(List::isEmpty)
                ? Optional.empty()
                : speaking()
                        .map(samples -> samples.getLast().time())
                        .min(Comparator.naturalOrder());
    }

    /** The least time between two samples of a side; nothing where there are no two. */
    Duration apart() {
        return speaking().flatMap(Sides::gaps).min(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    private static Stream<Duration> gaps(List<Sample> samples) {
        return IntStream.range(1, samples.size())
                .mapToObj(
                        place ->
                                Duration.between(
                                        samples.get(place - 1).time(), samples.get(place).time()));
    }

    /** These, and what was measured later; of each series the newest. */
    Sides and(Sides later, int most) {
        return new Sides(
                and(canary, later.canary, most),
                and(other, later.other, most),
                and(canaryRequests, later.canaryRequests, most),
                and(otherRequests, later.otherRequests, most),
                false,
                Duration.ZERO,
                later.asked == null ? asked : later.asked);
    }

    /** True where both are known to answer different questions. */
    boolean differs(Sides other) {
        return asked != null && other.asked != null && !asked.equals(other.asked);
    }

    private static List<Sample> and(List<Sample> before, List<Sample> later, int most) {
        List<Sample> all =
                Stream.concat(
                                before.stream(),
                                later.stream()
                                        .filter(one -> Double.isFinite(one.value()))
                                        .filter(
                                                one ->
                                                        before.isEmpty()
                                                                || one.time()
                                                                        .isAfter(
                                                                                before.getLast()
                                                                                        .time())))
                        .toList();
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    /**
     * SHA-256 of the samples: of a line for each, with the series' name (canary, other,
     * canaryRequests, otherRequests, in that order), the time in milliseconds and the value as Java
     * prints a double.
     */
    String digest() {
        var text = new StringBuilder();
        lines(text, "canary", canary);
        lines(text, "other", other);
        lines(text, "canaryRequests", canaryRequests);
        lines(text, "otherRequests", otherRequests);
        return Revision.digest(text.toString());
    }

    private static void lines(StringBuilder text, String series, List<Sample> samples) {
        for (Sample one : samples) {
            text.append(series)
                    .append(' ')
                    .append(one.time().toEpochMilli())
                    .append(' ')
                    .append(one.value())
                    .append('\n');
        }
    }
}
