package dev.serinus.router.drift;

import dev.serinus.router.command.ActionContext;
import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.ApexSplit;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Consumer;

/**
 * An apex Service that is a route, or was one. It is made, and put back, as it leads at the present
 * split, in one write; but it leaves those who serve only for others who do.
 *
 * @param primary null when there is none
 */
record SteeredApex(ActionContext context, Target target, @Nullable ClusterObject primary) {

    /**
     * The change of the apex, with the selector of the split where that is the route.
     *
     * @param apex what is to change without that
     * @param refused is told why it cannot lead so
     */
    Change leading(CanaryRoute route, Routing routing, Change apex, Consumer<Refusal> refused) {
        if (!route.sharesByPods()) {
            return apex;
        }
        try {
            return route
                    .plan(
                            routing,
                            ref ->
                                    ref.equals(apex.ref())
                                            ? apex.desired()
                                            : context.cluster().find(ref))
                    .stream()
                    .filter(led -> led.ref().equals(apex.ref()))
                    .map(led -> new Change(apex.live(), led.desired()))
                    .filter(led -> !isUnserved(led) || isUnserved(apex))
                    .findFirst()
                    .orElse(apex);
        } catch (Refusal unusable) {
            refused.accept(unusable);
            return apex;
        }
    }

    private boolean isUnserved(Change apex) {
        return ApexSplit.shown(apex.desired()).filter(this::isUnserved).isPresent();
    }

    /** True when it leads to one side alone, and only the other one serves. */
    private boolean isUnserved(Split split) {
        if (split.reachesCanary() == split.reachesPrimary()) {
            return false;
        }
        return split.reachesCanary()
                ? target.serving() == 0 && isPrimaryServing()
                : Services.isServedByCanaryAlone(target, primary);
    }

    private boolean isPrimaryServing() {
        return primary != null && target.kind().available(primary) > 0;
    }

    /** What leads those back who come by a name that the Canary asks for no more. */
    List<Change> ofFormerNames(Canary canary) {
        return Services.isServedByCanaryAlone(target, primary)
                ? List.of()
                : context.services().ledBack(canary);
    }

    /** True while something leads to the canary that nobody steers any more, until others serve. */
    boolean isToBeLedBack(Canary canary) {
        if (!Services.isServedByCanaryAlone(target, primary)) {
            return false;
        }
        boolean isSteered = canary.getSpec().analysis().splitsByReplicas();
        var apex = context.cluster().find(Services.apex(canary));
        return (!isSteered && apex != null && ApexSplit.of(apex).isPresent())
                || !context.services().ledBack(canary).isEmpty();
    }
}
