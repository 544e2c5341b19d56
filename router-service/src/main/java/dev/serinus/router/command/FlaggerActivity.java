package dev.serinus.router.command;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.workload.Primaries;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.cluster.Kind;

import java.time.Duration;
import java.time.Instant;

/**
 * Flagger, which may still be at work on a Canary that is to be taken over. Two controllers of one
 * canary undo each other, so nothing is written until it has kept still for longer than it ever
 * does in the middle of a run. One that rests writes nothing at all and cannot be seen.
 */
record FlaggerActivity(ActionContext context) {

    /** How the API server calls it, by the name of its program. */
    private static final String FLAGGER = "flagger";

    private static final int INTERVALS = 2;

    /**
     * @param primary of the Canary, as it was found
     */
    void refuseWhileAtWork(Order order, ClusterObject primary) {
        if (primary.annotation(Primaries.REVISION) != null) {
            return; // a primary of our own
        }
        var canary = order.canary();
        var ref = Kind.CANARY.named(order.namespace(), canary.getMetadata().getName());
        Duration interval =
                Durations.interval(
                        canary.getSpec().analysis().interval(),
                        context.installation().minInterval());
        Instant since = context.clock().instant().minus(interval.multipliedBy(INTERVALS));
        context.cluster()
                .lastWrite(ref, FLAGGER)
                .filter(since::isBefore)
                .ifPresent(
                        wrote -> {
                            throw Refusal.retry(
                                    "canary %s is at work under Flagger, which wrote to it at %s: stop Flagger before Serinus takes over"
                                            .formatted(ref.dotted(), wrote));
                        });
    }
}
