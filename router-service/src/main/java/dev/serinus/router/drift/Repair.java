package dev.serinus.router.drift;

import dev.serinus.router.canary.Canaries;
import dev.serinus.router.command.ActionContext;
import dev.serinus.router.command.AnotherTarget;
import dev.serinus.router.command.Finalizer;
import dev.serinus.router.command.FormerObjects;
import dev.serinus.router.command.Hold;
import dev.serinus.router.command.Turning;
import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.scaler.FormerScalers;
import dev.serinus.router.scaler.Scalers;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.Baseline;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryStatus;
import dev.serinus.schemas.canary.MirrorGrowth;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Puts one canary's objects back to how they were left, at the split that is served: it never
 * starts a ramp again. What a later step has changed is news and is accepted.
 */
final class Repair {

    private static final Set<String> BEFORE_TAKING_OVER = Set.of("", "Initializing");
    private static final String FAILED = "Failed";

    private final Canaries canaries;
    private final ActionContext context;
    private final LastWritten lastWritten;
    private final FormerObjects former;

    Repair(Canaries canaries, ActionContext context, LastWritten lastWritten) {
        this.canaries = canaries;
        this.context = context;
        this.lastWritten = lastWritten;
        this.former = new FormerObjects(context);
    }

    /** The Canary, if its objects are ours to keep just now. */
    Optional<Canary> managed(CanaryKey key) {
        return ours(key, false);
    }

    /** The Canary, if only what is urgent is ours to keep just now, since it is suspended. */
    Optional<Canary> suspended(CanaryKey key) {
        return ours(key, true);
    }

    private Optional<Canary> ours(CanaryKey key, boolean suspended) {
        return canaries.get(key.namespace(), key.name())
                .filter(
                        known ->
                                known.latest().getMetadata().getDeletionTimestamp() == null
                                        && known.latest()
                                                .getMetadata()
                                                .getFinalizers()
                                                .contains(Finalizer.NAME)
                                        && known.inForce() != null
                                        && !canaries.isTried(known.latest())
                                        && suspended
                                                == Boolean.TRUE.equals(
                                                        known.latest().getSpec().suspend()))
                .map(known -> Objects.requireNonNull(known.inForce()));
    }

    /** Names of what is watched for a Canary. */
    List<Ref> objects(Canary canary) {
        List<Ref> refs = new ArrayList<>(context.sides(canary).objects(canary));
        Scalers.primary(canary).ifPresent(refs::add);
        context.routers().find(canary).ifPresent(it -> it.objects().forEach(refs::add));
        return refs;
    }

    /** Kinds among which is what a Canary may have had before. */
    Set<Kind> searched(Canary canary) {
        var kinds = new LinkedHashSet<>(context.routers().searched(canary));
        kinds.addAll(FormerScalers.searched(canary));
        return kinds;
    }

    /** Whose share in such a route is read by its own names alone. */
    boolean steersRoutesOfTheUser(CanaryKey key) {
        return managed(key)
                .flatMap(canary -> context.routers().find(canary))
                .filter(CanaryRoute::isOfTheUser)
                .isPresent();
    }

    boolean isTakenOver(CanaryKey key) {
        return lastWritten.isTakenOver(key)
                || canaries.get(key.namespace(), key.name())
                        .map(known -> known.latest().getStatus())
                        .filter(Repair::isTakenOver)
                        .isPresent();
    }

    /** An initialisation that failed has moved nothing, and has promoted nothing. */
    private static boolean isTakenOver(CanaryStatus status) {
        String phase = status.phase();
        String promoted = status.lastPromotedSpec();
        boolean failedAtFirst = FAILED.equals(phase) && (promoted == null || promoted.isEmpty());
        return phase != null && !BEFORE_TAKING_OVER.contains(phase) && !failedAtFirst;
    }

    /** Repairs of what drifted all that can be; one object that cannot stops no other. */
    RepairOutcome carryOut(CanaryKey key) {
        var suspended = suspended(key);
        if (suspended.isPresent()) {
            return isTakenOver(key) && !isGoing(suspended.get())
                    ? urgent(key, suspended.get())
                    : RepairOutcome.NOTHING;
        }
        var managed = managed(key);
        if (managed.isEmpty() || isGoing(managed.get())) {
            return RepairOutcome.NOTHING;
        }
        var canary = managed.get();
        var done = carryOut(key, canary);
        return context.sides(canary)
                .unchangeable(canary)
                .map(because -> done.beside(Refusal.invalid(because)))
                .orElse(done);
    }

