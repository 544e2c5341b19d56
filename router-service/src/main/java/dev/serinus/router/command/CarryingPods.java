package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Split;
import dev.serinus.router.scaler.Scalers;
import dev.serinus.router.workload.CanaryNodes;
import dev.serinus.router.workload.ManifestSize;
import dev.serinus.router.workload.PodShare;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.SizeBefore;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Weight;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Gives the side that gets more traffic the pods that carry it, and has the traffic wait for them
 * where it may.
 */
record CarryingPods(ActionContext context) {

    /** Pods begin in seconds, and to ask again costs a record. */
    private static final Duration MOMENT = Duration.ofSeconds(2);

    /** A few pods that never become ready must not keep traffic on a canary that is taken back. */
    private static final int ENOUGH_PERCENT = 80;

    /** Fewer are waited for by a primary that kept its pods: the canary is what fails. */
    private static final int ENOUGH_BESIDE_PERCENT = 50;

    private static final int ALL_PERCENT = 100;

    /** So far a share may be off without a word. */
    private static final Weight NEAR = Weight.percent(1);

    /** What an autoscaler counts is some rounds old: its own (15 s), and that of its metrics. */
    private static final Duration UNTIL_NUMBERS_FOLLOW = Duration.ofMinutes(1);

    /** By how much the clocks of two routers may differ, of which one goes on for the other. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(30);

    /** How many pods a target begins with: an autoscaler's minimum is the least. */
    int begun(Order order, Target target, @Nullable ClusterObject primary) {
        int primarys = primary == null ? 1 : Math.max(1, target.kind().desired(primary));
        Weight share = order.pods().share();
        if (share != null && primary != null) {
            refuseBeyond(order, share, primarys);
        }
        var least = context.scalers().minimum(order.canary());
        return share == null
                ? least.orElse(primarys)
                : Math.max(least.orElse(1), needed(order, share, primarys));
    }

    /** How many pods a share needs where so many carry all traffic. */
    private int needed(Order order, Weight share, int all) {
        return context.route(order).sharesByPods()
                ? PodShare.beside(share, all)
                : PodShare.of(share, all);
    }

    /** One pod is a large share beside few: nobody has allowed that one. */
    private void refuseBeyond(Order order, Weight share, int all) {
        if (context.route(order).sharesByPods()) {
            String primary = order.canary().getSpec().targetRef().name() + "-primary";
            PodShare.beyond(share, all, primary)
                    .ifPresent(
                            because -> {
                                throw Refusal.invalid(because);
                            });
        }
    }

    /**
     * What is to change in the primary as a canary gets its pods: it tells how many pods it has
     * that carry all traffic, and has some where its autoscaler has taken all.
     */
    Optional<Change> besideCanary(Order order, Target target, @Nullable ClusterObject primary) {
        var noted = noted(order, target, primary);
        if (primary == null
                || !order.targetRunning()
                || !target.kind().isScaledDown(primary)
                || !context.scalers().mayStop(order.canary())) {
            return noted;
        }
        var told = noted.map(Change::desired).orElse(primary);
        var awake = context.primaries().awake(order.canary(), target, told);
        return effective(new Change(primary, awake.desired()));
    }

    /**
     * What is to change in the primary as a canary loses its pods: it tells nothing of that canary
     * any more, and has the pods that the manifest asks for which this run has promoted.
     */
    Optional<Change> afterCanary(Order order, Target target, @Nullable ClusterObject primary) {
        var noted = noted(order, target, primary);
        if (primary == null || !target.kind().isSized()) {
            return noted;
        }
        var size = ManifestSize.of(primary, order.mark().run());
        if (size.isEmpty() || context.scalers().isSizedByAny(order.canary(), target)) {
            return noted;
        }
        var told = noted.map(Change::desired).orElse(primary);
        return effective(
                new Change(primary, ManifestSize.reached(target.kind(), told, size.getAsInt())));
    }

    /**
     * What is to change so that the primary tells how many pods carried all traffic before a canary
     * began with the pods of a share; of one that begins otherwise, or ended, it tells nothing.
     */
    private Optional<Change> noted(Order order, Target target, @Nullable ClusterObject primary) {
        if (primary == null || !target.kind().isSized()) {
            return Optional.empty();
        }
        boolean ends = !order.targetRunning();
        boolean begins = order.targetRunning() && target.kind().isScaledDown(target.object());
        if (order.pods().share() == null) {
            return ends || begins ? effective(SizeBefore.forgotten(primary)) : Optional.empty();
        }
        // While some is at the canary, what the primary has is no more what carries all of it.
        return ends || reachesCanary(order)
                ? Optional.empty()
                : effective(SizeBefore.noted(target, primary));
    }

