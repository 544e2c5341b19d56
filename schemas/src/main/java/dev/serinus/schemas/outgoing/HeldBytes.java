package dev.serinus.schemas.outgoing;

import dev.serinus.schemas.topic.CanaryKey;

/**
 * The bytes of answers that one call holds. What comes for a call that is over, such as one that
 * was given up while its answer was on its way, is not taken: nobody would give it back.
 */
final class HeldBytes implements Transport.Allowance {

    private final Quota quota;
    private final CanaryKey owner;
    private long held;
    private boolean over;

    HeldBytes(Quota quota, CanaryKey owner) {
        this.quota = quota;
        this.owner = owner;
    }

    @Override
    public synchronized boolean take(int more) {
        if (over || !quota.take(owner, more)) {
            return false;
        }
        held += more;
        return true;
    }

    /** Gives all of it back. */
    synchronized void end() {
        over = true;
        quota.give(owner, held);
        held = 0;
    }
}
