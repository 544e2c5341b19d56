package dev.serinus.analysis.permit;

import dev.serinus.analysis.rollout.gate.Standing;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who waits for promotions of others, and what is known of these.
 *
 * @param waiting in the order in which they asked
 * @param seen those that they wait for and that were asked how far they are
 */
public record Waves(List<Holder> waiting, List<Seen> seen) {

    /** Where nobody waits. */
    static final Waves NONE = new Waves(List.of(), List.of());

    /**
     * A canary that others wait for.
     *
     * @param asked when it was asked how far it is
     * @param heard when it last told; null before it did
     * @param standing what it told; null before it did
     * @param since when it told first of its promotion; null while it told of none
     */
    public record Seen(
            String canary,
            Instant asked,
            @Nullable Instant heard,
            @Nullable Standing standing,
            @Nullable Instant since) {}

    public Waves {
        waiting = List.copyOf(waiting);
        seen = List.copyOf(seen);
    }

    Optional<Seen> of(String canary) {
        return seen.stream().filter(one -> one.canary().equals(canary)).findFirst();
    }

    Waves with(List<Holder> others) {
        return new Waves(others, seen);
    }

    Waves only(Predicate<Holder> these) {
        return with(waiting.stream().filter(these).toList());
    }

    Waves seeing(List<Seen> others) {
        return new Waves(waiting, others);
    }
}
