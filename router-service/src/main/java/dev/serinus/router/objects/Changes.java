package dev.serinus.router.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Carries changes out: all of them or, when one object already carries a later step, none. What is
 * as it shall be is not written.
 */
public final class Changes {

    private final Cluster cluster;

    public Changes(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Writes what differs, in order, with the mark of the step that asks for it, and gives what was
     * read back. Refuses as stale before the first write.
     */
    public List<ClusterObject> apply(Mark mark, List<Change> changes) {
        return apply(
                mark,
                changes,
                refusal -> {
                    throw refusal;
                });
    }

    /**
     * The same, but what cannot be written stops no other.
     *
     * @param refused is told why one could not be written
     */
    public List<ClusterObject> apply(Mark mark, List<Change> changes, Consumer<Refusal> refused) {
        refuseStale(mark, changes);
        List<ClusterObject> written = new ArrayList<>();
        for (Change change : changes.stream().filter(Change::isEffective).toList()) {
            try {
                written.add(
                        write(
                                change,
                                change.desired()
                                        .edited(
                                                it ->
                                                        it.annotate(
                                                                Mark.ANNOTATION,
                                                                mark.toString()))));
            } catch (Refusal unwritten) {
                refused.accept(unwritten);
            }
        }
        return written;
    }

    /** Writes what differs and leaves the marks as they are: what drifted was done in its step. */
    public List<ClusterObject> repair(List<Change> changes) {
        return changes.stream()
                .filter(Change::isEffective)
                .map(change -> write(change, change.desired()))
                .toList();
    }

    /** How the objects are after the change: what was written, and what was so already. */
    public static Stream<ClusterObject> after(List<Change> changes, List<ClusterObject> written) {
        return changes.stream()
                .map(
                        change ->
                                written.stream()
                                        .filter(it -> it.ref().equals(change.ref()))
                                        .findFirst()
                                        .orElse(change.desired()));
    }

    private ClusterObject write(Change change, ClusterObject desired) {
        var live = change.live();
        var labelled = ManagedBy.labelled(desired);
        return live == null ? cluster.create(labelled) : cluster.replace(labelled, live);
    }

    /**
     * A mark of an earlier release does not say whose it is: it counts on what this Canary owns. On
     * what belongs to the user it may well be that of a Canary that was deleted.
     */
    private static boolean isKnown(Mark found, ClusterObject live, Mark mark) {
        return !found.canary().isEmpty() || live.isOwnedByUid(mark.canary());
    }

    /** Refuses when any object that would be written already carries a later step. */
    public static void refuseStale(Mark mark, List<Change> changes) {
        for (Change change : changes) {
            var live = change.live();
            if (live != null && change.isEffective()) {
                live.mark()
                        .filter(found -> found.isAfter(mark) && isKnown(found, live, mark))
                        .ifPresent(
                                found -> {
                                    throw Refusal.stale(
                                            "%s already carries step %s, after %s"
                                                    .formatted(
                                                            change.ref(),
                                                            found.number(),
                                                            mark.number()),
                                            found);
                                });
            }
        }
    }
}
