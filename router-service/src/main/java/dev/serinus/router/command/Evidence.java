package dev.serinus.router.command;

import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Split;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.Baseline;
import dev.serinus.router.workload.ReleaseTarget;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterAction;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How old what is known of target and primary may be for what is to be done. What the watch shows
 * is enough where a mistake costs a conflict; what takes away the last that serves is decided on
 * what the server says now.
 */
record Evidence(ActionContext context) {

    /** More traffic for a canary of which nothing was heard for so long is not given unseen. */
    private static final Duration OF_CANARY = Duration.ofMinutes(1);

    /** The primary serves everybody then; its promotion has just been seen to end. */
    private static final Duration OF_PRIMARY = Duration.ofSeconds(10);

    /**
     * Has the server asked for what is not known well enough.
     *
     * @param present the split until now; null when that is not known
     */
    void require(RouterAction action, Order order, @Nullable Split present) {
        switch (action) {
            case RESTORE -> {
                // What is not found is not put back, and nobody comes again to look.
                renew(order);
                made(order).forEach(ref -> refresh(ref, Duration.ZERO));
            }
            // The canary's pods go then, and nobody is left but the primary. What a watch says may
            // be behind, and that it was told of something a moment ago does not say how far.
            case TAKE_OVER -> refresh(primary(order), Duration.ZERO);
            case SCALE -> {
                if (!order.targetRunning()) {
                    refresh(primary(order), Duration.ZERO);
                    leading(order).forEach(ref -> refresh(ref, Duration.ZERO));
                }
                if (order.canary().hasBaseline()) {
                    refresh(Baseline.ref(order.canary()), Duration.ZERO);
                }
            }
            case SHIFT -> {
                boolean more =
                        present != null
                                && order.split().canaryWeight().isAbove(present.canaryWeight());
                if (!more) {
                    refresh(primary(order), OF_PRIMARY);
                }
                if (more || order.split().reachesCanary()) {
                    refresh(target(order), OF_CANARY);
                }
                if (order.split().baseline().isAny()) {
                    refresh(Baseline.ref(order.canary()), OF_CANARY);
                }
            }
            case PROMOTE -> {
                if (order.revision().isEmpty()) {
                    // Whatever the target runs now is copied.
                    refresh(target(order), Duration.ZERO);
                }
            }
            case INITIALIZE -> {}
        }
    }

    /** Has the server asked for what leads requests: somebody may have written it meanwhile. */
    void lookAgain(Order order) {
        leading(order).forEach(ref -> refresh(ref, Duration.ZERO));
    }

    /** Has the server asked for target and primary. */
    void renew(Order order) {
        refresh(target(order), Duration.ZERO);
        refresh(primary(order), Duration.ZERO);
    }

    private void refresh(Optional<Ref> ref, Duration age) {
        ref.ifPresent(it -> refresh(it, age));
    }

    private void refresh(Ref ref, Duration age) {
        context.cluster().refresh(ref, age);
    }

    /** What may lead traffic to the target: whoever turned it there may not have been seen. */
    List<Ref> leading(Order order) {
        List<Ref> leading = new ArrayList<>();
        if (target(order).isPresent()) {
            if (kind(order).filter(it -> it.target().hasPods()).isPresent()) {
                leading.add(Services.apex(order.canary()));
            }
            context.routers()
                    .find(order.canary())
                    .ifPresent(route -> leading.addAll(route.routes()));
            leading.addAll(new FormerObjects(context).names(order.canary()));
        }
        return leading;
    }

    private List<Ref> made(Order order) {
        if (target(order).isEmpty()) {
            return List.of();
        }
        List<Ref> made = new ArrayList<>(context.sides(order.canary()).objects(order.canary()));
        context.routers().find(order.canary()).ifPresent(route -> made.addAll(route.writes()));
        return made;
    }

    private static Optional<Ref> target(Order order) {
        return kind(order).map(it -> it.named(order.canary()));
    }

    private Optional<Ref> primary(Order order) {
        return kind(order).flatMap(it -> it.primary(order.canary(), context.cluster()::find));
    }

    /** Nothing for a Canary whose target nobody can name: it is refused elsewhere, or may go. */
    private static Optional<ReleaseTarget> kind(Order order) {
        var spec = order.canary().getSpec();
        try {
            return spec == null
                    ? Optional.empty()
                    : Optional.of(ReleaseTargets.of(spec.targetRef()));
        } catch (Refusal unsupported) {
            return Optional.empty();
        }
    }
}
