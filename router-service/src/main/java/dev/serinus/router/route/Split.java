package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where traffic goes.
 *
 * @param canaryWeight the canary's share in percent, of the matching requests where the analysis
 *     has conditions; the primary has the rest
 * @param mirrored the canary gets copies of the primary's requests
 * @param matched requests that match the analysis go to the canary, all others to the primary
 */
public record Split(int canaryWeight, boolean mirrored, boolean matched) {

    /** Everything to the primary. */
    public static final Split PRIMARY = new Split(0, false, false);

    private static final int ALL = 100;

    public Split {
        if (canaryWeight < 0 || canaryWeight > ALL) {
            throw new IllegalArgumentException(
                    "a canary weight is 0 to 100 percent, was " + canaryWeight);
        }
    }

    /** A plain share of traffic. */
    public static Split of(int canaryWeight) {
        return new Split(canaryWeight, false, false);
    }

    /**
     * The share that two weights make, in whole percent: neither side is left out while it has any.
     */
    public static Split ofWeights(long primary, long canary) {
        return ofShares((double) primary, (double) canary);
    }

    /** The same of weights that need not be whole numbers. */
    public static Split ofShares(double primary, double canary) {
        if (canary <= 0) {
            return PRIMARY;
        }
        if (primary <= 0) {
            return of(ALL);
        }
        double share = ALL * canary / (primary + canary);
        return of(Math.clamp(Math.round(share), 1, ALL - 1));
    }

    /**
     * The share that the canary's entries have of a list of backends; empty where it has none.
     *
     * @param isCanary true for an entry that leads to the canary
     * @param missing the weight of an entry that says none
     */
    public static Optional<Split> ofBackends(
            JsonNode backends, Predicate<JsonNode> isCanary, long missing) {
        if (backends.valueStream().noneMatch(isCanary)) {
            return Optional.empty();
        }
        long canary = sum(backends.valueStream().filter(isCanary), missing);
        return Optional.of(ofWeights(sum(backends.valueStream(), missing) - canary, canary));
    }

    /**
     * What two routes show of which one may be for those requests alone that match: they are
     * weighed, and all others are the primary's.
     */
    public static Split ofMatchingAndOthers(Split one, Split other) {
        var weighed = one.canaryWeight() >= other.canaryWeight() ? one : other;
        boolean isForOthers = one.canaryWeight() == 0 || other.canaryWeight() == 0;
        return weighed.matching(one.matched() || other.matched() || isForOthers);
    }

    private static long sum(Stream<JsonNode> backends, long missing) {
        return backends.mapToLong(it -> it.path("weight").asLong(missing)).sum();
    }

    /** The same for those requests alone that match, where any go to the canary. */
    public Split matching(boolean isMatching) {
        return new Split(canaryWeight, mirrored, isMatching && canaryWeight > 0);
    }

    /** The same, with copies. */
    public Split mirroring(boolean isMirrored) {
        return new Split(canaryWeight, isMirrored, matched);
    }

    /** What is left for the primary's backend. */
    public int primaryWeight() {
        return ALL - canaryWeight;
    }

    /** True when any request, or a copy of one, reaches the canary. */
    public boolean reachesCanary() {
        return canaryWeight > 0 || mirrored;
    }

    /** True when the primary serves any request. */
    public boolean reachesPrimary() {
        return canaryWeight < ALL || matched;
    }
}
