package dev.serinus.router.command;

import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.CanaryRoute;

import java.util.Optional;

/** What the mesh may still do by a route that was written a moment ago. */
record DataPlane(ActionContext context) {

    /**
     * Waits until every route was seen as it is now, or patience is over, and says what was not: by
     * that the mesh may serve what was before. Empty when all was seen.
     */
    Optional<String> unseen(CanaryRoute route) throws InterruptedException {
        var last =
                route.awaitAccepted(
                        context.cluster()::find,
                        it -> !isUnseen(it),
                        context.cluster(),
                        context.patience());
        return isUnseen(last) ? Optional.of(last.because()) : Optional.empty();
    }

    private static boolean isUnseen(Acceptance acceptance) {
        return acceptance.state() == Acceptance.State.UNSEEN;
    }
}
