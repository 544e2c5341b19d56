package dev.serinus.router.command;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Conflict;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.CanaryRoute;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes changes of which some may turn a route to other backends. A data plane that learns of
 * Services from routes may learn of the route first, and answer for a Service that it does not know
 * yet; and forget one that requests still go to. There the route names what is to come before it
 * leads there, and what was until nothing goes there any more: in three writes, with the router's
 * patience between them.
 */
public record Turning(ActionContext context, CanaryRoute route) {

    /** Writes what differs and gives how that is now. */
    @FunctionalInterface
    public interface Writing {
        List<ClusterObject> write(List<Change> changes);
    }

    /**
     * Writes them and gives each object as it was written last.
     *
     * @param noted how a route is noted on its way: as what it will be, or as what it is
     */
    List<ClusterObject> write(List<Change> changes, Noted noted, Writing writing)
            throws InterruptedException {
        List<Way> ways = new ArrayList<>();
        List<Change> others = new ArrayList<>();
        for (Change change : changes) {
            var live = change.live();
            if (live != null && route.turns(change)) {
                ways.add(way(change, live, noted));
            } else {
                others.add(change);
            }
        }
        List<ClusterObject> written = new ArrayList<>(writing.write(others));
        for (Stretch stretch : Stretch.values()) {
            go(ways, stretch, writing);
        }
        for (Way way : ways) {
            written.add(written(writing, way.now, way.wanted));
        }
        if (!ways.isEmpty() && ways.stream().allMatch(this::isLeft)) {
            // What is named no more had no requests for so long already.
            context.recent().seen(route.canary());
        }
        return written;
    }

    /**
     * The same, but one that cannot be written stops no other: what was refused together is tried
     * alone.
     *
     * @param refused is told why one cannot be written
     */
    public List<ClusterObject> writeEach(
            List<Change> changes, Noted noted, Writing writing, Consumer<Refusal> refused)
            throws InterruptedException {
        try {
            return write(changes, noted, writing);
        } catch (Refusal together) {
            if (changes.size() == 1) {
                refused.accept(together);
                return List.of();
            }
        }
        List<ClusterObject> written = new ArrayList<>();
        for (Change change : changes) {
            written.addAll(writeEach(List.of(now(change)), noted, writing, refused));
        }
        return written;
    }

    /** One that was on its way is at another version by now. */
    private Change now(Change change) {
        var now = context.cluster().find(change.ref());
        var before = change.live();
        if (now == null
                || before == null
                || now.resourceVersion().equals(before.resourceVersion())) {
            return change;
        }
        return new Change(
                now,
                change.desired()
                        .edited(
                                edit ->
                                        edit.metadata()
                                                .put("resourceVersion", now.resourceVersion())));
    }

    /** True when what one names no more had no requests for a while. */
    private boolean isLeft(Way way) {
        return way.stretches.containsKey(Stretch.BEHIND)
                && !route.router().keepsClients(route.canary(), way.now);
    }

    private enum Stretch {
        /** It leads where it led, and names what is to come. */
        AHEAD,
        /** It leads where it is to lead, and names what was. */
        BEHIND
    }

    /** The way of one route, and where it is on it. */
    private static final class Way {
        private final Map<Stretch, ClusterObject> stretches = new EnumMap<>(Stretch.class);
        private final ClusterObject wanted;
        private ClusterObject now;

        Way(ClusterObject now, ClusterObject wanted) {
            this.now = now;
            this.wanted = wanted;
        }
    }

    private Way way(Change change, ClusterObject live, Noted noted) {
        var onTheWay = noted == Noted.AS_WANTED ? change.desired() : live;
        var way = new Way(live, change.desired());
        route.naming(live, change.desired())
                .ifPresent(it -> way.stretches.put(Stretch.AHEAD, onTheWay.edited(it)));
        route.naming(change.desired(), live)
                .ifPresent(it -> way.stretches.put(Stretch.BEHIND, onTheWay.edited(it)));
        return way;
    }

    /** Those that have this stretch to go it, and data planes have time to see that. */
    private void go(List<Way> ways, Stretch stretch, Writing writing) throws InterruptedException {
        var going = ways.stream().filter(it -> it.stretches.containsKey(stretch)).toList();
        for (Way way : going) {
            var next = Objects.requireNonNull(way.stretches.get(stretch));
            way.now = written(writing, way.now, next);
        }
        if (!going.isEmpty()) {
            context.awaitFollowed(route.canary());
        }
        for (Way way : going) {
            way.now = unchanged(way.now);
        }
    }

    /** Whose labels and annotations a route has on its way. */
    public enum Noted {
        /** Taken over already, with what it was like. */
        AS_WANTED,
        /** In hand still, so that whoever begins again knows what it was like. */
        AS_FOUND
    }

    private static ClusterObject written(
            Writing writing, ClusterObject now, ClusterObject content) {
        var next =
                content.edited(
                        edit -> edit.metadata().put("resourceVersion", now.resourceVersion()));
        var written = writing.write(List.of(new Change(now, next)));
        return written.isEmpty() ? next : written.getLast();
    }

    /** All that the next write would overwrite. */
    private static List<JsonNode> content(ClusterObject route) {
        return Stream.of(
                        "/spec",
                        "/metadata/labels",
                        "/metadata/annotations",
                        "/metadata/finalizers",
                        "/metadata/ownerReferences")
                .map(route::at)
                .toList();
    }

    /** The same as it is now; what somebody else made of it begins anew. */
    private ClusterObject unchanged(ClusterObject written) {
        var now = context.cluster().find(written.ref());
        if (now == null || !content(now).equals(content(written))) {
            throw new Conflict(written.ref());
        }
        return now;
    }
}
