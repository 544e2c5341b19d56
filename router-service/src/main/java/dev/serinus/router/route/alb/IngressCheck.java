package dev.serinus.router.route.alb;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.AdoptedWeights;
import dev.serinus.router.route.AdoptedWeights.Owner;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.route.ingress.IngressBackends;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryService.CustomMetadata;
import dev.serinus.schemas.mesh.Alb;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Whether an Ingress can share its requests between a canary's sides. The controller gives up on
 * the whole load balancer where one Service of it cannot be used: what would do that is refused
 * before anything is written.
 */
record IngressCheck(Canary canary, ClusterObject ingress) {

    private static final String TARGET_TYPE = Alb.ANNOTATIONS + "target-type";
    private static final String AUTH_TYPE = Alb.ANNOTATIONS + "auth-type";
    private static final String IP = "ip";
    private static final String NONE = "none";

    private SteeredIngress steered() {
        return new SteeredIngress(canary.apex());
    }

    private Refusal refusal(String because) {
        return Refusal.retry("ingress " + ingress.ref().dotted() + " " + because);
    }

    /** Refuses what cannot be used. */
    void refuseUnusable() {
        owner();
        backends();
        targetType();
        var ports = steered().ports(ingress);
        if (ports.size() > 1) {
            throw refusal(
                    "leads to several ports of %s, and one action has one of them; leave one in it, and put the others into an Ingress of their own (annotation %sgroup.name keeps them on one load balancer)"
                            .formatted(canary.apex(), Alb.ANNOTATIONS));
        }
        for (JsonNode port : ports) {
            port(port.has("name") ? port.path("name") : port.path("number"));
            action(steered().action(), ForwardAction.to(canary.apex(), port));
        }
        steered()
                .actions(ingress)
                .forEach((name, action) -> action(SteeredIngress.action(name), action));
    }

    /** An Ingress has one Canary: what it was like is noted for one, and so is its last step. */
    private void owner() {
        var other =
                ingress.steeredFor()
                        .filter(it -> !it.equals(canary.apex()))
                        .or(ingress::controllingCanary);
        if (other.isPresent()) {
            throw refusal(
                    "belongs to another Canary already (%s); give each application an Ingress of its own, and both the annotation %sgroup.name to have one load balancer"
                            .formatted(other.get(), Alb.ANNOTATIONS));
        }
    }

    private void backends() {
        boolean isDirect = !steered().ports(ingress).isEmpty();
        boolean isUsed = steered().usesItsAction(ingress);
        boolean isThere = ingress.annotation(steered().action()) != null;
        if (isDirect && isThere && !steered().madeItsAction(ingress)) {
            throw refusal(
                    "leads to %s, and has another action of that name in annotation %s; give that one another name"
                            .formatted(canary.apex(), steered().action()));
        }
        if (isUsed && !isDirect && !steered().actions(ingress).containsKey(canary.apex())) {
            throw refusal(
                    "uses action %s, and annotation %s does not forward to that Service; mend it, or lead the backend to a port of the Service"
                            .formatted(canary.apex(), steered().action()));
        }
        if (!isDirect && steered().actions(ingress).isEmpty()) {
            throw IngressBackends.notFound(
                    new Routing(canary, Split.PRIMARY, 0, ""), ingress.ref());
        }
    }

    /** The Services of the sides have no ports on nodes. */
    private void targetType() {
        var service = Objects.requireNonNull(canary.getSpec().service(), "spec.service");
        boolean onServices = isOnPods(service.primary()) && isOnPods(service.canary());
        if (!IP.equals(ingress.annotation(TARGET_TYPE)) && !onServices) {
            throw refusal(
                    "has no annotation %s: ip, and the Services of primary and canary have no ports on nodes, without which the controller would give up on the whole load balancer; set it there, or in spec.service.primary.annotations and spec.service.canary.annotations"
                            .formatted(TARGET_TYPE));
        }
    }

    private static boolean isOnPods(@Nullable CustomMetadata metadata) {
        return IP.equals(annotation(metadata, TARGET_TYPE));
    }

    private static @Nullable String annotation(@Nullable CustomMetadata metadata, String key) {
        return metadata == null || metadata.annotations() == null
                ? null
                : metadata.annotations().get(key);
    }

    private void port(JsonNode port) {
        var service = Objects.requireNonNull(canary.getSpec().service(), "spec.service");
        if (!IngressBackends.isOfService(service, port.asText())) {
            throw IngressBackends.noPort(
                    new Routing(canary, Split.PRIMARY, 0, ""),
                    "ingress " + ingress.ref().dotted(),
                    port.asText());
        }
    }

    private void action(String annotation, ForwardAction action) {
        var groups = action.groups();
        var steered = steered();
        boolean isTwice =
                groups.valueStream()
                                .filter(it -> steered.owner(it) == Owner.APPLICATION)
                                .filter(it -> ForwardAction.weight(it) > 0)
                                .count()
                        > 1;
        if (isTwice) {
            throw refusal(
                    "has several target groups of %s in annotation %s; leave one of them"
                            .formatted(canary.apex(), annotation));
        }
        if (AdoptedWeights.leavesNothing(groups, steered::owner, ForwardAction::weight)) {
            throw refusal(
                    "gives %s no weight in annotation %s; give it one, or leave it out"
                            .formatted(canary.apex(), annotation));
        }
        groups.valueStream()
                .filter(it -> steered.owner(it) != Owner.OTHER)
                .map(ForwardAction::port)
                .forEach(this::port);
        // Where clients stay with a target group, both sides are named while both have a share.
        var divided = steered.divided(action, Split.of(AdoptedWeights.ALL / 2)).groups();
        if (divided.size() > ForwardAction.MOST_GROUPS) {
            throw refusal(
                    "would have %d target groups in annotation %s, of which AWS takes %d; leave some out"
                            .formatted(divided.size(), annotation, ForwardAction.MOST_GROUPS));
        }
        if (divided.valueStream()
                .anyMatch(it -> ForwardAction.weight(it) > ForwardAction.MOST_WEIGHT)) {
            throw refusal(
                    "gives %s so small a share in annotation %s that it cannot be divided by percent: beside its 100 another target group would weigh more than %d; give it at least a tenth of the largest"
                            .formatted(canary.apex(), annotation, ForwardAction.MOST_WEIGHT));
        }
    }

    /**
     * Refuses a Service that asks who comes in: where requests are shared among target groups, what
     * a Service says of that is not asked, and everybody would come in.
     *
     * @param apex the Service as it is; null when it is not known
     */
    void refuseUnasked(@Nullable ClusterObject apex) {
        var service = Objects.requireNonNull(canary.getSpec().service(), "spec.service");
        String asked = annotation(service.apex(), AUTH_TYPE);
        if (asked == null && apex != null) {
            asked = apex.annotation(AUTH_TYPE);
        }
        if (asked != null && !asked.equals(NONE) && !asked.equals(ingress.annotation(AUTH_TYPE))) {
            throw Refusal.retry(
                    "Service %s asks who comes in (annotation %s), which the controller passes over where an action has several target groups; move its annotations %sauth-* to ingress %s"
                            .formatted(
                                    canary.apex(),
                                    AUTH_TYPE,
                                    Alb.ANNOTATIONS,
                                    ingress.ref().dotted()));
        }
    }
}