    private RepairOutcome carryOut(CanaryKey key, Canary canary) {
        var parts = new Parts();
        // What is the target now may not be there yet, and what was goes on without us.
        var left = left(former.letGoTargets(canary, parts.refused::add));
        var found = context.target(canary);
        var primary = context.findPrimary(canary, found);
        var sides = context.sides(canary);
        var lost = primary == null ? sides.lost(canary, found) : Optional.<Change>empty();
        // One that was lost comes back with the labels that it had.
        var promoted = lost.map(Change::desired).orElse(primary);
        var target = promoted == null ? found : found.beside(promoted);
        if (isTakenOver(key) && primary == null && lost.isEmpty()) {
            // Another target: nothing leads there before analysis has made its primary.
            return RepairOutcome.of(left, parts.refused);
        }
        parts.add(() -> sides.routable(canary, target, promoted, parts.refused::add));
        var another = new AnotherTarget(context, canary, target, primary);
        parts.hold(another);
        if (!isTakenOver(key)) {
            return RepairOutcome.of(
                    repaired(
                                    canary,
                                    target,
                                    context.routers().of(canary),
                                    parts.changes,
                                    parts.refused)
                            .written(),
                    parts.refused);
        }
        List<Ref> written = new ArrayList<>(left);
        var route = context.routers().of(canary);
        Map<Ref, @Nullable ClusterObject> live = new HashMap<>();
        route.consulted().forEach(ref -> live.put(ref, context.cluster().find(ref)));
        var commanded = kept(canary, split(key, canary, route, live));
        var shown = told(route, target, primary, commanded);
        boolean unwanted = !shown.split().reachesCanary() && route.isWithoutSource(live::get);
        var routing = Routing.of(canary, shown.split(), run(shown), target, primary);
        // Where the apex is the route, it is written once, with all else of it.
        boolean apexLeads = route.sharesByPods();
        var plan =
                unwanted || apexLeads
                        ? List.<Change>of()
                        : parts.planned(
                                () -> route.plan(routing, context.seen(live), parts.refused::add));
        if (!unwanted && plan.isEmpty() && shown.split().reachesCanary()) {
            parts.add(() -> route.whileAlone(live::get));
        }
        if (!plan.isEmpty() || apexLeads) {
            written.addAll(left(former.withdrawAdding(canary)));
        }
        var first = route.beforePrimary(plan);
        int refused = parts.refused.size();
        var made =
                repaired(
                        canary,
                        target,
                        route,
                        first.stream().map(it -> marked(route, it, shown.mark())).toList(),
                        parts.refused);
        written.addAll(made.written());
        if (parts.refused.size() == refused && missing(route.awaitedByPrimary()).isEmpty()) {
            // What has the pods until now lets them go when its successor is there.
            parts.add(() -> former.retired(canary));
            lost.ifPresent(parts.changes::add);
        }
        var replaced = context.scalers().former();
        if (!parts.refuses(() -> written.addAll(replaced.deleteReplaced(canary, null)))) {
            // No two set the size of the primary.
            parts.add(() -> context.scalers().lost(canary, target).stream().toList());
        }
        if (primary != null) {
            parts.changes.addAll(
                    isLeftToItsScaler(canary, target, primary)
                            ? List.of(new Change(primary, primary))
                            : upheld(canary, target, primary, shown));
        }
        var apex = new SteeredApex(context, target, primary);
        parts.add(
                () ->
                        sides
                                .apex(canary, target, promoted)
                                .map(it -> apex.leading(route, routing, it, parts.refused::add))
                                .stream()
                                .toList());
        parts.hold(another);
        parts.add(() -> apex.ofFormerNames(canary));
        plan.stream().filter(change -> !first.contains(change)).forEach(parts.changes::add);
        if (parts.changes.stream().anyMatch(FormerPorts::areLostBy)
                && parts.refuses(() -> route.refuseMisfit(routing, live::get))) {
            parts.changes.replaceAll(FormerPorts::kept);
        }
        var repaired =
                repaired(
                        canary,
                        target,
                        route,
                        parts.changes.stream().map(it -> marked(route, it, shown.mark())).toList(),
                        parts.refused);
        written.addAll(repaired.written());
        for (Ref ref : route.reads()) {
            var read = live.get(ref);
            lastWritten.accept(ref, read == null ? ObservedState.GONE : ObservedState.at(read));
        }
        if (unwanted) {
            // Copies of what the user took away must not serve in its place.
            written.addAll(removed(canary, route.copies(live::get)));
        }
        if (repaired.turning()) {
            return new RepairOutcome(written, parts.refused, List.of(), false, false, true);
        }
        boolean waits = parts.held;
        boolean turning = false;
        if (parts.refused.isEmpty() || !shown.split().reachesCanary()) {
            var given = former.letGo(canary, written::add, parts.refused::add);
            written.addAll(left(given));
            turning = given.open() != null;
            var leaving = former.leaving(canary);
            boolean stays =
                    !leaving.isEmpty()
                            && (primary == null || target.kind().available(primary) == 0);
            waits |= stays;
            if (!stays) {
                hold(canary, !leaving.isEmpty());
                var gone = former.leave(canary, leaving, target, parts.refused::add);
                written.addAll(left(gone));
                turning |= gone.open() != null;
            }
        }
        boolean routed = route.routes().stream().anyMatch(written::contains);
        var unused = parts.refused.isEmpty() ? former.unused(canary) : List.<ClusterObject>of();
        if (!routed) {
            written.addAll(former.delete(unused));
        }
        boolean later = (routed && !unused.isEmpty()) || apex.isToBeLedBack(canary);
        return new RepairOutcome(written, parts.refused, List.of(), waits, later, turning);
    }

