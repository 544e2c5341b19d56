package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a route is made from.
 *
 * @param run number of the run, which names the cookies of session affinity
 * @param selectorLabel the label that tells the target's pods from others
 * @param serving what serves the primary's share; null when it is yet to be made, or not known
 */
public record Routing(
        Canary canary,
        Split split,
        long run,
        String selectorLabel,
        Pods pods,
        @Nullable Ref serving) {

    /** Where no more is known of the pods than the target's name. */
    public Routing(Canary canary, Split split, long run, String selectorLabel) {
        this(canary, split, run, selectorLabel, Pods.named(canary, selectorLabel), null);
    }

    /**
     * With what is known of the target.
     *
     * @param primary null when it is yet to be made
     */
    public static Routing of(
            Canary canary, Split split, long run, Target target, @Nullable ClusterObject primary) {
        return new Routing(
                canary,
                split,
                run,
                target.label(),
                Pods.of(target, primary),
                primary == null ? null : primary.ref());
    }

    public String primary() {
        return canary.apex() + "-primary";
    }

    public String candidate() {
        return canary.apex() + "-canary";
    }

    public String baseline() {
        return canary.apex() + "-baseline";
    }

    /**
     * Percent of the requests that are copied to the canary: that of the split, else the Canary's;
     * null where nobody says one, which is all of them.
     */
    public @Nullable Integer mirrorPercent() {
        var copies = split.copies();
        Integer written = canary.getSpec().analysis().mirrorWeight();
        return copies != null
                ? Integer.valueOf(copies.wholePercent())
                : written == null || written <= 0 ? null : written;
    }

    /** {@code spec.analysis.match}; empty when there is none. */
    public List<JsonNode> match() {
        return match(canary);
    }

    static List<JsonNode> match(Canary canary) {
        var match = canary.getSpec().analysis().match();
        return match == null ? List.of() : match;
    }

    /**
     * The conditions that requests are told apart by at this split; none when all of them go to the
     * canary: where the primary has lost its pods, nobody may be led there.
     *
     * @throws Refusal where they are too many to be laid over those of spec.service
     */
    public List<JsonNode> conditions() {
        if (!split.reachesPrimary()) {
            return List.of();
        }
        var service = canary.getSpec().service();
        ManifestLimits.matches(match(), service == null ? null : service.match())
                .ifPresent(
                        problem -> {
                            throw Refusal.invalid("spec.analysis.match " + problem);
                        });
        return match();
    }

    /** spec.service, which a route cannot do without. */
    public CanaryService service() {
        var service = canary.getSpec().service();
        if (service == null) {
            throw Refusal.invalid("spec.service is required: it names the port to route to");
        }
        return service;
    }

    /** Whether the Services of both sides have a port of this number. */
    public boolean serves(int port) {
        return port == service().port()
                || (Boolean.TRUE.equals(service().portDiscovery()) && pods.listenOn(port));
    }

    /**
     * What a route holds of this Canary's run, such as its cookies; nothing where there is none, or
     * where it was left by a Canary that is gone.
     */
    public JsonNode live(@Nullable ClusterObject route, String pointer) {
        return route == null || route.isLeftByAnotherThan(canary)
                ? MissingNode.getInstance()
                : route.at(pointer);
    }

    public Routing at(Split other) {
        return new Routing(canary, other, run, selectorLabel, pods, serving);
    }
}
