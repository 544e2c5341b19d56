package dev.serinus.analysis.keptgate;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Gates that load testers keep, read when they are asked for. Whatever stands in the way is {@link
 * LookupFailed}.
 */
public interface KeptGates {

    /**
     * How they stand.
     *
     * @param clusters in which gates are kept; in others no load tester keeps any
     * @param gates of each canary, those that were ever turned; others are closed
     */
    record Seen(Set<String> clusters, Map<CanaryKey, List<KeptGate>> gates) {
        public Seen {
            clusters = Set.copyOf(clusters);
            gates = Map.copyOf(gates);
        }
    }

    /** Those of the clusters that are wanted. */
    Seen read(Predicate<String> clusters);

    /**
     * Turns one, beside the other of its canary.
     *
     * @return false where it does not stand so afterwards: somebody else turned the same one at the
     *     same moment, or one of the two again and again
     */
    boolean turn(CanaryKey canary, KeptGate gate) throws InterruptedException;

    /** Where none are kept. */
    KeptGates NONE =
            new KeptGates() {
                @Override
                public Seen read(Predicate<String> clusters) {
                    return new Seen(Set.of(), Map.of());
                }

                @Override
                public boolean turn(CanaryKey canary, KeptGate gate) {
                    throw new LookupFailed("no gates are kept here");
                }
            };
}