    /** One that its autoscaler may stop, but not while a canary is there. */
    private boolean isLeftToItsScaler(Canary canary, Target target, ClusterObject primary) {
        var scalers = context.scalers();
        return scalers.mayStop(canary)
                && !(target.kind().isScaledDown(primary) && scalers.heldUntil(canary).isPresent());
    }

    /** The rest is repaired when the Canary goes on. */
    private RepairOutcome urgent(CanaryKey key, Canary canary) {
        var commanded = lastWritten.split(key);
        var mark = commanded == null ? null : commanded.mark();
        List<Refusal> refused = new ArrayList<>();
        var repaired =
                repaired(
                        canary,
                        context.target(canary),
                        context.routers().of(canary),
                        new UrgentRepair(context)
                                .of(canary).stream()
                                        .map(it -> marked(context.routers().of(canary), it, mark))
                                        .toList(),
                        refused);
        return RepairOutcome.of(repaired.written(), refused);
    }

    /** What somebody's own Service has by the baseline's name is the primary's to serve. */
    private LastWritten.WrittenSplit kept(Canary canary, LastWritten.WrittenSplit shown) {
        var named = context.cluster().find(Services.baseline(canary));
        return shown.split().baseline().isAny() && named != null && !named.isOwnedBy(canary)
                ? new LastWritten.WrittenSplit(shown.split().beside(Weight.NONE), shown.mark())
                : shown;
    }

    /**
     * Who matched meets the canary no more once the manifest has no conditions: everybody is the
     * primary's, as long as it serves, and whoever commanded the split is about to see the edit.
     */
    private static LastWritten.WrittenSplit told(
            CanaryRoute route,
            Target target,
            @Nullable ClusterObject primary,
            LastWritten.WrittenSplit commanded) {
        boolean serves = primary != null && target.kind().available(primary) > 0;
        return serves && route.tellsNobodyApart(commanded.split())
                ? new LastWritten.WrittenSplit(Split.PRIMARY, commanded.mark())
                : commanded;
    }

    /** The share of a baseline that is asked for no more finds as many pods as it leaves. */
    private List<Change> upheld(
            Canary canary, Target target, ClusterObject primary, LastWritten.WrittenSplit shown) {
        var upheld = context.sides(canary).upheld(canary, target, primary);
        var baseline =
                shown.split().baseline().isAny() && !canary.hasBaseline()
                        ? context.cluster().find(Baseline.ref(canary))
                        : null;
        return baseline == null || upheld.stream().anyMatch(Change::isEffective)
                ? upheld
                : List.of(Primaries.atLeast(target, primary, target.kind().available(baseline)));
    }

