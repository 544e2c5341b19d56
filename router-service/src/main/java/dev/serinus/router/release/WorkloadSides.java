package dev.serinus.router.release;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.AnalysedConfigs;
import dev.serinus.router.workload.CanaryNodes;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A workload and its copy, each with a Service that selects its pods, and the apex Service that
 * selects the primary's.
 */
record WorkloadSides(Services services, Primaries primaries) implements Sides {

    @Override
    public List<Ref> objects(Canary canary) {
        List<Ref> objects = new ArrayList<>(Services.objects(canary).reversed());
        ReleaseTargets.of(canary.getSpec().targetRef())
                .primary(canary, _ -> null)
                .ifPresent(objects::add);
        return objects;
    }

    @Override
    public List<Change> routable(
            Canary canary,
            Target target,
            @Nullable ClusterObject primary,
            Consumer<Refusal> refused) {
        return services.sides(canary, target, primary, refused);
    }

    @Override
    public List<String> takenOver(Canary canary, Target target) {
        return services.takenOver(canary, target);
    }

    @Override
    public Made created(Canary canary, Target target, Mark mark) {
        var changes = primaries.created(canary, target, mark);
        return new Made(
                changes,
                String.valueOf(changes.getLast().desired().annotation(Primaries.REVISION)));
    }

    @Override
    public List<Change> kept(
            Canary canary, Target target, ClusterObject primary, String revision, Mark mark) {
        return List.of(primaries.kept(canary, primary, revision, mark));
    }

    @Override
    public Optional<Change> lost(Canary canary, Target target) {
        return primaries.lost(canary, target);
    }

    @Override
    public List<Change> upheld(Canary canary, Target target, ClusterObject primary) {
        return List.of(primaries.awake(canary, target, primary));
    }

    @Override
    public Optional<String> unchangeable(Canary canary) {
        return services.unchangeable(canary);
    }

    @Override
    public String revision(Canary canary, Target target, ClusterObject primary) {
        return primaries.revision(canary, target, primary);
    }

    @Override
    public Optional<Change> apex(Canary canary, Target target, @Nullable ClusterObject primary) {
        return Optional.of(services.apex(canary, target, primary));
    }

    /** It is the target itself, whose pods may have other labels and ports than those before. */
    @Override
    public List<Change> current(Canary canary, Target target, @Nullable ClusterObject primary) {
        return primary != null && services.areAlike(canary, target, primary)
                ? List.of()
                : List.of(services.candidate(canary, target));
    }

    @Override
    public List<Change> exposed(
            Canary canary, Target target, @Nullable ClusterObject before, ClusterObject promoted) {
        return before != null && services.areAlike(canary, target, before)
                ? List.of()
                : services.promoted(canary, target, promoted);
    }

    @Override
    public List<Change> promoted(
            Canary canary,
            Target target,
            AnalysedConfigs analysed,
            @Nullable ClusterObject primary,
            Mark mark) {
        return primary == null
                ? primaries.promoted(canary, target, analysed, mark)
                : primaries.promoted(canary, target, analysed, primary, mark);
    }

    @Override
    public void forgetOlder(Canary canary, @Nullable ClusterObject before, List<Change> promoted) {
        if (!promoted.isEmpty()) {
            primaries.forgetOlder(canary, before, promoted.getLast().desired());
        } else if (before != null) {
            primaries.forgetOlder(canary, before);
        }
    }

    /** In the primary's size: no smaller than it is now, for it may serve a share already. */
    @Override
    public ClusterObject restored(Canary canary, Target target, @Nullable ClusterObject primary) {
        var live = CanaryNodes.ended(target.object());
        var unmarked =
                live.edited(
                        edit -> edit.withoutAnnotations(key -> key.startsWith(ClusterObject.OURS)));
        if (primary == null) {
            return target.kind().isScaledDown(live)
                    ? target.kind().scaledUp(unmarked, 1)
                    : unmarked;
        }
        int size = Math.max(target.kind().desired(live), target.kind().desired(primary));
        var running = target.kind().scaledUp(unmarked, Math.max(1, size));
        if (primaries.revision(canary, target, primary).equals(target.revision())) {
            return running;
        }
        var template = primaries.promotedTemplate(canary, target, primary);
        return running.edited(edit -> edit.spec("template", template));
    }

    @Override
    public List<Change> given(Canary canary, @Nullable Target target) {
        return services.restoredApex(canary, target).stream().toList();
    }

    /** Services that somebody had by the names of the two sides. */
    @Override
    public List<Change> givenBehind(Canary canary) {
        return services.restoredSides(canary);
    }

    @Override
    public List<Ref> copies(Canary canary, ClusterObject primary) {
        return primaries.copies(canary, primary);
    }
}
