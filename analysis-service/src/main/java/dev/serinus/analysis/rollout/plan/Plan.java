package dev.serinus.analysis.rollout.plan;

import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.canary.Weight;

import java.util.ArrayList;
import java.util.List;

/**
 * The stops a strategy leads through, worked out once when a run begins, in Flagger 1.44's order.
 */
public final class Plan {

    /** Iterations that Flagger takes for a provider without routes when none are given. */
    public static final int ITERATIONS_WITHOUT_ROUTES = 10;

    /** In a longer plan checks that are alike are kept as one; a shorter one as it always was. */
    private static final int SHORT = 1_000;

    /** Admission refuses more; a record that says more all the same gets no more. */
    public static final int MOST_CHECKS = ManifestLimits.MOST_CHECKS;

    private Plan() {}

    /** True for one that an earlier release could neither keep nor read. */
    public static boolean isLong(List<Stop> stops) {
        return stops.size() > SHORT;
    }

    /**
     * The stops of a strategy, in order; after the last one comes the promotion.
     *
     * @param routes false for a provider without routes, whose apex always leads to the primary
     */
    public static List<Stop> of(Strategy strategy, boolean routes) {
        if (strategy.movesWeights() && routes) {
            return lasting(Math.min(strategy.iterations(), MOST_CHECKS), weights(strategy));
        }
        int iterations =
                strategy.iterations() > 0
                        ? Math.min(strategy.iterations(), MOST_CHECKS)
                        : ITERATIONS_WITHOUT_ROUTES;
        return strategy.matched() && routes
                ? matched(iterations)
                : blueGreen(iterations, strategy, routes);
    }

    private static List<Stop> weights(Strategy strategy) {
        List<Stop> stops = new ArrayList<>();
        if (strategy.mirror()) {
            mirrors(strategy, strategy.matched())
                    .forEach(split -> stops.add(new Stop(split, 0, 0, Stop.Kind.WEIGHT)));
        }
        if (strategy.stepWeight().isAny()) {
            Weight weight = Weight.NONE;
            do {
                weight = weight.plus(strategy.stepWeight()).atMost(Weight.ALL);
                stops.add(at(weight, strategy));
            } while (strategy.maxWeight().atMost(Weight.ALL).isAbove(weight));
        } else {
            strategy.stepWeights().stream()
                    .map(weight -> weight.atMost(Weight.ALL))
                    .filter(Weight::isAny) // a first weight of 0 would hold Flagger for ever
                    .forEach(weight -> stops.add(at(weight, strategy)));
        }
        return stops;
    }

    /** The splits at which requests are copied, from the first share of them to the last. */
    private static List<Split> mirrors(Strategy strategy, boolean matched) {
        var copies = strategy.copies();
        return copies == null
                ? List.of(new Split(Weight.NONE, true, matched))
                : copies.shares().stream().map(share -> Split.copying(share, matched)).toList();
    }

    /** So many stops in all, the last of them at the last weight; all as they are for 0. */
    private static List<Stop> lasting(int iterations, List<Stop> weights) {
        if (iterations == 0 || weights.isEmpty()) {
            return weights;
        }
        List<Stop> stops = new ArrayList<>();
        for (int i = 0; i < Math.max(iterations, weights.size()); i++) {
            var at = weights.get(Math.min(i, weights.size() - 1));
            stops.add(new Stop(at.split(), i + 1, iterations, at.kind()));
        }
        return stops;
    }

    /**
     * The same stops with a share for the baseline at each weight: the canary's, as long as the
     * primary keeps no less. Above a third the two halve what the canary leaves, since a rollback
     * sends all of it to the primary.
     */
    public static List<Stop> besideBaseline(List<Stop> stops) {
        return stops.stream()
                .map(
                        stop ->
                                stop.kind() == Stop.Kind.WEIGHT
                                        ? stop.with(
                                                stop.split()
                                                        .beside(
                                                                baseline(
                                                                        stop.split()
                                                                                .canaryWeight())))
                                        : stop)
                .toList();
    }

    /** In whole percent where the canary's is. */
    private static Weight baseline(Weight canary) {
        int half = canary.rest().basisPoints() / 2;
        var most = canary.isWhole() ? Weight.percent(half / 100) : new Weight(half);
        return canary.atMost(most);
    }

    private static Stop at(Weight weight, Strategy strategy) {
        return new Stop(new Split(weight, false, strategy.matched()), 0, 0, Stop.Kind.WEIGHT);
    }

    private static List<Stop> matched(int iterations) {
        List<Stop> stops = new ArrayList<>();
        for (int i = 1; i <= iterations; i++) {
            stops.add(
                    new Stop(
                            new Split(Weight.ALL, false, true),
                            i,
                            iterations,
                            Stop.Kind.ITERATION));
        }
        return stops;
    }

    private static List<Stop> blueGreen(int iterations, Strategy strategy, boolean routes) {
        List<Stop> stops = new ArrayList<>();
        List<Split> splits =
                strategy.mirror() && routes ? mirrors(strategy, false) : List.of(Split.PRIMARY);
        for (int i = 1; i <= iterations; i++) {
            var split = splits.get(Math.min(i, splits.size()) - 1);
            stops.add(new Stop(split, i, iterations, Stop.Kind.ITERATION));
        }
        // Without routes there is nothing to switch, but as in Flagger the canary is judged once
        // more.
        Split last = routes ? Split.of(100) : Split.PRIMARY;
        stops.add(new Stop(last, iterations + 1, iterations, Stop.Kind.SWITCH));
        return stops;
    }
}
