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
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.mesh.Alb;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Whether an Ingress can share its requests between a canary's sides. The controller gives up on
 * the whole load balancer where it cannot use one Service or read one annotation of it: what would
 * do that is refused before anything is written.
 */
record IngressCheck(Canary canary, ClusterObject ingress) {

    private static final String CONDITIONS = Alb.ANNOTATIONS + "conditions.";

    private SteeredIngress steered() {
        return new SteeredIngress(canary.apex());
    }

    private Refusal refusal(String because) {
        return Refusal.retry("ingress " + ingress.ref().dotted() + " " + because);
    }

    private CanaryService service() {
        return Objects.requireNonNull(canary.getSpec().service(), "spec.service");
    }

    /**
     * Refuses what cannot be used, with all that is wrong.
     *
     * @param apex the Service as it is; null when it is not known
     */
    void refuseUnusable(@Nullable ClusterObject apex) {
        owner();
        backends();
        List<Refusal> wrong = new ArrayList<>();
        texts(wrong);
        var settings = new TargetGroupSettings(service(), ingress);
        settings.problems(apex, canary.apex()).forEach(it -> wrong.add(refusal(it)));
        var ports = steered().ports(ingress);
        if (ports.size() > 1) {
            wrong.add(
                    refusal(
                            "leads to several ports of %s, and one action has one of them; leave one in it, and put the others into an Ingress of their own (annotation %sgroup.name keeps them on one load balancer)"
                                    .formatted(canary.apex(), Alb.ANNOTATIONS)));
        }
        for (JsonNode port : ports) {
            port(wrong, port.has("name") ? port.path("name") : port.path("number"));
        }
        steered()
                .divisible(ingress)
                .forEach((name, action) -> action(wrong, name, action, settings));
        if (!wrong.isEmpty()) {
            throw Refusal.all(wrong);
        }
    }

    /** An Ingress has one Canary: what it was like is noted for one, and so is its last step. */
    private void owner() {
        var former = ingress.steeredFor().filter(it -> !it.equals(canary.apex()));
        if (former.isPresent()
                && ingress.mark()
                        .filter(it -> !it.canary().isEmpty())
                        .filter(it -> it.isOf(canary.getMetadata().getUid()))
                        .isPresent()) {
            throw refusal(
                    "is still shared for Service %s, which spec.service.name named before, and is given back first; lead it to %s"
                            .formatted(former.get(), canary.apex()));
        }
        var other = former.or(ingress::controllingCanary);
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

    /** What the controller cannot read stops it at all that it would do, for other paths too. */
    private void texts(List<Refusal> wrong) {
        SteeredIngress.used(ingress)
                .forEach(
                        (name, text) -> {
                            boolean isRemade =
                                    name.equals(canary.apex()) && steered().madeItsAction(ingress);
                            if (!isRemade) {
                                text(wrong, SteeredIngress.action(name), text);
                            }
                        });
        SteeredIngress.names(ingress)
                .map(name -> CONDITIONS + name)
                .forEach(key -> text(wrong, key, ingress.annotation(key)));
    }

    private void text(List<Refusal> wrong, String annotation, @Nullable String text) {
        if (text != null && !ForwardAction.isJson(text)) {
            wrong.add(
                    refusal(
                            "has no JSON in annotation %s, for which the controller leaves the whole load balancer as it is; mend it or take it away"
                                    .formatted(annotation)));
        }
    }

    private void port(List<Refusal> wrong, JsonNode port) {
        if (!IngressBackends.isOfService(service(), port.asText())) {
            wrong.add(
                    IngressBackends.noPort(
                            new Routing(canary, Split.PRIMARY, 0, ""),
                            "ingress " + ingress.ref().dotted(),
                            port.asText()));
        }
    }

    private void action(
            List<Refusal> wrong, String name, ForwardAction action, TargetGroupSettings settings) {
        String annotation = SteeredIngress.action(name);
        var groups = action.groups();
        var share = steered().share();
        boolean isTwice =
                groups.valueStream()
                                .filter(it -> share.owner(it) == Owner.APPLICATION)
                                .filter(it -> ForwardAction.weight(it) > 0)
                                .count()
                        > 1;
        if (isTwice) {
            wrong.add(
                    refusal(
                            "has several target groups of %s in annotation %s; leave one of them"
                                    .formatted(canary.apex(), annotation)));
        }
        if (groups.size() > 1
                && groups.valueStream().anyMatch(it -> !it.path(ForwardAction.WEIGHT).isNumber())) {
            wrong.add(
                    refusal(
                            "has a target group without a weight beside others in annotation %s, which the controller does not take; give each one"
                                    .formatted(annotation)));
        }
        if (AdoptedWeights.leavesNothing(groups, share::owner, ForwardAction::weight)) {
            wrong.add(
                    refusal(
                            "gives %s no weight in annotation %s; give it one, or leave it out"
                                    .formatted(canary.apex(), annotation)));
        }
        groups.valueStream()
                .filter(share::isOurs)
                .map(ForwardAction::port)
                .forEach(it -> port(wrong, it));
        if (settings.keepsClients() && !action.isSticky()) {
            wrong.add(
                    refusal(
                            "keeps clients with a target (stickiness.enabled=true in annotation %s), which AWS takes with several target groups only where clients stay with a target group; use an action of your own with targetGroupStickinessConfig, or take that away"
                                    .formatted(TargetGroupSettings.ATTRIBUTES)));
        }
        // Where clients stay with a target group, both sides are named while both have a share.
        var divided = share.divided(action, Split.of(AdoptedWeights.ALL / 2)).groups();
        if (divided.size() > ForwardAction.MOST_GROUPS) {
            wrong.add(
                    refusal(
                            "would have %d target groups in annotation %s, of which AWS takes %d; leave some out"
                                    .formatted(
                                            divided.size(),
                                            annotation,
                                            ForwardAction.MOST_GROUPS)));
        }
        if (divided.valueStream()
                .anyMatch(it -> ForwardAction.weight(it) > ForwardAction.MOST_WEIGHT)) {
            wrong.add(
                    refusal(
                            "gives %s so small a share in annotation %s that it cannot be divided by percent: beside its 100 another target group would weigh more than %d; give it at least a tenth of the largest"
                                    .formatted(
                                            canary.apex(), annotation, ForwardAction.MOST_WEIGHT)));
        }
    }
}
