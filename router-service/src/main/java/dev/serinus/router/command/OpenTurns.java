package dev.serinus.router.command;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Serving;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Routes that are on their way to other backends: how each was written last, and whereto it goes.
 * Whoever comes next, a command or a repair, takes it from there. Kept in memory; where nothing is
 * known, as after a restart, the route itself tells what is to be done.
 */
public final class OpenTurns {

    /** How far a route has come. */
    enum Stretch {
        /** It leads where it led, and names what is to come. */
        AHEAD,
        /** It leads where it is to lead, and names what was. */
        BEHIND
    }

    /** So often it is named ahead; who takes that away each time does not get to hear of it. */
    private static final int TRIES = 3;

    /**
     * A route on its way.
     *
     * @param written as the server showed it then
     * @param whereto where it is to lead in the end
     * @param before where it led before that was written
     * @param tries how often in a row this stretch was begun from there
     * @param inVain whether what it is to lead to cannot be named before: somebody takes away what
     *     has no share
     */
    private record Turn(
            ClusterObject written,
            Stretch stretch,
            String whereto,
            String before,
            int tries,
            boolean inVain) {

        boolean isTo(ClusterObject wanted) {
            return whereto.equals(Serving.of(wanted));
        }
    }

    private final Map<String, Map<Ref, Turn>> turns = new ConcurrentHashMap<>();

    /**
     * It was written so on its way there.
     *
     * @param before as it was before
     * @param written as the server showed it then
     * @param isKept whether the server kept all that was named
     */
    void began(
            Canary canary,
            ClusterObject before,
            ClusterObject written,
            Stretch stretch,
            ClusterObject wanted,
            boolean isKept) {
        turns.computeIfAbsent(uid(canary), _ -> new ConcurrentHashMap<>())
                .compute(
                        written.ref(),
                        (_, last) -> {
                            String from = Serving.of(before);
                            boolean isSame = last != null && last.isTo(wanted);
                            boolean again =
                                    isSame
                                            && last.stretch() == stretch
                                            && last.before().equals(from);
                            int tries = again ? last.tries() + 1 : 1;
                            return new Turn(
                                    written,
                                    stretch,
                                    Serving.of(wanted),
                                    from,
                                    tries,
                                    !isKept || tries >= TRIES || (isSame && last.inVain()));
                        });
    }

    /** True when to name what it is to lead to is of no use: nobody can be told of it before. */
    boolean isNamedInVain(Canary canary, Ref route, ClusterObject wanted) {
        var turn = turns.getOrDefault(uid(canary), Map.of()).get(route);
        return turn != null && turn.inVain() && turn.isTo(wanted);
    }

    /** It arrived. */
    void ended(Canary canary, Ref route) {
        // After a restart nothing is known of it.
        var known = turns.get(uid(canary));
        if (known != null) {
            known.remove(route);
        }
    }

    /** True while it is as it was written on its way; what somebody else made of it begins anew. */
    public boolean isOpen(Canary canary, ClusterObject route) {
        return open(canary, route).isPresent();
    }

    /** True when all that is left is to take away what is named there and gets nothing. */
    boolean isBehind(Canary canary, ClusterObject route, ClusterObject wanted) {
        return open(canary, route)
                .filter(it -> it.stretch() == Stretch.BEHIND)
                .filter(it -> it.isTo(wanted))
                .isPresent();
    }

    private Optional<Turn> open(Canary canary, ClusterObject route) {
        return Optional.ofNullable(turns.getOrDefault(uid(canary), Map.of()).get(route.ref()))
                .filter(it -> content(it.written()).equals(content(route)));
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

    private static String uid(Canary canary) {
        return canary.getMetadata().getUid();
    }

    /** Keeps nothing of a Canary that is gone. */
    public void forget(String uid) {
        turns.remove(uid);
    }
}
