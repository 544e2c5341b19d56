package dev.serinus.router.drift;

import dev.serinus.router.canary.Canaries;
import dev.serinus.router.command.Finalizer;
import dev.serinus.router.command.Means;
import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Kind;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Ref;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Puts one canary's objects back to how they were left, at the split that is served: it never
 * starts a ramp again. What a later step has changed is news and is accepted.
 */
final class Repair {

    private static final Set<String> BEFORE_TAKING_OVER = Set.of("", "Initializing");

    private final Canaries canaries;
    private final Means means;
    private final Ledger ledger;

    Repair(Canaries canaries, Means means, Ledger ledger) {
        this.canaries = canaries;
        this.means = means;
        this.ledger = ledger;
    }

    /** The Canary, if its objects are ours to keep just now. */
    static Optional<Canary> managed(Canaries canaries, CanaryKey key) {
        return canaries.get(key.namespace(), key.name())
                .filter(
                        known ->
                                known.latest().getMetadata().getDeletionTimestamp() == null
                                        && known.latest()
                                                .getMetadata()
                                                .getFinalizers()
                                                .contains(Finalizer.NAME)
                                        && known.inForce() != null
                                        && !Boolean.TRUE.equals(known.latest().getSpec().suspend()))
                .map(known -> Objects.requireNonNull(known.inForce()));
    }

    boolean isTakenOver(CanaryKey key) {
        return ledger.isTakenOver(key)
                || canaries.get(key.namespace(), key.name())
                        .map(known -> known.latest().getStatus())
                        .map(status -> status.phase())
                        .filter(phase -> !BEFORE_TAKING_OVER.contains(phase))
                        .isPresent();
    }

    /** Repairs what drifted and gives the names of what was written. */
    List<Ref> carryOut(CanaryKey key) {
        var managed = managed(canaries, key);
        if (managed.isEmpty() || isGoing(managed.get())) {
            return List.of();
        }
        var canary = managed.get();
        var target = means.target(canary);
        var router = means.routers().of(canary);
        Map<Ref, @Nullable ClusterObject> live = new HashMap<>();
        router.objects(canary).forEach(ref -> live.put(ref, means.cluster().find(ref)));
        List<Change> changes = new ArrayList<>(means.services().sides(canary, target));
        if (isTakenOver(key)) {
            changes.addAll(lostPrimary(canary, target));
            changes.add(means.services().apex(canary, target));
            var shown = split(key, canary, router, live);
            changes.addAll(
                    router.plan(
                            new Routing(canary, shown.split(), run(shown), target.label()),
                            live::get));
        }
        return repaired(changes);
    }

    private List<Ref> repaired(List<Change> changes) {
        List<Change> drifted = new ArrayList<>();
        for (Change change : changes) {
            var now = change.live();
            if (now != null && Glance.at(now, null).isLaterThan(ledger.left(change.ref()))) {
                ledger.accept(change.ref(), Glance.at(now, null));
            } else if (change.isEffective()) {
                drifted.add(change);
            } else if (now != null) {
                ledger.accept(change.ref(), Glance.at(now, null));
            }
        }
        var written = means.changes().repair(drifted);
        written.forEach(object -> ledger.accept(object.ref(), Glance.at(object, null)));
        return written.stream().map(ClusterObject::ref).toList();
    }

    /**
     * The split to keep: what was commanded, unless the route shows a later step or more is not
     * known.
     */
    private Ledger.Commanded split(
            CanaryKey key, Canary canary, Router router, Map<Ref, @Nullable ClusterObject> live) {
        var commanded = ledger.split(key);
        var shown = router.current(canary, live::get);
        Mark mark =
                live.values().stream()
                        .filter(Objects::nonNull)
                        .flatMap(object -> object.mark().stream())
                        .max(Mark::compareTo)
                        .orElse(null);
        boolean isNews =
                commanded == null
                        || mark != null
                                && (commanded.mark() == null || mark.isAfter(commanded.mark()));
        if (isNews) {
            var status = canary.getStatus();
            var split =
                    shown.orElseGet(
                            () -> status == null ? Split.PRIMARY : Split.of(status.canaryWeight()));
            ledger.found(key, split, mark);
            return new Ledger.Commanded(split, mark);
        }
        return commanded;
    }

    private static long run(Ledger.Commanded commanded) {
        return commanded.mark() == null ? 0 : commanded.mark().run();
    }

    /**
     * A primary that is gone comes back as it was promoted last; one that is there is not touched.
     */
    private List<Change> lostPrimary(Canary canary, Target target) {
        if (means.cluster().find(Primaries.ref(target)) != null) {
            return List.of();
        }
        return means.primaries().lost(canary, target).map(List::of).orElseGet(List::of);
    }

    /** Asks the server itself: what is being collected must not be made again. */
    private boolean isGoing(Canary canary) {
        var meta = canary.getMetadata();
        var live = means.cluster().find(Kind.CANARY.named(meta.getNamespace(), meta.getName()));
        return live == null
                || !live.at("/metadata/uid").asText().equals(meta.getUid())
                || !live.at("/metadata/deletionTimestamp").isMissingNode();
    }
}