    /** The changes of the parts that can be planned, and why the others cannot. */
    private static final class Parts {
        private final List<Change> changes = new ArrayList<>();
        private final List<Refusal> refused = new ArrayList<>();
        private boolean held;

        List<Change> planned(Supplier<List<Change>> part) {
            try {
                return part.get();
            } catch (Refusal unusable) {
                refused.add(unusable);
                return List.of();
            }
        }

        void add(Supplier<List<Change>> part) {
            changes.addAll(planned(part));
        }

        /** What leads to pods of a target of before goes on doing so until others serve. */
        void hold(AnotherTarget another) {
            var possible = another.possible(changes);
            held |= !possible.equals(changes);
            changes.clear();
            changes.addAll(possible);
        }

        /** True where a check refuses, which is told. */
        boolean refuses(Runnable check) {
            try {
                check.run();
                return false;
            } catch (Refusal unusable) {
                refused.add(unusable);
                return true;
            }
        }
    }

    private List<Ref> missing(List<Ref> refs) {
        return refs.stream().filter(ref -> context.cluster().find(ref) == null).toList();
    }

    /** True when something is there that was made for what the Canary asked for before. */
    boolean hasFormer(CanaryKey key) {
        return managed(key)
                .filter(
                        canary ->
                                !former.copies(canary).isEmpty()
                                        || !former.steered(canary).isEmpty()
                                        || !former.leaving(canary).isEmpty()
                                        || !former.retired(canary).isEmpty()
                                        || !context.scalers().former().copies(canary).isEmpty()
                                        || !former.unused(canary).isEmpty())
                .isPresent();
    }

    private List<Ref> removed(Canary canary, List<Ref> copies) {
        for (Ref ref : copies) {
            context.deleteLeading(canary, ref);
            lastWritten.forget(ref);
        }
        return copies;
    }

    /**
     * What is made again, or taken over anew, belongs to the step in force: no earlier one can undo
     * it, and whose it is can be told from it.
     */
    private static Change marked(CanaryRoute route, Change change, @Nullable Mark mark) {
        var live = change.live();
        boolean isAnew =
                live == null
                        || (route.writes().contains(change.ref())
                                && !live.isOwnedBy(route.canary())
                                && !RouteMetadata.isInHand(live));
        return mark == null || !isAnew
                ? change
                : new Change(
                        live,
                        change.desired()
                                .edited(it -> it.annotate(Mark.ANNOTATION, mark.toString())));
    }

    /**
     * Writes what drifted, each as if it were alone, but that nothing leads to a primary that
     * cannot be made.
     */
    private Repaired repaired(
            Canary canary,
            Target target,
            CanaryRoute route,
            List<Change> changes,
            List<Refusal> refused) {
        String uid = canary.getMetadata().getUid();
        List<Change> drifted = new ArrayList<>();
        for (Change change : ActionContext.kept(canary, target, changes)) {
            var now = change.live();
            var foreign = ActionContext.foreign(canary, change);
            if (foreign.isPresent()) {
                refused.add(foreign.get());
            } else if (now != null
                    && ObservedState.at(now).isLaterThan(lastWritten.left(change.ref()), uid)) {
                lastWritten.accept(change.ref(), ObservedState.at(now));
            } else if (change.isEffective()) {
                drifted.add(change);
            } else if (now != null) {
                lastWritten.accept(change.ref(), ObservedState.at(now));
            }
        }
        hold(canary, !drifted.isEmpty());
        List<Ref> written = new ArrayList<>();
        var turned = drifted.stream().filter(it -> isTurned(route, it)).toList();
        for (Change change : drifted) {
            if (turned.contains(change)) {
                continue;
            }
            try {
                written.addAll(left(context.repair(canary, List.of(change))));
            } catch (Refusal unwritten) {
                refused.add(unwritten);
                if (target.kind()
                        .primary(canary, context.cluster()::find)
                        .filter(change.ref()::equals)
                        .isPresent()) {
                    return new Repaired(written, false);
                }
            }
        }
        if (turned.isEmpty()) {
            return new Repaired(written, false);
        }
        var all =
                new Turning(context, route)
                        .writeEach(
                                turned,
                                Turning.Noted.AS_WANTED,
                                some -> context.repair(canary, some),
                                refused::add);
        written.addAll(left(all));
        return new Repaired(written, all.open() != null);
    }

