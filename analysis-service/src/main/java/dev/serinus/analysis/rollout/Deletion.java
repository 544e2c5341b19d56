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

    /** The news that the object is gone may be faster than the router's that it let go. */
    static TransitionBuilder gone(TransitionBuilder t) {
        boolean known = t.now().spec() != null && !(t.stage() instanceof Stage.Terminated);
        return (known ? restored(t) : t).with(new Stage.Gone());
    }
}
