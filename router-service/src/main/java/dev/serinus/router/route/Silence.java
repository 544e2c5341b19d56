package dev.serinus.router.route;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Router.Found;
import dev.serinus.schemas.cluster.Ref;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * What it means that nobody has written a status. A controller that writes one has not seen the
 * object then; where there is none, as in a cluster whose mesh is yet to come, nobody ever says
 * anything. Which of both it is those tell that are the same controller's: what another one says,
 * of another class or mesh, is no word about this.
 */
public final class Silence {

    private Silence() {}

    /**
     * Of a route without a status: not seen yet where others of the same controller in its
     * namespace have one.
     *
     * @param isSaid whether a status was written on an object
     * @param of the path of what says whose an object is among several controllers, such as its
     *     class; empty where nothing does
     * @param controller who writes it
     */
    public static Acceptance of(
            ClusterObject route,
            Found looked,
            Predicate<ClusterObject> isSaid,
            String of,
            String controller) {
        return other(route, looked, route.ref().namespace(), isSaid, of)
                .map(
                        other ->
                                Acceptance.unseen(
                                        "%1$s has written no status on %2$s %3$s, as it has on %4$s: does its controller run, and take the %2$s? %5$s"
                                                .formatted(
                                                        controller,
                                                        route.ref().kind().name(),
                                                        route.ref().dotted(),
                                                        other.ref().dotted(),
                                                        wayOut(other.ref()))))
                .orElse(Acceptance.TAKEN);
    }

    /** What to do where nobody writes a status any more. */
    public static String wayOut(Ref stated) {
        return "If the status of %s %s was left by one that runs no more, take it off there (kubectl edit --subresource=status) and nobody waits for it"
                .formatted(stated.kind().name(), stated.dotted());
    }

    /**
     * Another object of the kind, of the same controller, on which a status was written; empty
     * where there is none, or where they may not be looked at.
     *
     * @param namespace empty for all
     * @param of the path of what says whose an object is; empty where nothing does
     */
    public static Optional<ClusterObject> other(
            ClusterObject object,
            Found looked,
            String namespace,
            Predicate<ClusterObject> isSaid,
            String of) {
        String whose = whose(object, of);
        try {
            return looked.all(object.ref().kind(), namespace).stream()
                    .filter(it -> !it.ref().isSameObject(object.ref()))
                    .filter(it -> whose(it, of).equals(whose))
                    .filter(isSaid)
                    .findFirst();
        } catch (Refusal unreadable) {
            return Optional.empty();
        }
    }

    private static String whose(ClusterObject object, String of) {
        return of.isEmpty() ? "" : object.at(of).asText();
    }
}
