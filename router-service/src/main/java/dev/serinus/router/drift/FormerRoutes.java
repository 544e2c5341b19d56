package dev.serinus.router.drift;

import dev.serinus.router.command.ActionContext;
import dev.serinus.router.command.Turning;
import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Canaries asked for before and is not left yet: routes that were made, or taken over whole.
 * In memory only, and to be used by who has the Canary's lock. What carries a note is found by
 * that, see {@link dev.serinus.router.command.FormerObjects}.
 */
final class FormerRoutes {

    private final ActionContext context;
    private final Repair repair;
    private final Map<CanaryKey, List<Canary>> asked = new ConcurrentHashMap<>();

    FormerRoutes(ActionContext context, Repair repair) {
        this.context = context;
        this.repair = repair;
    }

    /** A Canary asks for something else from now on. */
    void add(CanaryKey key, Canary old) {
        asked.computeIfAbsent(key, _ -> new ArrayList<>()).add(old);
    }

    void forget(CanaryKey key) {
        asked.remove(key);
    }

    /** Leaves what was made for what the Canary asked for before, once the new is there. */
    RepairOutcome leave(CanaryKey key, RepairOutcome present) throws InterruptedException {
        if (!present.refused().isEmpty()) {
            return RepairOutcome.NOTHING;
        }
        var before = asked.getOrDefault(key, List.of());
        List<Ref> written = new ArrayList<>();
        List<Refusal> refused = new ArrayList<>();
        for (Canary old : List.copyOf(before)) {
            try {
                var left = left(key, old);
                left.ifPresent(written::addAll);
                left.ifPresent(_ -> before.remove(old));
            } catch (Refusal unusable) {
                refused.add(unusable);
            }
        }
        var outcome = RepairOutcome.of(written, refused);
        return before.isEmpty() ? outcome : outcome.waiting();
    }

    /**
     * Leads a route that the Canary asks for no more, by another name or on another mesh, to the
     * primary: the target's pods will go, and nobody asks whether that route still sends them
     * requests. The rest of it stays, as in Flagger.
     *
     * @return what was written; empty when it cannot be done yet
     */
    private Optional<List<Ref>> left(CanaryKey key, Canary old) throws InterruptedException {
        if (!repair.isTakenOver(key)) {
            return Optional.of(List.of());
        }
        var now = repair.managed(key);
        if (now.isEmpty()) {
            return Optional.empty();
        }
        var kept = context.routers().of(now.get()).writes();
        var route = context.routers().of(old);
        boolean isNoted =
                route.isOfTheUser()
                        || route.routes().stream()
                                .map(Ref::kind)
                                .anyMatch(kind -> ReleaseTargets.of(kind).isPresent());
        if (route.router().writesCopies() || isNoted) {
            return Optional.of(List.of()); // is found by whose it is
        }
        Map<Ref, @Nullable ClusterObject> live = new HashMap<>();
        route.objects()
                .filter(ref -> kept.stream().noneMatch(ref::isSameObject))
                .forEach(ref -> live.put(ref, context.cluster().find(ref)));
        boolean isGiven =
                context.routers().of(now.get()).isOfTheUser() && isSameMesh(route, now.get());
        if (!isGiven && route.current(live::get).filter(Split::reachesCanary).isEmpty()) {
            return Optional.of(List.of());
        }
        var target = context.target(old);
        var primary = context.findPrimary(old, target);
        if (primary == null || target.kind().available(primary) == 0) {
            return Optional.empty();
        }
        if (isGiven) {
            return Optional.of(given(now.get(), route, target, live));
        }
        long run = Repair.run(repair.split(key, old, route, live));
        var changes =
                route.plan(Routing.of(old, Split.PRIMARY, run, target, primary), live::get).stream()
                        .filter(change -> change.live() != null)
                        .toList();
        ActionContext.refuseForeign(old, changes);
        repair.hold(now.get(), changes);
        return Optional.of(
                context.changes().repair(changes).stream().map(ClusterObject::ref).toList());
    }

    private boolean isSameMesh(CanaryRoute route, Canary now) {
        return route.canary().apex().equals(now.apex())
                && route.router().mesh().equals(context.routers().of(now).router().mesh());
    }

    /**
     * Gives back a route in the place of which the Canary names some of the user's own now, as when
     * a Canary goes: both of its sides go with it, and nobody looks after that route then.
     */
    private List<Ref> given(
            Canary now, CanaryRoute route, Target target, Map<Ref, @Nullable ClusterObject> live)
            throws InterruptedException {
        List<Change> changes = new ArrayList<>(route.restored(live::get));
        changes.addAll(route.left(target.object(), live::get));
        ActionContext.refuseForeign(now, changes);
        repair.hold(now, changes);
        List<Ref> written = new ArrayList<>();
        List<Refusal> refused = new ArrayList<>();
        new Turning(context, route)
                .writeEach(changes, Turning.Noted.AS_FOUND, context.changes()::repair, refused::add)
                .written()
                .forEach(object -> written.add(object.ref()));
        if (!refused.isEmpty()) {
            throw Refusal.all(refused);
        }
        return written;
    }
}