    private List<Ref> left(Turning.Turned turned) {
        return left(turned.written());
    }

    /** The watch is about to show what we left so ourselves. */
    private List<Ref> left(List<ClusterObject> written) {
        for (ClusterObject object : written) {
            lastWritten.accept(object.ref(), ObservedState.at(object));
        }
        return written.stream().map(ClusterObject::ref).toList();
    }

    /**
     * What drifted and was written.
     *
     * @param turning true when a route of it is on its way
     */
    private record Repaired(List<Ref> written, boolean turning) {}

    /**
     * One that nobody had in hand, and by which nobody meets the canary, is turned in its time; so
     * is one of the user's own that was led to the apex again, and one that is on its way.
     */
    private boolean isTurned(CanaryRoute route, Change change) {
        var live = change.live();
        return live != null
                && (route.isOfTheUser()
                        || !RouteMetadata.isInHand(live)
                        || context.turns().isOpen(route.canary(), live))
                && route.turns(change)
                && route.router()
                        .shown(route.canary(), live)
                        .filter(Split::reachesCanary)
                        .isEmpty();
    }

    /** A Canary that nobody claims is claimed first: whoever else comes leaves it alone then. */
    void hold(Canary canary, boolean writes) {
        var meta = canary.getMetadata();
        boolean held =
                canaries.get(meta.getNamespace(), meta.getName())
                        .filter(it -> new Hold(context).isOn(it.latest().getMetadata(), canary))
                        .isPresent();
        if (writes && !held) {
            new Hold(context).take(canary);
        }
    }

    /**
     * The split to keep: what was commanded, unless the route shows a later step or more is not
     * known. Where the present route is yet to be made, the one before tells.
     */
    LastWritten.WrittenSplit split(
            CanaryKey key,
            Canary canary,
            CanaryRoute route,
            Map<Ref, @Nullable ClusterObject> live) {
        var commanded = lastWritten.split(key);
        var shown =
                route.current(live::get).or(() -> former.leading(canary).flatMap(former::split));
        Mark mark =
                live.values().stream()
                        .filter(Objects::nonNull)
                        .flatMap(object -> object.mark().stream())
                        .filter(found -> found.isOf(canary.getMetadata().getUid()))
                        .reduce((one, other) -> other.isAfter(one) ? other : one)
                        .orElse(null);
        if (commanded != null && !isNews(mark, commanded.mark())) {
            return commanded;
        }
        var status = canary.getStatus();
        var found =
                shown.orElseGet(() -> status == null ? Split.PRIMARY : Split.of(status.weight()));
        // A share of copies that does not grow is the Canary's, which may have been edited since.
        boolean grows = MirrorGrowth.of(canary.getSpec().analysis()).isPresent();
        var split = grows ? found : found.copying(null);
        // Of a route on its way somewhere else the present split is not the one to keep.
        boolean turns =
                live.values().stream()
                        .filter(Objects::nonNull)
                        .anyMatch(object -> context.turns().isOpen(canary, object));
        if (!turns) {
            lastWritten.found(key, split, mark);
        }
        return new LastWritten.WrittenSplit(split, mark);
    }

    private static boolean isNews(@Nullable Mark live, @Nullable Mark commanded) {
        return live != null && (commanded == null || live.isAfter(commanded));
    }

    static long run(LastWritten.WrittenSplit commanded) {
        return commanded.mark() == null ? 0 : commanded.mark().run();
    }

    /** Asks the server itself: what is being collected must not be made again. */
    private boolean isGoing(Canary canary) {
        var meta = canary.getMetadata();
        var live = context.cluster().find(Kind.CANARY.named(meta.getNamespace(), meta.getName()));
        return live == null
                || !live.at("/metadata/uid").asText().equals(meta.getUid())
                || !live.at("/metadata/deletionTimestamp").isMissingNode();
    }
}
