package dev.serinus.analysis.permit;

/** What rollouts are told. */
public sealed interface FleetEffect {

    /** cluster/namespace/name. */
    String canary();

    /** UID of the Canary object. */
    String uid();

    /** With which it asked. */
    long step();

    /** It has its place in all of its budgets. */
    record Granted(String canary, String uid, long step) implements FleetEffect {}

    /**
     * It waits.
     *
     * @param place among those that wait for the same budget, from 1
     * @param because the budget that is full, how many use it, and the first of these
     */
    record Placed(String canary, String uid, long step, int place, String because)
            implements FleetEffect {}
}
