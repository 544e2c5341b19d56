package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Weight;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where traffic goes.
 *
 * @param canaryWeight the canary's share, of the matching requests where the analysis has
 *     conditions; the primary has what neither it nor the baseline has
 * @param mirrored the canary gets copies of the primary's requests
 * @param matched requests that match the analysis go to the canary, all others to the primary
 * @param baseline the share of the third workload, which runs what the primary does
 * @param copies how many of the primary's requests are copied; null where none are, and where the
 *     share is the one that the Canary says
 */
public record Split(
        Weight canaryWeight,
        boolean mirrored,
        boolean matched,
        Weight baseline,
        @Nullable Weight copies) {

    /** Everything to the primary. */
    public static final Split PRIMARY = of(Weight.NONE);

    public Split {
        if (!canaryWeight.equals(canaryWeight.ofTraffic())) {
            throw new IllegalArgumentException(
                    "a canary weight is 0 to 100 percent, was " + canaryWeight);
        }
        copies = mirrored ? copies : null;
        if (Weight.NONE.isAbove(baseline) || baseline.isAbove(canaryWeight.rest())) {
            throw new IllegalArgumentException(
                    "a baseline beside a canary of %s percent has 0 to %s, was %s"
                            .formatted(canaryWeight, canaryWeight.rest(), baseline));
        }
    }

    /** One without a baseline. */
    public Split(Weight canaryWeight, boolean mirrored, boolean matched) {
        this(canaryWeight, mirrored, matched, Weight.NONE, null);
    }

    /** A plain share of traffic. */
    public static Split of(Weight canaryWeight) {
        return new Split(canaryWeight, false, false);
    }

    /** A plain share of traffic in whole percent. */
    public static Split of(int percent) {
        return of(Weight.percent(percent));
    }

    /** The share that two weights make: neither side is left out while it has any. */
    public static Split ofWeights(long primary, long canary) {
        return ofShares((double) primary, (double) canary);
    }

    /** The same of weights that need not be whole numbers. */
    public static Split ofShares(double primary, double canary) {
        return of(Weight.ofParts(canary, primary));
    }

    /**
     * What each side weighs, in whole numbers.
     *
     * @param primary of all together
     */
    public record Shares(int primary, int canary, int baseline) {}

    /**
     * Of 100, or of 1,000 or 10,000 where less does not tell the split: some load balancers behind
     * an API take no more than 1,000.
     */
    public Shares shares() {
        boolean whole = canaryWeight.isWhole() && baseline.isWhole();
        boolean tenths = canaryWeight.basisPoints() % 10 == 0 && baseline.basisPoints() % 10 == 0;
        int unit = whole ? 100 : tenths ? 10 : 1;
        return new Shares(
                canaryWeight.rest().minus(baseline).basisPoints() / unit,
                canaryWeight.basisPoints() / unit,
                baseline.basisPoints() / unit);
    }

    /** The nearest that a mesh with whole percents can serve. */
    public Split inWholePercent() {
        return new Split(
                Weight.percent(canaryWeight.wholePercent()),
                mirrored,
                matched,
                Weight.NONE,
                copies);
    }

    /** The same with this share for the baseline. */
    public Split beside(Weight share) {
        return new Split(canaryWeight, mirrored, matched, share, copies);
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

    /** The share that a percent of copies shows; null where it shows none. */
    public static @Nullable Weight percentOf(JsonNode copies) {
        return copies.isNumber() ? Weight.nearest(copies.asDouble()).ofTraffic() : null;
    }

    /**
     * What two routes show of which one may be for those requests alone that match: they are
     * weighed, and all others are the primary's.
     */
    public static Split ofMatchingAndOthers(Split one, Split other) {
        var weighed = other.canaryWeight().isAbove(one.canaryWeight()) ? other : one;
        boolean isForOthers = !one.canaryWeight().isAny() || !other.canaryWeight().isAny();
        return weighed.matching(one.matched() || other.matched() || isForOthers);
    }

    /**
     * The same, of a list that may have a baseline besides.
     *
     * @param isBaseline true for an entry that leads to the baseline
     */
    public static Optional<Split> ofBackends(
            JsonNode backends,
            Predicate<JsonNode> isCanary,
            Predicate<JsonNode> isBaseline,
            long missing) {
        long baseline = sum(backends.valueStream().filter(isBaseline), missing);
        long all = sum(backends.valueStream(), missing);
        var share = Weight.ofParts((double) baseline, (double) (all - baseline));
        return ofBackends(backends, isCanary, missing)
                .map(it -> it.beside(share.atMost(it.canaryWeight().rest())));
    }

    private static long sum(Stream<JsonNode> backends, long missing) {
        return backends.mapToLong(it -> it.path("weight").asLong(missing)).sum();
    }

    /** The same for those requests alone that match, where any go to the canary. */
    public Split matching(boolean isMatching) {
        return new Split(
                canaryWeight, mirrored, isMatching && canaryWeight.isAny(), baseline, copies);
    }

    /** The same, with copies. */
    public Split mirroring(boolean isMirrored) {
        return new Split(canaryWeight, isMirrored, matched, baseline, copies);
    }

    /** The same, with copies of so many requests; null for as many as the Canary says. */
    public Split copying(@Nullable Weight share) {
        return new Split(canaryWeight, mirrored, matched, baseline, share);
    }

    /** True when any request, or a copy of one, reaches the canary. */
    public boolean reachesCanary() {
        return canaryWeight.isAny() || mirrored;
    }

    /** True when any request, or a copy of one, goes elsewhere than to the primary. */
    public boolean leavesPrimary() {
        return reachesCanary() || baseline.isAny();
    }

    /** True when the primary serves any request. */
    public boolean reachesPrimary() {
        return canaryWeight.rest().isAbove(baseline) || matched;
    }
}
