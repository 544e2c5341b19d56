package dev.serinus.analysis.rollout;

/** Where in its life a canary is: finer than the phase, one for each thing that is waited for. */
public enum Stage {
    /** No valid spec was seen yet. */
    UNKNOWN,
    /** The metric providers are asked whether they are there. */
    AVAILABILITY,
    /** Services and primary are being created. */
    INITIALIZING,
    /** The primary is to become ready for the first time. */
    FIRST_PRIMARY,
    /** It was not in time; it is still waited for, or for a newer template. */
    FIRST_PRIMARY_LATE,
    /** The primary that never became ready gets the target's newer template. */
    FIRST_COPY,
    /** The apex and the route are moved to the primary. */
    TAKING_OVER,
    /** Nothing to do until something changes. */
    RESTING,
    /** An edited manifest gets the Services it names, before routes lead to them. */
    RESHAPING,
    /** Hooks that confirm the rollout. */
    CONFIRM_ROLLOUT,
    /** The gate of the rollout is closed; asked again at the due time. */
    WAITING,
    /** The target is scaled up. */
    SCALING_UP,
    /** Traffic is taken from the canary before an analysis begins again. */
    RESETTING,
    /** The canary is to become ready. */
    CANARY_READY,
    /** The canary is ready; the primary is to become ready again before traffic is divided. */
    PRIMARY_AWAITED,
    /** Hooks before traffic. */
    PRE_ROLLOUT,
    /** Hooks before traffic failed; asked again at the due time. */
    PRE_ROLLOUT_AGAIN,
    /** Hooks that confirm more traffic. */
    CONFIRM_TRAFFIC,
    /** That gate is closed; asked again at the due time. */
    TRAFFIC_CLOSED,
    /** The split of the next stop is being set. */
    SHIFTING,
    /** The interval at a stop runs. */
    INTERVAL,
    /** Hooks that may demand a rollback. */
    ROLLBACK_HOOKS,
    /** Hooks of the analysis. */
    ROLLOUT_HOOKS,
    /** Metrics of the analysis. */
    METRICS,
    /** Hooks that confirm the promotion. */
    CONFIRM_PROMOTION,
    /** Traffic was taken from a canary that does not serve; it goes on when it serves again. */
    RETREATING,
    /** The same, and traffic is where it can be served. */
    RETREATED,
    /** Traffic goes to the canary because the primary does not serve. */
    RESCUING,
    /** The same, and the primary is to serve again. */
    RESCUED,
    /** The template is being copied to the primary. */
    COPYING,
    /** The primary is to become ready with the new template. */
    PRIMARY_READY,
    /** Traffic is moved back to the primary. */
    ROUTING_BACK,
    /** The interval between two steps back runs. */
    ROUTING_BACK_INTERVAL,
    /** Requests in flight get an interval to end. */
    DRAINING,
    /** The target is scaled down after a promotion. */
    SCALING_DOWN,
    /** A rollback waits for a primary that serves. */
    ROLLBACK_WAIT,
    /** A rollback takes traffic from the canary. */
    ROLLING_BACK,
    /** A rollback scales the target down. */
    ROLLBACK_SCALE,
    /** Hooks after the end. */
    POST_ROLLOUT,
    /** The state before Serinus is being restored. */
    RESTORING,
    /** Restored; the object is about to go. */
    TERMINATED,
    /** The object is gone. */
    GONE;

    /** True while a run is analysed and a newer revision starts it anew. */
    boolean analyses() {
        return compareTo(SCALING_UP) >= 0 && compareTo(RESCUED) <= 0;
    }

    /** True where the router's answer is waited for. */
    boolean awaitsRouter() {
        return switch (this) {
            case INITIALIZING,
                    RESHAPING,
                    FIRST_COPY,
                    TAKING_OVER,
                    SCALING_UP,
                    RESETTING,
                    SHIFTING,
                    RETREATING,
                    RESCUING ->
                    true;
            case COPYING, ROUTING_BACK, SCALING_DOWN, ROLLING_BACK, ROLLBACK_SCALE, RESTORING ->
                    true;
            default -> false;
        };
    }

    /** True where a webhook's answer is waited for. */
    boolean awaitsHook() {
        return switch (this) {
            case CONFIRM_ROLLOUT, PRE_ROLLOUT, CONFIRM_TRAFFIC, ROLLBACK_HOOKS, ROLLOUT_HOOKS ->
                    true;
            case CONFIRM_PROMOTION, POST_ROLLOUT -> true;
            default -> false;
        };
    }
}
