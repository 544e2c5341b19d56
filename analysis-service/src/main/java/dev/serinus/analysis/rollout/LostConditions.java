package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.plan.Split;

/**
 * A run that leads to the canary only who matches, of a manifest that has no conditions any more:
 * what was for some would be for everybody. The router writes no such route, and has everybody at
 * the primary; the run begins anew, by the manifest as it is now.
 */
final class LostConditions {

    private LostConditions() {}

    /** True where the run cannot go on as it was planned. */
    static boolean stop(Rollout r) {
        return switch (r.stage().part()) {
            case START -> isPlanned(r);
            case ANALYSIS -> !r.promoting() && (waits(r) ? isToRetreat(r) : isPlanned(r));
            case NONE, INITIALIZATION, REST, PROMOTION, ROLLBACK, END, DELETION -> false;
        };
    }

    private static boolean isPlanned(Rollout r) {
        return !r.specInForce().strategy().matched()
                && r.run().stops().stream().anyMatch(stop -> stop.split().matched());
    }

    /** It goes on when people say so: what they hold is taken back, and not begun again. */
    private static boolean waits(Rollout r) {
        return r.held() || HeldFailure.isOn(r);
    }

    /**
     * Nothing of a suspended one is written, which leaves who matches where they are. Nor does
     * anybody go to a primary that does not serve: {@link Protection} leads them from there.
     */
    private static boolean isToRetreat(Rollout r) {
        Workload primary = r.primary();
        return !r.isSuspended()
                && primary != null
                && primary.serves()
                && (!possible(r).equals(r.traffic().split()) || leadsWhoMatches(r))
                && !(r.stage().question() instanceof Question.Retreat)
                && !(r.stage().question() instanceof Question.Rescue);
    }

    /** What was rescued goes back to a split that cannot be written any more. */
    private static boolean leadsWhoMatches(Rollout r) {
        return isPlanned(r)
                && r.stage().question() instanceof Question.Shift shift
                && Questions.split(r, shift).matched();
    }

    /** The present split, as far as it can be written by the manifest as it is now. */
    static Split possible(Rollout r) {
        var present = r.traffic().split();
        return present.matched() && !r.specInForce().strategy().matched() ? Split.PRIMARY : present;
    }

    /** What follows from that. */
    static TransitionBuilder followed(TransitionBuilder t) {
        var run = t.now().run();
        String gone =
                "spec.analysis.match of %s was taken out, or is nothing that its route can tell requests by"
                        .formatted(t.canary());
        if (t.stage().part() == Part.START || t.stage().question() instanceof Question.ScaleUp) {
            String words = gone + ": the run is planned anew";
            return t.with(run.planned(t.spec().stops())).normal(words);
        }
        if (waits(t.now())) {
            String words = gone + ": everybody goes to the primary";
            return t.warning(words)
                    .happened("Held", words)
                    .ask(new Question.Retreat(Part.ANALYSIS));
        }
        String words = gone + ": everybody goes to the primary, and the analysis starts over";
        return t.warning(words).happened("Restarted", words).then(new Next.Restart());
    }
}
