package dev.serinus.router.command;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.AnalysedConfigs;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Weight;

import org.jspecify.annotations.Nullable;

/**
 * A command with the Canary it is about.
 *
 * @param split where traffic shall go
 * @param targetRunning whether the target's pods must run
 * @param baselineRunning whether the baseline's pods must run
 * @param pods how many the sides are to have for that
 * @param revision the target's revision the step is about; empty when it does not matter
 * @param configs those that may be promoted with it
 * @param held whether the watch shows that the Canary is ours and will not go before we let it
 * @param orphans whether the watch ever showed that the Canary goes without what it owns
 * @param unusable what is wrong with the manifest where none was ever right; empty when it is in
 *     force
 */
public record Order(
        Canary canary,
        Mark mark,
        Split split,
        boolean targetRunning,
        boolean baselineRunning,
        Pods pods,
        String revision,
        AnalysedConfigs configs,
        boolean held,
        boolean orphans,
        String unusable) {

    /**
     * How many pods the sides are to have.
     *
     * @param share of the primary's, that the target is to have at least; null where it begins in
     *     the primary's size and is left at what it has; one that began with the pods of a share is
     *     to have all of them before it gets more
     * @param first the side that gets more traffic is to have them before it gets it
     */
    public record Pods(@Nullable Weight share, boolean first) {}

    /** The same step with everybody at the canary, which has the pods for that first. */
    Order toCanaryAlone() {
        return new Order(
                canary,
                mark,
                Split.of(Weight.ALL),
                targetRunning,
                baselineRunning,
                new Pods(Weight.ALL, true),
                revision,
                configs,
                held,
                orphans,
                unusable);
    }

    public String namespace() {
        return canary.getMetadata().getNamespace();
    }

    /**
     * What the route is to be made from.
     *
     * @param primary null when it is yet to be made
     */
    public Routing routing(Target target, @Nullable ClusterObject primary) {
        return Routing.of(canary, split, mark.run(), target, primary);
    }
}
