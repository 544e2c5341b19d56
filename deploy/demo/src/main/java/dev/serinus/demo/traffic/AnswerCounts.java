package dev.serinus.demo.traffic;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the users of the application got: answers by version, good and bad. */
public final class AnswerCounts {

    private record Answer(String version, boolean good) {}

    private final Map<Answer, LongAdder> answers = new ConcurrentHashMap<>();

    /** Counts as {@code version} when no pod answered at all. */
    public static final String NOBODY = "nobody";

    void count(String version, boolean good) {
        answers.computeIfAbsent(new Answer(version, good), _ -> new LongAdder()).increment();
    }

    /** How many answers of one version were good, and how many there were. */
    public record Count(long good, long all) {
        Count plus(Count other) {
            return new Count(good + other.good, all + other.all);
        }

        public long bad() {
            return all - good;
        }
    }

    /** The answers so far, by version. */
    public Map<String, Count> byVersion() {
        Map<String, Count> counts = new TreeMap<>();
        answers.forEach(
                (answer, adder) -> {
                    long number = adder.sum();
                    counts.merge(
                            answer.version(),
                            new Count(answer.good() ? number : 0, number),
                            Count::plus);
                });
        return counts;
    }

    /** All answers so far. */
    public Count total() {
        return byVersion().values().stream().reduce(new Count(0, 0), Count::plus);
    }
}