    private boolean reachesCanary(Order order) {
        return context.route(order)
                .current(context.cluster()::find)
                .filter(Split::reachesCanary)
                .isPresent();
    }

    private static Optional<Change> effective(Change change) {
        return Optional.of(change).filter(Change::isEffective);
    }

    /**
     * What is to change so that the canary carries more than now: nothing where its own autoscaler
     * sizes it. Refused while it does not, where that may be waited for.
     */
    List<Change> onCanary(Order order, Target target, @Nullable ClusterObject primary) {
        if (primary == null
                || !target.kind().isSized()
                || Scalers.primary(order.canary()).isPresent()) {
            return List.of();
        }
        var before = SizeBefore.of(primary);
        boolean isSmall = order.pods().share() == null && before.isPresent();
        // One that began with the pods of a share carries no more when nobody says the share: the
        // Canary was edited meanwhile, or who asks knows of none.
        boolean byPods = context.route(order).sharesByPods();
        Weight share =
                byPods ? order.split().canaryWeight() : isSmall ? Weight.ALL : order.pods().share();
        if (share == null) {
            return List.of();
        }
        var live = target.object();
        int primarys = target.kind().desired(primary);
        refuseBeyond(order, share, Math.max(1, primarys));
        // Where pods make the split, those that there are beside it do.
        int needed = needed(order, share, byPods ? primarys : Math.max(primarys, before.orElse(1)));
        List<Change> changes =
                target.kind().desired(live) < needed
                        ? List.of(new Change(live, given(order, target, needed, byPods)))
                        : List.of();
        int ready =
                Objects.requireNonNullElse(
                        order.canary().getSpec().analysis().canaryReadyThreshold(), ALL_PERCENT);
        boolean waits = order.pods().first() || (isSmall && target.kind().available(primary) > 0);
        if (waits && isShort(target.serving(), needed, ready)) {
            throw onTheirWay(order, target, changes, live, needed);
        }
        int beside = target.kind().available(primary);
        int serving = Math.min(target.serving(), needed);
        if (byPods && PodShare.isBeyond(share, serving, beside)) {
            throw Refusal.retry(
                    "%s has %d available replicas of %d, so that the canary would get %d percent of the connections instead of %s"
                            .formatted(
                                    primary.ref().dotted(),
                                    beside,
                                    primarys,
                                    Weight.ofParts(serving, beside).wholePercent(),
                                    share));
        }
        return changes;
    }

    /** Where its pods make the split, what its manifest asks for waits until the run has ended. */
    private static ClusterObject given(Order order, Target target, int pods, boolean shared) {
        var live = CanaryNodes.begun(order.canary(), target.object());
        return shared
                ? ManifestSize.shared(target.kind(), live, pods)
                : target.kind().scaledUp(live, pods);
    }

    /**
     * What is to change so that the canary has no more than its share where pods make the split:
     * one may have had more before. Refused while it has more and nobody meets it yet; where some
     * do, the rest of them serves when these go.
     *
     * @param present the canary's share until now
     */
    List<Change> noMoreOnCanary(
            Order order, Target target, @Nullable ClusterObject primary, Weight present) {
        Weight share = order.split().canaryWeight();
        if (primary == null
                || !context.route(order).sharesByPods()
                || !share.isAny()
                || !Weight.ALL.isAbove(share)) {
            return List.of();
        }
        var live = target.object();
        int most = PodShare.beside(share, target.kind().desired(primary));
        List<Change> changes =
                target.kind().desired(live) > most
                        ? List.of(new Change(live, given(order, target, most, true)))
                        : List.of();
        if (!present.isAny() && (!changes.isEmpty() || target.serving() > most)) {
            var _ = context.apply(order, target, changes);
            throw Refusal.later(
                    "%s has %d pods, and with more than %d it would get more than its share"
                            .formatted(live.ref().dotted(), target.serving(), most),
                    MOMENT);
        }
        return changes;
    }

