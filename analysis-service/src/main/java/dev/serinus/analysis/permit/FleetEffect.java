package dev.serinus.analysis.permit;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** What rollouts are told. */
public sealed interface FleetEffect {

    /** cluster/namespace/name. */
    String canary();

    /** UID of the Canary object; empty where it is not known. */
    String uid();

    /** With which it asked; 0 where it did not. */
    long step();

    /** It has its place in all of its budgets. */
    record Granted(String canary, String uid, long step) implements FleetEffect {}

    /**
     * It waits.
     *
     * @param place among those that wait for the same, from 1
     * @param because the budget that is full, how many use it, and the first of these; or who is to
     *     be promoted first, and how far that is
     * @param behind the canary that is to be promoted first; null where it is a budget
     * @param until when it is to ask again, since that alone is waited for; null where it is told
     */
    record Placed(
            String canary,
            String uid,
            long step,
            int place,
            String because,
            @Nullable String behind,
            @Nullable Instant until)
            implements FleetEffect {

        /** One that waits for a budget. */
        public Placed(String canary, String uid, long step, int place, String because) {
            this(canary, uid, step, place, because, null, null);
        }
    }

    /**
     * It could be promoted, and waits for the others of its group.
     *
     * @param because whom it waits for
     * @param until when it is to ask again, since that alone is waited for; null where it is told
     */
    record GroupWaits(String canary, String uid, long step, String because, @Nullable Instant until)
            implements FleetEffect {}

    /** All of its group could be promoted: it may. */
    record GroupOpened(String canary, String uid, long step) implements FleetEffect {}

    /** Another of its group failed: it is taken back. */
    record GroupFailed(String canary, String uid, long step, String because)
            implements FleetEffect {}

    /** Others wait for it: it is to tell how far it is. */
    record AskStanding(String canary) implements FleetEffect {
        @Override
        public String uid() {
            return "";
        }

        @Override
        public long step() {
            return 0;
        }
    }
}
