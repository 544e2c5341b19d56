package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Stop;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * An edit in the middle of a run may shorten its plan, where the Canary says so: from the next
 * check on, which comes before the gate of the next step. So nobody meets the canary beyond what an
 * open gate covers.
 */
final class Shortening {

    private Shortening() {}

    /** With the shorter plan, where there is one. */
    static TransitionBuilder of(TransitionBuilder t) {
        Run run = t.now().run();
        if (!t.spec().ruled().shortens()
                || t.now().phase() != Phase.PROGRESSING
                || run.stays()
                || run.next().isEmpty()) {
            return t;
        }
        List<Stop> plan = plan(t.now());
        int passed = passed(t.now(), plan);
        int left = plan.size() - passed;
        int before = run.stops().size() - run.reached();
        if (left >= before || !kinds(run.stops()).containsAll(kinds(plan)) || plan.isEmpty()) {
            return t;
        }
        String words =
                "The plan of %s was edited: %d steps are left, instead of %d"
                        .formatted(t.canary(), left, before);
        return t.with(run.shortened(plan, passed)).normal(words).happened("PlanShortened", words);
    }

    /** A run that began without a baseline, or lost it, goes on without. */
    private static List<Stop> plan(Rollout r) {
        List<Stop> stops = r.specInForce().stops();
        return r.run().hasBaseline()
                ? stops
                : stops.stream().map(stop -> stop.with(stop.split().beside(null))).toList();
    }

    private static Set<Stop.Kind> kinds(List<Stop> stops) {
        Set<Stop.Kind> kinds = EnumSet.noneOf(Stop.Kind.class);
        stops.forEach(stop -> kinds.add(stop.kind()));
        return kinds;
    }

    /** How many of these stops are passed with the present one. */
    private static int passed(Rollout r, List<Stop> plan) {
        if (r.run().reached() == 0) {
            return 0;
        }
        var present = Exposure.of(r.traffic().split());
        int counted = r.traffic().iterations();
        int passed = 0;
        while (passed < plan.size() && isPassed(plan.get(passed), present, counted)) {
            passed++;
        }
        return passed;
    }

    private static boolean isPassed(Stop stop, Exposure present, int counted) {
        return switch (stop.kind()) {
            case WEIGHT ->
                    !Exposure.of(stop.split()).isAbove(present) && stop.iteration() <= counted;
            case ITERATION -> stop.iteration() <= counted;
            // All traffic before a promotion is a step of its own.
            case SWITCH, STAY -> false;
        };
    }
}
