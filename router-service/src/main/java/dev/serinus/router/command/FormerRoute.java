package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An object of a route that was made for a Canary, or taken over whole, and is asked for no more.
 *
 * @param route of the Canary as it was asked for, as far as the object tells
 * @param live the object: the route, or what it leads to
 */
public record FormerRoute(CanaryRoute route, ClusterObject live) {

    static FormerRoute of(Router router, Canary canary, ClusterObject live) {
        // A route is called as the apex is, on App Mesh perhaps with its namespace.
        String suffix = "." + live.ref().namespace();
        String name = live.ref().name();
        String apex =
                name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
        return new FormerRoute(new CanaryRoute(router, canary.called(apex)), live);
    }

    Ref ref() {
        return live.ref();
    }

    /** False for what requests are led to by it. */
    boolean isRoute() {
        return route.routes().stream().anyMatch(ref()::isSameObject);
    }

    /** True when requests, or copies of some, go elsewhere by it than to the primary. */
    boolean leavesPrimary() {
        return isRoute()
                && route.router()
                        .shown(route.canary(), live)
                        .filter(Split::leavesPrimary)
                        .isPresent();
    }

    /** True when the Canary names routes of the user's own now in place of this one. */
    boolean isReplacedBy(CanaryRoute now) {
        return now.isOfTheUser()
                && isRoute()
                && route.router().mesh().equals(now.router().mesh())
                && route.canary().apex().equals(now.canary().apex());
    }

    Change withoutCanary() {
        return new Change(live, live.edited(route.router().withoutCanary(route.canary(), live)));
    }

    /** As it was found; empty for what stays as it is. */
    Optional<Change> restored() {
        return route.router()
                .restored(route.canary(), live)
                .map(original -> new Change(live, original));
    }

    /** As when the Canary goes: as it was found, or, if it was made, leading to the apex. */
    List<Change> given(Target target, Router.Found looked) {
        List<Change> given = new ArrayList<>();
        if (live.isOwnedBy(route.canary())) {
            given.addAll(
                    route.left(
                            target.object(),
                            Routing.of(route.canary(), Split.PRIMARY, 0, target, null),
                            ref -> ref.isSameObject(ref()) ? live : null,
                            looked));
        } else {
            restored().ifPresent(given::add);
        }
        return given;
    }
}
