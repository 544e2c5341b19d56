package dev.serinus.router.command;

import dev.serinus.router.command.OpenTurns.Stretch;
import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.objects.Serving;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.SharedLists;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes changes of which some may turn a route to other backends. A data plane that learns of
 * Services from routes may learn of the route first, and answer for a Service that it does not know
 * yet; and forget one that requests still go to. There the route names what is to come before it
 * leads there, and what was until nothing goes there any more: in three writes, with the router's
 * patience between them. Nobody waits here: who is told that a turn is open comes again, with the
 * same changes, and the next write is made when it is time.
 */
public record Turning(ActionContext context, CanaryRoute route) {

    /** Writes what differs and gives how that is now. */
    @FunctionalInterface
    public interface Writing {
        List<ClusterObject> write(List<Change> changes);
    }

    /** Whose labels and annotations a route has on its way. */
    public enum Noted {
        /** Taken over already, with what it was like. */
        AS_WANTED,
        /** In hand still, so that whoever begins again knows what it was like. */
        AS_FOUND
    }

    /**
     * What was written.
     *
     * @param open how long data planes have before the next write; null when all is as it is to be
     */
    public record Turned(List<ClusterObject> written, @Nullable Open open) {

        static final Turned NOTHING = new Turned(List.of(), null);

        public Turned {
            written = List.copyOf(written);
        }

        /** Both of it, the longer way. */
        Turned and(Turned other) {
            var all = new ArrayList<>(written);
            all.addAll(other.written);
            boolean isLonger =
                    other.open != null
                            && (open == null || other.open.left().compareTo(open.left()) > 0);
            return new Turned(all, isLonger ? other.open : open);
        }

        /** The names of what was written. */
        public List<Ref> refs() {
            return written.stream().map(ClusterObject::ref).toList();
        }

        /**
         * Has the rest of an order wait while a route is on its way.
         *
         * @param done what else of the order is done
         */
        List<ClusterObject> orWait(ActionResult done) {
            if (open != null) {
                throw new NotYet(
                        new NotYet.Wait.OnTheWay(open.left()), done.and(written), open.because());
            }
            return written;
        }
    }

    /**
     * A route that is on its way.
     *
     * @param left how long it stays so at least
     */
    public record Open(Duration left, String because) {}

    /** A route with what has to be written next, and what that makes of it. */
    private record Way(Change next, Change whole, @Nullable Stretch stretch) {}

    /**
     * Writes as much of them as it is time for.
     *
     * @param noted how a route is noted on its way: as what it will be, or as what it is
     */
    public Turned write(List<Change> changes, Noted noted, Writing writing) {
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
        if (ways.isEmpty()) {
            return new Turned(written, null);
        }
        if (ways.stream().anyMatch(it -> it.stretch() == Stretch.AHEAD)) {
            return written(
                    written,
                    ways.stream().filter(it -> it.stretch() == Stretch.AHEAD).toList(),
                    writing);
        }
        // What they are about to lead to was named a moment ago, or by whom nobody knows.
        var open = open(ways);
        if (open != null) {
            return new Turned(written, open);
        }
        var leading = ways.stream().filter(it -> it.stretch() == Stretch.BEHIND).toList();
        if (!leading.isEmpty()) {
            return written(written, leading, writing);
        }
        boolean left =
                ways.stream()
                        .noneMatch(
                                it ->
                                        route.router()
                                                .keepsClients(route.canary(), live(it.whole())));
        written.addAll(writing.write(ways.stream().map(Way::next).toList()));
        for (Way way : ways) {
            var ref = way.whole().ref();
            context.turns().ended(route.canary(), ref);
            if (left) {
                // What is named no more had no requests for so long already.
                context.recent().seen(route.canary(), ref);
            }
        }
        return new Turned(written, null);
    }

    private Turned written(List<ClusterObject> before, List<Way> ways, Writing writing) {
        List<ClusterObject> all = new ArrayList<>(before);
        for (Way way : ways) {
            var written = writing.write(List.of(way.next()));
            all.addAll(written);
            if (way.stretch() != null) {
                var answer = written.isEmpty() ? way.next().desired() : written.getLast();
                context.turns()
                        .began(
                                route.canary(),
                                live(way.next()),
                                answer,
                                way.stretch(),
                                way.whole().desired(),
                                way.stretch() != Stretch.AHEAD
                                        || route.naming(answer, way.whole().desired()).isEmpty());
            }
        }
        var open = open(ways);
        return new Turned(all, open == null ? new Open(Duration.ZERO, because(ways)) : open);
    }

    /** What data planes have time for still; null when they had it. */
    private @Nullable Open open(List<Way> ways) {
        return ways.stream()
                .flatMap(it -> context.rest(route.canary(), it.whole().ref()).stream())
                .max(Comparator.comparing(RecentWrites.Rest::left))
                .map(
                        rest ->
                                new Open(
                                        rest.left(),
                                        "%s: data planes have until %s to follow the last one"
                                                .formatted(
                                                        because(ways),
                                                        rest.until()
                                                                .truncatedTo(ChronoUnit.SECONDS))))
                .orElse(null);
    }

    private static String because(List<Way> ways) {
        var ref = ways.getFirst().whole().ref();
        return "%s %s is led elsewhere in several writes"
                .formatted(ref.kind().name(), ref.dotted());
    }

    /**
     * The same, but one that cannot be written stops no other: what was refused together is tried
     * alone.
     *
     * @param refused is told why one cannot be written
     */
    public Turned writeEach(
            List<Change> changes, Noted noted, Writing writing, Consumer<Refusal> refused) {
        try {
            return write(changes, noted, writing);
        } catch (Refusal together) {
            if (changes.size() == 1) {
                refused.accept(together);
                return Turned.NOTHING;
            }
        }
        var turned = Turned.NOTHING;
        for (Change change : changes) {
            turned = turned.and(writeEach(List.of(now(change)), noted, writing, refused));
        }
        return turned;
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

    private Way way(Change change, ClusterObject live, Noted noted) {
        var onTheWay = noted == Noted.AS_WANTED ? change.desired() : live;
        // The spec is still the one before, and so is what the Canary has put there.
        var before =
                noted == Noted.AS_WANTED
                        ? onTheWay.edited(edit -> SharedLists.noteAsOn(live, edit))
                        : onTheWay;
        var ahead =
                context.turns().isNamedInVain(route.canary(), live.ref(), change.desired())
                        ? Optional.<ClusterObject>empty()
                        : route.naming(live, change.desired()).map(before::edited);
        if (ahead.isPresent()) {
            return new Way(new Change(live, ahead.get()), change, Stretch.AHEAD);
        }
        var behind =
                route.naming(change.desired(), live)
                        .map(onTheWay::edited)
                        .filter(it -> !leadsAs(it, live))
                        .filter(
                                _ ->
                                        !context.turns()
                                                .isBehind(route.canary(), live, change.desired()));
        return behind.map(it -> new Way(new Change(live, it), change, Stretch.BEHIND))
                .orElseGet(() -> new Way(change, change, null));
    }

    private static boolean leadsAs(ClusterObject one, ClusterObject other) {
        return Serving.of(one).equals(Serving.of(other));
    }

    private static ClusterObject live(Change change) {
        return Objects.requireNonNull(change.live());
    }
}
