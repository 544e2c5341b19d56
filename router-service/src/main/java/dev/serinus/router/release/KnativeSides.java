package dev.serinus.router.release;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.workload.AnalysedConfigs;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.targets.KnativeService;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Two revisions of one Knative Service. Knative makes them and takes them away, and which of them
 * is the primary is written with the route: so there is nothing to make here, and what to look at
 * before.
 */
record KnativeSides(Cluster cluster) implements Sides {

    @Override
    public void refuseShared(Canary canary, ClusterObject target) {
        ReleasedBy.other(cluster, canary, target)
                .ifPresent(
                        other -> {
                            throw ReleasedBy.refusal("Knative Service", target.ref(), other);
                        });
    }

    @Override
    public List<Ref> objects(Canary canary) {
        return List.of();
    }

    @Override
    public List<Change> routable(
            Canary canary,
            Target target,
            @Nullable ClusterObject primary,
            Consumer<Refusal> refused) {
        return List.of();
    }

    /** The revision that serves by now: it is named with the route, which leads there only then. */
    @Override
    public Made created(Canary canary, Target target, Mark mark) {
        String service = target.object().ref().dotted();
        var known = new KnativeService(target.object().json());
        if (known.primary(null).isPresent()) {
            throw Refusal.retry(
                    "revision %s, the primary of Knative Service %s, does not exist: name one that serves in its annotation %s"
                            .formatted(
                                    known.primary(null).get(),
                                    service,
                                    KnativeService.PRIMARY_REVISION));
        }
        String name =
                known.serving()
                        .orElseThrow(
                                () ->
                                        Refusal.retry(
                                                "Knative Service %s has no revision that serves yet"
                                                        .formatted(service)));
        var ref = Knative.REVISION.named(target.object().ref().namespace(), name);
        var revision = cluster.find(ref);
        if (revision == null) {
            throw Refusal.missing("revision", ref);
        }
        if (!KnativeService.isReady(revision.json())) {
            String because = KnativeService.because(revision.json());
            throw Refusal.retry(
                    "revision %s of Knative Service %s is not ready%s"
                            .formatted(name, service, because.isEmpty() ? "" : ": " + because));
        }
        return new Made(List.of(), name);
    }

    @Override
    public List<Change> kept(
            Canary canary, Target target, ClusterObject primary, String revision, Mark mark) {
        return List.of();
    }

    /** A revision that is gone cannot be made again. */
    @Override
    public Optional<Change> lost(Canary canary, Target target) {
        return Optional.empty();
    }

    @Override
    public List<Change> upheld(Canary canary, Target target, ClusterObject primary) {
        return List.of();
    }

    @Override
    public String revision(Canary canary, Target target, ClusterObject primary) {
        // Not the one that serves until that is ready: what was promoted is not released anew.
        return new KnativeService(target.object().json())
                .primary(null)
                .orElseGet(() -> primary.ref().name());
    }

    @Override
    public Optional<Change> apex(Canary canary, Target target, @Nullable ClusterObject primary) {
        return Optional.empty();
    }

    @Override
    public List<Change> current(Canary canary, Target target, @Nullable ClusterObject primary) {
        return List.of();
    }

    /** Traffic follows in a step of its own, as with any promotion. */
    @Override
    public List<Change> promoted(
            Canary canary,
            Target target,
            AnalysedConfigs analysed,
            @Nullable ClusterObject primary,
            Mark mark) {
        var live = target.object();
        return List.of(
                new Change(
                        live,
                        live.edited(
                                edit ->
                                        edit.annotate(
                                                KnativeService.PRIMARY_REVISION,
                                                target.revision()))));
    }

    @Override
    public void forgetOlder(Canary canary, @Nullable ClusterObject before, List<Change> promoted) {
        // Knative keeps as many revisions as it is told to.
    }

    /** It serves all the time; its route says which of its revisions, and is given back alone. */
    @Override
    public ClusterObject restored(Canary canary, Target target, @Nullable ClusterObject primary) {
        return target.object();
    }

    @Override
    public List<Change> given(Canary canary, @Nullable Target target) {
        return List.of();
    }
}
