package dev.serinus.router.route;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Router.Found;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * What it means that nobody has written a status. A controller that writes one has not seen the
 * object then; where there is none, as in a cluster whose mesh is yet to come, nobody ever says
 * anything. Which of both it is the others of its kind tell.
 */
public final class Silence {

    private Silence() {}

    /**
     * Of a route without a status: not seen yet where others in its namespace have one.
     *
     * @param isSaid whether a status was written on an object
     * @param controller who writes it
     */
    public static Acceptance of(
            ClusterObject route, Found looked, Predicate<ClusterObject> isSaid, String controller) {
        return other(route, looked, route.ref().namespace(), isSaid)
                .map(
                        other ->
                                Acceptance.unseen(
                                        "%1$s has written no status on %2$s %3$s, as it has on %4$s: does its controller run, and take the %2$s?"
                                                .formatted(
                                                        controller,
                                                        route.ref().kind().name(),
                                                        route.ref().dotted(),
                                                        other.ref().dotted())))
                .orElse(Acceptance.TAKEN);
    }

    /**
     * Another object of the kind on which a status was written; empty where there is none, or where
     * they may not be looked at.
     *
     * @param namespace empty for all
     */
    public static Optional<ClusterObject> other(
            ClusterObject object, Found looked, String namespace, Predicate<ClusterObject> isSaid) {
        try {
            return looked.all(object.ref().kind(), namespace).stream()
                    .filter(it -> !it.ref().isSameObject(object.ref()))
                    .filter(isSaid)
                    .findFirst();
        } catch (Refusal unreadable) {
            return Optional.empty();
        }
    }
}
