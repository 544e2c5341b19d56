package dev.serinus.router.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A cluster as it would be: what is written is kept here alone, and whoever looks finds it; the
 * cluster behind it is read and never written. For one thread.
 */
public final class PlannedCluster implements Cluster {

    private final Cluster live;

    /** In the order in which they were written first; empty for what was deleted. */
    private final Map<Ref, Optional<ClusterObject>> planned = new LinkedHashMap<>();

    /** What is only taken to be so, and by nobody's write. */
    private final Map<Ref, ClusterObject> assumed = new LinkedHashMap<>();

    public PlannedCluster(Cluster live) {
        this.live = live;
    }

    /** Everything that differs by now, in the order in which it was written first. */
    public List<Change> changes() {
        List<Change> all = new ArrayList<>();
        planned.forEach(
                (ref, object) ->
                        object.map(desired -> new Change(live.find(ref), desired))
                                .filter(Change::isEffective)
                                .ifPresent(all::add));
        return all;
    }

    /** What is there and would be gone. */
    public List<ClusterObject> deleted() {
        return planned.entrySet().stream()
                .filter(each -> each.getValue().isEmpty())
                .flatMap(each -> Stream.ofNullable(live.find(each.getKey())))
                .toList();
    }

    /** Takes an object to be so, such as a workload whose pods serve by then. */
    public void assume(ClusterObject object) {
        assumed.put(object.ref(), object);
    }

    @Override
    public @Nullable ClusterObject find(Ref ref) {
        if (assumed.containsKey(ref)) {
            return assumed.get(ref);
        }
        var written = planned.get(ref);
        return written == null ? live.find(ref) : written.orElse(null);
    }

    @Override
    public boolean mayExist(Ref ref) {
        return planned.containsKey(ref) || live.mayExist(ref);
    }

    @Override
    public List<ClusterObject> list(Kind kind, String namespace, Map<String, String> labels) {
        var there =
                live.list(kind, namespace, labels).stream()
                        .filter(object -> !planned.containsKey(object.ref()));
        var written =
                planned.values().stream()
                        .flatMap(Optional::stream)
                        .filter(object -> object.ref().kind().equals(kind))
                        .filter(object -> object.ref().namespace().equals(namespace))
                        .filter(
                                object ->
                                        object.labels().entrySet().containsAll(labels.entrySet()));
        return Stream.concat(there, written).toList();
    }

    @Override
    public ClusterObject create(ClusterObject object) {
        return replace(object);
    }

    @Override
    public ClusterObject replace(ClusterObject object) {
        planned.put(object.ref(), Optional.of(object));
        var before = assumed.remove(object.ref());
        if (before != null && before.json().get("status") instanceof ObjectNode status) {
            assume(object.edited(edit -> edit.put("status", status.deepCopy())));
        }
        return object;
    }

    @Override
    public void put(ClusterObject part) {
        var before = find(part.ref());
        var _ =
                replace(
                        (before == null ? part : before)
                                .edited(
                                        edit -> {
                                            edit.annotate(part.annotations());
                                            var finalizers = part.at("/metadata/finalizers");
                                            if (finalizers.isArray()) {
                                                edit.metadata()
                                                        .set("finalizers", finalizers.deepCopy());
                                            }
                                        }));
    }

    @Override
    public void release(ClusterObject object) {
        var _ = replace(object);
    }

    @Override
    public void delete(Ref ref) {
        assumed.remove(ref);
        planned.put(ref, Optional.empty());
    }

    @Override
    public boolean isTerminating(String namespace) {
        return live.isTerminating(namespace);
    }

    @Override
    public Optional<Instant> lastWrite(Ref ref, String program) {
        return live.lastWrite(ref, program);
    }

    /** Nothing becomes otherwise here by waiting. */
    @Override
    public @Nullable ClusterObject await(Ref ref, Predicate<ClusterObject> so, Duration patience) {
        return find(ref);
    }
}