    /**
     * What share the canary's pods have where pods make the split, in a sentence; empty where it is
     * the one that was asked for, or within a percent of it.
     */
    String otherShare(Order order, Target target, @Nullable ClusterObject primary) {
        Weight asked = order.split().canaryWeight();
        if (primary == null
                || !context.route(order).sharesByPods()
                || !asked.isAny()
                || !Weight.ALL.isAbove(asked)) {
            return "";
        }
        int most = PodShare.beside(asked, target.kind().desired(primary));
        // Those that are more are about to go.
        int serving = Math.min(target.serving(), most);
        int beside = target.kind().available(primary);
        Weight share = Weight.ofParts(serving, beside);
        return Math.abs(share.basisPoints() - asked.basisPoints()) <= NEAR.basisPoints()
                ? ""
                : "%d of %d pods that %s leads to are the canary's, which is %d percent of its connections instead of %s"
                        .formatted(
                                serving,
                                serving + beside,
                                order.canary().apex() + "." + order.namespace(),
                                share.wholePercent(),
                                asked);
    }

    /**
     * What is to change so that the primary carries what comes back to it: its own autoscaler may
     * have made it small while the canary had most. Refused while it does not, where that may be
     * waited for and all of the canary serves.
     *
     * @param present the canary's share, of which some goes to the primary
     */
    List<Change> onPrimary(Order order, Target target, ClusterObject primary, Weight present) {
        int leaving = new BaselinePods(context).leavingWith(order, target);
        var before = SizeBefore.of(primary);
        int carrying =
                before.isPresent()
                        ? PodShare.returning(present, leaving, before.getAsInt())
                        : leaving;
        int needed =
                context.scalers()
                        .primaryMaximum(order.canary())
                        .map(most -> Math.min(most, carrying))
                        .orElse(carrying);
        Instant until = context.clock().instant().plus(UNTIL_NUMBERS_FOLLOW);
        boolean isShort = target.kind().desired(primary) < needed;
        List<Change> raised = new ArrayList<>();
        if (isShort) {
            context.scalers().held(order.canary(), needed, until).ifPresent(raised::add);
        }
        raised.add(Primaries.atLeast(target, primary, needed));
        // Where one Service selects the pods of both, the primary's have a share of it already.
        boolean isBeside = context.route(order).sharesByPods() && Weight.ALL.isAbove(present);
        boolean waits =
                order.pods().first()
                        && target.kind().isSized()
                        && !target.kind().isScaledDown(target.object())
                        && target.kind().isComplete(target.object());
        int enough = isBeside ? ENOUGH_BESIDE_PERCENT : ENOUGH_PERCENT;
        if (waits && isShort(target.kind().available(primary), needed, enough)) {
            throw onTheirWay(order, target, raised, primary, needed);
        }
        if (!isShort) {
            // From here on the traffic is what it counts; before it was waited for.
            context.scalers().heldOn(order.canary(), until).ifPresent(raised::add);
        }
        return raised;
    }

    /**
     * What is to change so that the primary's autoscaler decides alone again. Refused until its
     * numbers had time to follow the traffic that came back; the canary keeps its pods as well.
     */
    Optional<Change> letGo(Order order) {
        heldFor(order)
                .ifPresent(
                        left -> {
                            throw Refusal.later(
                                    "the autoscaler of the primary is held for %d s more, until its numbers follow the traffic that came back"
                                            .formatted(left.toSeconds() + 1),
                                    left);
                        });
        return context.scalers().letGo(order.canary());
    }

    /**
     * The same where the canary goes on, but that a pod of the primary stays: nothing while it is
     * held still, and nobody waits.
     */
    Optional<Change> letGoIfOver(Order order) {
        return heldFor(order).isPresent()
                ? Optional.empty()
                : context.scalers().letGoButOne(order.canary(), context.clock().instant());
    }

    /** How long it is held still; more than was ever said is said by a clock that was wrong. */
    private Optional<Duration> heldFor(Order order) {
        var now = context.clock().instant();
        return context.scalers()
                .heldUntil(order.canary())
                .map(until -> Duration.between(now, until))
                .filter(Duration::isPositive)
                .filter(left -> left.compareTo(UNTIL_NUMBERS_FOLLOW.plus(CLOCKS_DIFFER)) <= 0);
    }

    private static boolean isShort(int serving, int needed, int percent) {
        return serving * (long) ALL_PERCENT < needed * (long) percent;
    }

    /** They are on their way; nothing is wrong. */
    private Refusal onTheirWay(
            Order order, Target target, List<Change> changes, ClusterObject side, int needed) {
        var _ = context.apply(order, target, changes);
        return Refusal.later(
                "%s has %d of the %d pods that the traffic needs which it is to get"
                        .formatted(side.ref().dotted(), target.kind().available(side), needed),
                MOMENT);
    }
}
