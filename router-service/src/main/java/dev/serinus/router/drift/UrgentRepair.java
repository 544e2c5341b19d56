package dev.serinus.router.drift;

import dev.serinus.router.command.ActionContext;
import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.ApexSplit;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is put back of a suspended Canary: that without which nobody would be served. Suspending
 * stops steps, not that; all else is left to whoever changes it by hand meanwhile.
 */
record UrgentRepair(ActionContext context) {

    /** What is to change, if anything. */
    List<Change> of(Canary canary) {
        var found = context.target(canary);
        var primary = context.findPrimary(canary, found);
        var sides = context.sides(canary);
        var lost = primary == null ? sides.lost(canary, found) : Optional.<Change>empty();
        // One that was lost comes back with the labels that it had.
        var promoted = lost.map(Change::desired).orElse(primary);
        if (promoted == null) {
            // Another target: nothing leads there before analysis has made its primary.
            return List.of();
        }
        var target = found.beside(promoted);
        List<Change> changes = new ArrayList<>();
        sides.routable(canary, target, promoted, _ -> {}).stream()
                .flatMap(change -> urgent(target, primary, change).stream())
                .forEach(changes::add);
        lost.ifPresent(changes::add);
        sides.apex(canary, target, promoted)
                .flatMap(change -> urgent(target, primary, change))
                .ifPresent(changes::add);
        return changes;
    }

    /** One that is gone, or that leads to a target without pods while the primary has some. */
    private static Optional<Change> urgent(
            Target target, @Nullable ClusterObject primary, Change wanted) {
        var live = wanted.live();
        if (live == null) {
            return Optional.of(wanted);
        }
        var led = ledBack(live).orElse(wanted.desired());
        boolean leadsNowhere =
                primary != null
                        && Services.leadsTo(live, target)
                        && !Services.leadsTo(led, target)
                        && target.kind().available(target.object()) == 0
                        && target.kind().available(primary) > 0;
        return leadsNowhere
                ? Optional.of(
                        new Change(
                                live,
                                live.edited(
                                        edit -> {
                                            edit.spec("selector", led.at("/spec/selector"));
                                            edit.withoutAnnotations(ApexSplit::isNote);
                                        })))
                : Optional.empty();
    }

    /** An apex that leads to the canary alone, since its pods had everybody by it. */
    private static Optional<ClusterObject> ledBack(ClusterObject live) {
        return ApexSplit.shown(live).filter(it -> !it.reachesPrimary()).isPresent()
                ? ApexSplit.of(live).map(noted -> live.edited(noted::backOn))
                : Optional.empty();
    }
}
