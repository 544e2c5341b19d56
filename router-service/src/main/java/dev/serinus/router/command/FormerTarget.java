package dev.serinus.router.command;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Routing;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a Canary's Services lead to while its manifest names another target already. Nothing names
 * it any more, so it is found by whom the Services select: the target that is named now may be
 * missing, or none that can be released.
 */
record FormerTarget(ActionContext context, Canary canary) {

    /** True when the primary's Service leads to pods that are not of the target named now. */
    boolean isLedTo() {
        var kind = ReleaseTargets.of(canary.getSpec().targetRef());
        var service = context.cluster().find(Services.primary(canary));
        if (service == null || !kind.target().hasPods() || isPresentPrimary(service)) {
            return false;
        }
        var target = target();
        return target == null
                ? primary().isPresent() || candidate().isPresent()
                : Services.leadsElsewhere(service, target);
    }

    /** True where pods answer that the primary's Service selects. */
    boolean isPrimaryServing() {
        return primary().filter(it -> available(it) > 0).isPresent();
    }

    /** True where pods answer that the canary's Service selects. */
    boolean isCandidateServing() {
        return candidate().filter(it -> available(it) > 0).isPresent();
    }

    /**
     * What a route to its canary is made from; empty where that is not there.
     *
     * @throws Refusal where it cannot be released any more
     */
    Optional<Routing> routing(Order order) {
        var primary = primary().orElse(null);
        return candidate()
                .flatMap(
                        object ->
                                ReleaseTargets.of(object.ref().kind())
                                        .map(
                                                kind ->
                                                        Target.of(
                                                                object,
                                                                kind,
                                                                primary,
                                                                context.installation()
                                                                        .selectorLabels())))
                .map(target -> order.toCanaryAlone().routing(target, primary));
    }

    private @Nullable Target target() {
        try {
            return context.findTarget(canary);
        } catch (Refusal unusable) {
            return null;
        }
    }

    private boolean isPresentPrimary(ClusterObject service) {
        return ReleaseTargets.of(canary.getSpec().targetRef())
                .primary(canary, context.cluster()::find)
                .map(context.cluster()::find)
                .filter(it -> Services.leadsTo(service, it))
                .isPresent();
    }

    private Optional<ClusterObject> primary() {
        return selected(Services.primary(canary));
    }

    private Optional<ClusterObject> candidate() {
        return selected(Services.candidate(canary));
    }

    /** Of several that one Service selects one that serves. */
    private Optional<ClusterObject> selected(Ref service) {
        var live = context.cluster().find(service);
        if (live == null) {
            return Optional.empty();
        }
        var selected =
                Stream.of(Kind.DEPLOYMENT, Kind.DAEMON_SET)
                        .flatMap(
                                kind ->
                                        context
                                                .cluster()
                                                .list(kind, service.namespace(), Map.of())
                                                .stream())
                        .filter(it -> Services.leadsTo(live, it))
                        .toList();
        return selected.stream()
                .filter(it -> available(it) > 0)
                .findFirst()
                .or(() -> selected.stream().findFirst());
    }

    private static int available(ClusterObject workload) {
        return ReleaseTargets.of(workload.ref().kind())
                .map(kind -> kind.available(workload))
                .orElse(0);
    }
}
