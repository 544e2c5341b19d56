package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.targets.KnativeService;
import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.Function;

/**
 * A Knative Service: Flagger's pkg/canary/knative_controller.go. Both sides are revisions of it,
 * which Knative makes, scales and removes.
 */
final class KnativeTarget implements TargetWithoutPods {

    @Override
    public TargetKind target() {
        return TargetKind.KNATIVE_SERVICE;
    }

    /**
     * The revision that was promoted last, once it is ready; until then the one that the Service
     * names, which serves still.
     */
    @Override
    public Optional<Ref> primary(Canary canary, Function<Ref, @Nullable ClusterObject> objects) {
        var found = objects.apply(named(canary));
        if (found == null) {
            return Optional.empty();
        }
        var service = new KnativeService(found.json());
        String namespace = found.ref().namespace();
        var promoted = service.primary(promoted(canary)).map(it -> revision(namespace, it));
        var named = service.named().map(it -> revision(namespace, it));
        if (promoted.isEmpty() || named.isEmpty() || promoted.equals(named)) {
            return promoted;
        }
        return isReady(objects.apply(promoted.get())) || objects.apply(named.get()) == null
                ? promoted
                : named;
    }

    private static boolean isReady(@Nullable ClusterObject revision) {
        return revision != null && KnativeService.isReady(revision.json());
    }

    private static @Nullable String promoted(Canary canary) {
        var status = canary.getStatus();
        return status == null ? null : status.lastPromotedSpec();
    }

    private static Ref revision(String namespace, String name) {
        return Knative.REVISION.named(namespace, name);
    }

    @Override
    public Optional<Ref> candidate(ClusterObject target) {
        return new KnativeService(target.json())
                .latestCreated()
                .map(name -> revision(target.ref().namespace(), name));
    }

    /** Empty before Knative made the first. */
    @Override
    public String revision(ClusterObject target) {
        return new KnativeService(target.json()).latestCreated().orElse("");
    }

    /** Knative's Services are nobody else's: no mesh looks for its pods. */
    @Override
    public ObjectNode selector(ClusterObject target) {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A revision that is ready serves, also with no pods at all: Knative starts them. */
    @Override
    public int available(ClusterObject workload) {
        return KnativeService.isReady(workload.json()) ? 1 : 0;
    }
}
