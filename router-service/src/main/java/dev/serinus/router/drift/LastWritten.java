package dev.serinus.router.drift;

import dev.serinus.router.command.ActionListener;
import dev.serinus.router.command.ActionResult;
import dev.serinus.router.command.Order;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.Configs;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How things were left: the split each canary was commanded to last, and each object as it was when
 * nobody had meddled with it. In memory only; after a restart it is filled from what is found.
 */
final class LastWritten implements ActionListener {

    /**
     * A split and the step that asked for it.
     *
     * @param mark null when it was found, not commanded
     */
    record WrittenSplit(Split split, @Nullable Mark mark) {}

    private final Map<CanaryKey, WrittenSplit> splits = new ConcurrentHashMap<>();
    private final Map<Ref, ObservedState> objects = new ConcurrentHashMap<>();

    /** Versions at which copies of configs were left: of these a watch shows no content. */
    private final Map<Ref, String> copies = new ConcurrentHashMap<>();

    private final Map<CanaryKey, Boolean> takenOver = new ConcurrentHashMap<>();

    /**
     * Forgets a split that was found under the order's step before it was all carried out: what the
     * order writes next must not be put back to it. The route tells what is served until it is
     * done.
     */
    @Override
    public void begins(CanaryKey canary, RouterAction action, Order order) {
        switch (action) {
            case TAKE_OVER, SHIFT ->
                    splits.computeIfPresent(
                            canary,
                            (_, written) ->
                                    order.mark().equals(written.mark())
                                                    && !order.split().equals(written.split())
                                            ? null
                                            : written);
            case INITIALIZE, SCALE, PROMOTE, RESTORE -> {}
        }
    }

    @Override
    public void did(CanaryKey canary, RouterAction action, Order order, ActionResult done) {
        switch (action) {
            case TAKE_OVER, SHIFT -> {
                splits.put(canary, new WrittenSplit(order.split(), order.mark()));
                if (action == RouterAction.TAKE_OVER) {
                    takenOver.put(canary, true);
                }
            }
            case RESTORE -> forget(canary);
            case SCALE, PROMOTE ->
                    // One may write the object that shows the split, and takes the share of a
                    // baseline that goes; nothing else of it moves.
                    splits.computeIfPresent(
                            canary,
                            (_, written) ->
                                    new WrittenSplit(
                                            action == RouterAction.SCALE && !order.baselineRunning()
                                                    ? written.split().beside(Weight.NONE)
                                                    // A promotion may need all at the canary.
                                                    : Objects.requireNonNullElse(
                                                            done.read(), written.split()),
                                            order.mark()));
            case INITIALIZE -> {}
        }
        wrote(done);
    }

    @Override
    public void wrote(ActionResult done) {
        wrote(done.written());
    }

    /** Takes what was written for how it shall be. */
    void wrote(List<ClusterObject> written) {
        for (ClusterObject object : written) {
            objects.put(object.ref(), ObservedState.at(object));
            if (Configs.KINDS.contains(object.ref().kind())) {
                copies.put(object.ref(), object.resourceVersion());
            }
        }
    }

    /** True for a copy of a config that is as it was written here last. */
    boolean isOurs(Ref copy, String version) {
        return !version.isEmpty() && version.equals(copies.get(copy));
    }

    @Override
    public @Nullable Split present(CanaryKey canary) {
        var written = splits.get(canary);
        return written == null ? null : written.split();
    }

    /** The split that shall be served; null when none is known. */
    @Nullable WrittenSplit split(CanaryKey canary) {
        return splits.get(canary);
    }

    /** Takes a split that was found for the one that shall be served. */
    void found(CanaryKey canary, Split split, @Nullable Mark mark) {
        splits.put(canary, new WrittenSplit(split, mark));
    }

    boolean isTakenOver(CanaryKey canary) {
        return takenOver.containsKey(canary);
    }

    /** The object as it was left; null when it was never seen. */
    @Nullable ObservedState left(Ref ref) {
        return objects.get(ref);
    }

    /** Takes an object as it is now for how it shall be. */
    void accept(Ref ref, ObservedState observed) {
        objects.put(ref, observed);
    }

    void forget(CanaryKey canary) {
        splits.remove(canary);
        takenOver.remove(canary);
    }

    void forget(Ref ref) {
        objects.remove(ref);
        copies.remove(ref);
    }
}
