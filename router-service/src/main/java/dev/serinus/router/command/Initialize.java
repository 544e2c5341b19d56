package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Split;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes what a canary needs before any traffic is moved: the claim and the finalizer, a Service for
 * each side, the primary with copies of its configs. A primary that is there is taken as it is.
 * Where another was the target before, its pods keep what leads to them until TAKE_OVER; what of it
 * was under analysis gives its traffic back first, if nobody asks for it to be kept.
 */
record Initialize(ActionContext context) implements Action {

    @Override
    public ActionResult carryOut(Order order) {
        var canary = order.canary();
        var target = context.target(canary);
        // What cannot be done is said before anything is written, the finalizer included.
        var primary = context.findPrimary(canary, target);
        if (primary != null) {
            target.refuseUnlike(primary);
        } else {
            target.refuseUnlabelled();
        }
        var route = context.route(order);
        var atRest = order.routing(target, primary).at(Split.PRIMARY);
        var found = Router.Found.in(context.cluster());
        route.check(atRest, found);
        ActionContext.refuseForeign(
                canary,
                route.plan(atRest, route.dependsOnFound() ? context.cluster()::find : _ -> null));
        var sides = context.sides(canary);
        List<Change> changes = new ArrayList<>();
        var another = new AnotherTarget(context, canary, target, primary);
        boolean isExposed =
                route.current(context.cluster()::find).filter(Split::reachesCanary).isPresent();
        List<Change> back =
                isExposed && !order.split().reachesCanary() ? another.takenBack(route) : List.of();
        if (primary == null) {
            var copy = sides.created(canary, target, order.mark());
            var first = copy.primary(target.kind().primary(canary, context.cluster()::find));
            // One that was lost comes back with the labels that it had.
            var known = first == null ? target : target.beside(first);
            changes.addAll(another.possible(sides.routable(canary, known, first)));
            changes.addAll(new FormerObjects(context).retired(canary));
            changes.addAll(
                    route.beforePrimary(
                            order.routing(known, null).at(Split.PRIMARY), context.cluster()::find));
            changes.addAll(copy.changes());
            List<String> told = new ArrayList<>(sides.takenOver(canary, target));
            told.addAll(route.lost(atRest, found.with(context.users())));
            var written = new ArrayList<>(context.apply(order, target, back));
            written.addAll(context.apply(order, target, changes));
            var made =
                    ActionResult.writing(written)
                            .copying(copy.revision())
                            .but(String.join("; ", told));
            return back.isEmpty() ? made : made.reading(shown(route));
        }
        new FlaggerActivity(context).refuseWhileAtWork(order, primary);
        String revision = sides.revision(canary, target, primary);
        changes.addAll(another.possible(sides.routable(canary, target, primary)));
        changes.addAll(sides.kept(canary, target, primary, revision, order.mark()));
        changes.add(new Change(primary, primary));
        var written = new ArrayList<>(context.apply(order, target, back));
        written.addAll(context.apply(order, target, changes));
        var done = ActionResult.writing(written).copying(revision);
        var told = sides.unchangeable(canary).map(done::but).orElse(done);
        // Whoever meets a canary at work goes on from where its route is.
        return route.current(context.cluster()::find).map(told::reading).orElse(told);
    }

    private Split shown(CanaryRoute route) {
        return route.current(context.cluster()::find).orElse(Split.PRIMARY);
    }
}
