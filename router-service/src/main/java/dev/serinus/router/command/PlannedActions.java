package dev.serinus.router.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.PlannedCluster;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Routers;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.AnalysedConfigs;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What would be written for a Canary, by the very actions that write it. Nothing is: they work on a
 * {@link PlannedCluster}.
 */
public final class PlannedActions {

    /** As many times an action may have to wait for data planes; each is over at once here. */
    private static final int ROUNDS = 20;

    private PlannedActions() {}

    /**
     * What was found out.
     *
     * @param changes in the order in which they are written; never of the Canary itself
     * @param deleted what is there and would be gone
     * @param notes what was taken to be so, and what stands in the way, a sentence each
     * @param stopped something stands in the way, so that there may be more
     */
    public record Found(
            List<Change> changes,
            List<ClusterObject> deleted,
            List<String> notes,
            boolean stopped) {

        public Found {
            changes = List.copyOf(changes);
            deleted = List.copyOf(deleted);
            notes = List.copyOf(notes);
        }
    }

    /** Time that passes where somebody waits, at once. */
    private static final class PassingTime implements InstantSource {

        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        void pass(Duration time) {
            now = now.plus(time);
        }
    }

    /**
     * What it takes until the Canary is as its manifest says, at the split that its route shows.
     *
     * @param live read, and never written
     * @param underWay a release is under way, so that the target keeps its pods
     */
    public static Found of(
            Cluster live, Canary canary, Installation installation, boolean underWay) {
        var planned = new PlannedCluster(live);
        var time = new PassingTime();
        var context =
                ActionContext.of(
                        planned,
                        installation,
                        new Routers(installation),
                        new Claims(),
                        Duration.ZERO,
                        new RecentWrites(Duration.ZERO, time, time::pass));
        List<String> notes = new ArrayList<>();
        boolean stopped = false;
        try {
            var present = context.routers().of(canary).current(live::find).orElse(Split.PRIMARY);
            var order = order(canary, present, underWay || present.reachesCanary());
            var _ = carryOut(new Initialize(context), order, time);
            assumeServing(context, planned, live, canary, notes);
            takeOver(context, order, time, notes);
        } catch (Refusal refusal) {
            notes.add(refusal.because());
            stopped = true;
        }
        return new Found(planned.changes(), planned.deleted(), notes, stopped);
    }

    /** No object carries a later step, and it is held already: nothing is refused for these. */
    private static Order order(Canary canary, Split split, boolean targetRunning) {
        return new Order(
                canary,
                new Mark(canary.getMetadata().getUid(), Long.MAX_VALUE, Long.MAX_VALUE),
                split,
                targetRunning,
                false,
                new Order.Pods(null, false),
                "",
                AnalysedConfigs.ANY,
                true,
                false,
                "");
    }

    /** Empty when it was done; what a data plane has to show before the rest is, else. */
    private static Optional<Refusal> carryOut(Action action, Order order, PassingTime time) {
        for (int round = 0; round < ROUNDS; round++) {
            try {
                var _ = action.carryOut(order);
                return Optional.empty();
            } catch (NotYet open) {
                switch (open.waitsFor()) {
                    case NotYet.Wait.BeforePodsGo(var left) -> time.pass(left);
                    case NotYet.Wait.OnTheWay(var left) -> time.pass(left);
                    case NotYet.Wait.UntilShown(var _, var otherwise) -> {
                        return Optional.of(otherwise);
                    }
                }
            }
        }
        throw Refusal.retry("%d writes one after the other are not enough".formatted(ROUNDS));
    }

    /** A primary that is yet to be made serves before anything leads to it. */
    private static void assumeServing(
            ActionContext context,
            PlannedCluster planned,
            Cluster live,
            Canary canary,
            List<String> notes) {
        var target = context.target(canary);
        var primary = context.findPrimary(canary, target);
        if (primary == null
                || target.kind().available(primary) > 0
                || live.find(primary.ref()) != null) {
            return;
        }
        int pods = Math.max(1, target.kind().desired(primary));
        var status = JsonNodeFactory.instance.objectNode();
        for (String counted :
                List.of(
                        "replicas",
                        "updatedReplicas",
                        "availableReplicas",
                        "desiredNumberScheduled",
                        "updatedNumberScheduled",
                        "numberAvailable")) {
            status.put(counted, pods);
        }
        planned.assume(primary.edited(edit -> edit.put("status", status)));
        notes.add(
                "%s is made first; what follows is written when its pods serve"
                        .formatted(primary.ref().dotted()));
    }

    /** A data plane that has to take a route first is said; what follows is written after that. */
    private static void takeOver(
            ActionContext context, Order order, PassingTime time, List<String> notes) {
        carryOut(new TakeOver(context), order, time)
                .ifPresent(
                        open -> {
                            notes.add(open.because());
                            var target = context.target(order.canary());
                            var _ = context.apply(order, target, rest(context, order, target));
                        });
    }

    private static List<Change> rest(ActionContext context, Order order, Target target) {
        var canary = order.canary();
        var primary = context.findPrimary(canary, target);
        List<Change> changes = new ArrayList<>();
        context.scalers()
                .present(canary, target)
                .filter(Change::isEffective)
                .ifPresent(changes::add);
        context.sides(canary).apex(canary, target, primary).ifPresent(changes::add);
        changes.addAll(new Scale(context).wanted(order, target));
        return changes;
    }
}
