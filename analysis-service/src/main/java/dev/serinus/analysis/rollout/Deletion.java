package dev.serinus.analysis.rollout;

/** The Canary is being deleted: what was promoted last shall serve without it. */
final class Deletion {

    private Deletion() {}

    static TransitionBuilder restore(TransitionBuilder t) {
        var told =
                t.spec().restoresOnDeletion()
                        ? t.with(Phase.TERMINATING)
                                .normal("Terminating canary " + t.canary())
                                .happened("Terminating", "The Canary is being deleted.")
                        : t;
        return told.ask(new Question.Restore());
    }

    static TransitionBuilder restored(TransitionBuilder t) {
        var told = t.spec().restoresOnDeletion() ? t.normal("Terminated canary " + t.canary()) : t;
        return told.happened("Terminated", "Nothing of it is needed any more.")
                .with(new Stage.Terminated());
    }

    /**
     * The news that the object is gone may be faster than the router's that it let go.
     *
     * @param left the object is there, and another installation claims it
     */
    static TransitionBuilder gone(TransitionBuilder t, boolean left) {
        Rollout r = t.now();
        boolean isTold = r.spec() != null && !(t.stage() instanceof Stage.Terminated) && wasOurs(r);
        var told =
                !isTold
                        ? t
                        : left
                                ? t.happened(
                                        "Left",
                                        "Another installation claims it, and tells from now on what"
                                                + " happens to it.")
                                : restored(t);
        return told.with(left ? new Stage.Gone(true) : new Stage.Gone());
    }

    /** Of one that nobody claimed before others did nothing was done, and nothing told. */
    private static boolean wasOurs(Rollout r) {
        return r.manifest().claimed() || r.counters().sequence() > 0;
    }
}
