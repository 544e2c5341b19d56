package dev.serinus.router.command;

import java.time.Duration;

/**
 * The rest of an order has to wait until data planes had time to follow what was written last.
 * Whoever carries out orders waits without the canary's lock, so that what somebody changes
 * meanwhile is repaired at once, and has the same order carried out again: what is known then is
 * what the rest is judged by. It carries no stack trace and is caught in one place.
 */
final class NotFollowedYet extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Duration left;
    private final transient ActionResult done;

    /**
     * @param left how long that takes at most
     * @param done what of the order is done
     */
    NotFollowedYet(Duration left, ActionResult done, String because) {
        super(because, null, false, false);
        this.left = left;
        this.done = done;
    }

    /** The same, with what was done before. */
    NotFollowedYet after(ActionResult before) {
        return new NotFollowedYet(left, done.after(before), because());
    }

    Duration left() {
        return left;
    }

    ActionResult done() {
        return done;
    }

    /** In a sentence. */
    String because() {
        return String.valueOf(getMessage());
    }
}
