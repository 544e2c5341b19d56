package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.router.objects.Mark;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was promoted last, kept as a ControllerRevision beside the primary, as Kubernetes itself
 * does for DaemonSets: a primary that somebody deletes comes back as it was. Flagger makes it again
 * from the target, which may just have failed its analysis.
 */
public final class PromotedTemplates {

    private static final String LABEL = ClusterObject.OURS + "canary";

    /** Names what the primary ran until then; its presence says that the promotion did not end. */
    private static final String FOLLOWS = ClusterObject.OURS + "follows";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Cluster cluster;

    public PromotedTemplates(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * What is to be created so that this primary can be made again.
     *
     * @param before the primary until now; null when there was none
     */
    public Change kept(
            Canary canary, @Nullable ClusterObject before, ClusterObject primary, Mark mark) {
        var ref = ref(canary, primary);
        var older = known(canary, before);
        // Its name follows from what is promoted, so it is new but for a promotion done twice.
        var live = cluster.mayExist(ref) ? cluster.find(ref) : null;
        if (live != null) {
            return new Change(live, live);
        }
        var content = JSON.objectNode();
        var metadata = content.putObject("metadata");
        for (String field : List.of("labels", "annotations")) {
            if (primary.at("/metadata/" + field) instanceof ObjectNode map) {
                metadata.set(field, map.deepCopy());
            }
        }
        metadata.withObjectProperty("annotations")
                .remove(List.of(Mark.ANNOTATION, SizeBefore.ANNOTATION, ManifestSize.ANNOTATION));
        content.set("spec", primary.at("/spec").deepCopy());
        return new Change(
                null,
                ClusterObject.blank(ref)
                        .edited(
                                edit -> {
                                    edit.ownedBy(canary)
                                            .label(labels(canary))
                                            .put("data", content)
                                            .put("revision", JSON.numberNode(mark.step()));
                                    if (older != null && !older.equals(ref)) {
                                        edit.annotate(FOLLOWS, older.name());
                                    }
                                }));
    }

    /** Keeps this primary now. */
    ClusterObject keep(Canary canary, ClusterObject primary, Mark mark) {
        var change = kept(canary, null, primary, mark);
        return change.isEffective()
                ? cluster.create(ManagedBy.labelled(change.desired()))
                : change.desired();
    }

    /**
     * The primary as it was promoted last, with at least one pod. What was about to be promoted
     * when the primary still ran something else is not meant.
     */
    public Optional<ClusterObject> last(Canary canary, Ref primary) {
        var all = all(canary, primary.namespace());
        var names = all.stream().map(it -> it.ref().name()).collect(Collectors.toSet());
        return all.stream()
                .filter(it -> it.ref().name().startsWith(primary.name()))
                .filter(it -> !names.contains(it.annotations().get(FOLLOWS)))
                .max(Comparator.comparingLong(it -> it.at("/revision").asLong()))
                .map(
                        kept ->
                                ClusterObject.blank(primary)
                                        .edited(
                                                edit -> {
                                                    ObjectNode metadata =
                                                            kept.at("/data/metadata").deepCopy();
                                                    metadata.put("name", primary.name());
                                                    metadata.put("namespace", primary.namespace());
                                                    edit.put("metadata", metadata);
                                                    edit.put(
                                                            "spec",
                                                            kept.at("/data/spec").deepCopy());
                                                    edit.ownedBy(canary);
                                                    if (edit.spec().path("replicas").asInt(1)
                                                            == 0) {
                                                        edit.spec("replicas", JSON.numberNode(1));
                                                    }
                                                }));
    }

    /**
     * Deletes what was promoted before this primary. What it ran until now has a name that follows
     * from that; only where that is not known, all are listed.
     *
     * @param before the primary until now; null when there was none
     */
    public void forgetOlder(Canary canary, @Nullable ClusterObject before, ClusterObject primary) {
        var older = known(canary, before);
        if (older == null) {
            forgetOlder(canary, primary);
        } else if (!older.equals(ref(canary, primary))) {
            cluster.delete(older);
        }
    }

    /** The same whatever it ran until now. */
    public void forgetOlder(Canary canary, ClusterObject primary) {
        all(canary, primary.ref().namespace()).stream()
                .map(ClusterObject::ref)
                .filter(ref -> !ref.equals(ref(canary, primary)))
                .forEach(cluster::delete);
    }

    /** Deletes all that was promoted for the Canary. */
    public void forgetAll(Canary canary) {
        all(canary, canary.getMetadata().getNamespace()).stream()
                .map(ClusterObject::ref)
                .forEach(cluster::delete);
    }

    /** True when something promoted for the Canary is there without it as its owner. */
    public boolean isLeftBehind(Canary canary) {
        return all(canary, canary.getMetadata().getNamespace()).stream()
                .anyMatch(kept -> !kept.isOwnedByUid(canary.getMetadata().getUid()));
    }

    private List<ClusterObject> all(Canary canary, String namespace) {
        return cluster.list(Kind.CONTROLLER_REVISION, namespace, labels(canary));
    }

    private static Map<String, String> labels(Canary canary) {
        return Map.of(LABEL, canary.getMetadata().getUid());
    }

    /** As what a primary is kept; null for none, and where it does not say what it runs. */
    private static @Nullable Ref known(Canary canary, @Nullable ClusterObject primary) {
        return primary == null || primary.annotation(Primaries.REVISION) == null
                ? null
                : ref(canary, primary);
    }

    /** Another Canary of the same name, gone or to come, has others. */
    private static Ref ref(Canary canary, ClusterObject primary) {
        return Kind.CONTROLLER_REVISION.named(
                primary.ref().namespace(),
                "%s-%s-%s"
                        .formatted(
                                primary.ref().name(),
                                primary.annotation(Primaries.REVISION),
                                canary.getMetadata().getUid().substring(0, 8)));
    }
}
