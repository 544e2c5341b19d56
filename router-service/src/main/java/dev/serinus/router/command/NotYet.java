package dev.serinus.router.command;

import dev.serinus.router.objects.Refusal;

import java.time.Duration;

/**
 * The rest of an order has to wait for the cluster or for data planes. Whoever carries out orders
 * waits without the canary's lock, so that what somebody changes meanwhile is repaired at once, and
 * has the same order carried out again: what is known then is what the rest is judged by. It
 * carries no stack trace and is caught in one place.
 */
final class NotYet extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ActionResult done;
    private final transient Wait wait;

    /** What is waited for. */
    sealed interface Wait {

        /**
         * Pods that go have to stay until data planes had time to follow what was written last; all
         * else of the order is done.
         *
         * @param left how long that takes at most
         */
        record BeforePodsGo(Duration left) implements Wait {}

        /**
         * A route is on its way to other backends, and goes on when data planes had time to follow.
         *
         * @param left how long that takes at most
         */
        record OnTheWay(Duration left) implements Wait {}

        /**
         * The cluster is about to show what was written, or is not.
         *
         * @param look waits for it
         * @param otherwise the answer when it does not
         */
        record UntilShown(Look look, Refusal otherwise) implements Wait {}
    }

    /** Waits a moment for the cluster to show something. */
    @FunctionalInterface
    interface Look {
        /** True once the cluster shows it; false when that takes too long. */
        boolean isShown() throws InterruptedException;
    }

    /**
     * @param done what of the order is done
     */
    NotYet(Wait wait, ActionResult done, String because) {
        super(because, null, false, false);
        this.wait = wait;
        this.done = done;
    }

    /** Until the cluster shows what was written. */
    static NotYet shown(Look look, ActionResult done, Refusal otherwise) {
        return new NotYet(new Wait.UntilShown(look, otherwise), done, otherwise.because());
    }

    /** The same, with what was done before. */
    NotYet after(ActionResult before) {
        return new NotYet(wait, done.after(before), because());
    }

    ActionResult done() {
        return done;
    }

    Wait waitsFor() {
        return wait;
    }

    /** In a sentence. */
    String because() {
        return String.valueOf(getMessage());
    }
}
