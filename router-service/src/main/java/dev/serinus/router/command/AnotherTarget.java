package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A target that took the place of another in a Canary's manifest. Its Services may lead to the pods
 * of the one before, which serve: they are led away from those when others serve in their place,
 * and never while requests go to a canary that is not the one analysed.
 *
 * @param primary of the target that the Canary names now; null when it is yet to be made
 */
public record AnotherTarget(
        ActionContext context, Canary canary, Target target, @Nullable ClusterObject primary) {

    /** What may be done now of the changes: a Service that is to wait stays as it is. */
    public List<Change> possible(List<Change> changes) {
        return changes.stream()
                .map(change -> isTooEarly(change) ? unchanged(change) : change)
                .toList();
    }

    private static Change unchanged(Change change) {
        var live = change.live();
        return live == null ? change : new Change(live, live);
    }

    /**
     * True for a Service that leads to pods of another target, and has to go on doing so: what
     * leads to a primary until the one of this target serves, and what leads to a canary until then
     * too. Data planes may still lead requests there that the route gives to the primary.
     */
    private boolean isTooEarly(Change change) {
        return turns(change)
                && (leadsToPrimary(change) ? !isPrimaryServing() : isFormerPrimaryLedTo());
    }

    /** True for what leads to a primary: its own Service, and the apex. */
    boolean leadsToPrimary(Change change) {
        return change.ref().equals(Services.apex(canary))
                || change.ref().equals(Services.primary(canary));
    }

    /** True where the change turns a Service away from the pods of another target. */
    boolean turns(Change change) {
        var live = change.live();
        return live != null
                && live.ref().kind().equals(Kind.SERVICE)
                && !live.at("/spec/selector").equals(change.desired().at("/spec/selector"))
                && leadsElsewhere(live)
                && ActionContext.foreign(canary, change).isEmpty(); // that is refused
    }

    private boolean leadsElsewhere(ClusterObject service) {
        return target.kind().target().hasPods() && Services.leadsElsewhere(service, target);
    }

    private boolean isPrimaryServing() {
        return primary != null && target.kind().available(primary) > 0;
    }

    /** True while nothing of this target can have traffic: it has no primary yet. */
    boolean isYetToBeMade() {
        return primary == null && isFormerPrimaryLedTo();
    }

    private boolean isFormerPrimaryLedTo() {
        var service = context.cluster().find(Services.primary(canary));
        return service != null && leadsElsewhere(service);
    }

    /** What is to change so that all requests go to the primary of before; nothing if it fails. */
    List<Change> takenBack(CanaryRoute route) {
        var former = new FormerTarget(context, canary);
        return former.isLedTo() && former.isPrimaryServing()
                ? route.withoutCanary(context.cluster()::find)
                : List.of();
    }
}
