package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.isTrue;
import static dev.serinus.schemas.admission.Subject.list;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Condition;
import dev.serinus.schemas.mesh.Requirement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fields of a manifest that its mesh makes nothing of. Flagger passes over them without a word, and
 * manifests that have them work; but who wrote them expects something.
 */
final class UnusedFields {

    private static final String INGRESS = "Ingress";
    private static final String UPSTREAM = "Upstream";

    private UnusedFields() {}

    /** Their paths, in the order of the manifest's schema. */
    static List<String> of(Subject subject) {
        List<String> unused = new ArrayList<>();
        var mesh = subject.mesh();
        var ingress = subject.spec().ingressRef();
        if (ingress != null && mesh.needs(Requirement.INGRESS) && !INGRESS.equals(ingress.kind())) {
            unused.add("spec.ingressRef.kind");
        }
        if (subject.spec().upstreamRef() != null && !mesh.readKinds().contains(UPSTREAM)) {
            unused.add("spec.upstreamRef");
        }
        var service = subject.spec().service();
        if (service != null) {
            given(service)
                    .forEach(
                            (field, value) -> {
                                if (isGiven(value) && !mesh.reads(field)) {
                                    unused.add("spec.service." + field);
                                }
                            });
            match(subject, list(service.match()), unused);
        }
        // Where each that matches is led whole, a mesh without conditions is refused.
        if (!list(subject.analysis().match()).isEmpty() && !subject.routesByConditions()) {
            unused.add("spec.analysis.match");
        }
        // Beside weights, and where there are routes, a mesh without them is refused.
        if (isTrue(subject.analysis().mirror()) && !mesh.can(Ability.MIRROR)) {
            unused.add("spec.analysis.mirror");
        }
        if (!mesh.hasRoutes() && subject.iterations() > 0 && subject.movesWeights()) {
            unused.add(
                    subject.stepWeight().isAny()
                            ? "spec.analysis.stepWeight"
                            : "spec.analysis.stepWeights");
        }
        if (subject.analysis().sessionAffinity() != null && !mesh.can(Ability.SESSION_AFFINITY)) {
            unused.add("spec.analysis.sessionAffinity");
        }
        return List.copyOf(unused);
    }

    private static void match(Subject subject, List<JsonNode> match, List<String> unused) {
        for (var i = 0; i < match.size(); i++) {
            for (var field : match.get(i).properties()) {
                boolean read =
                        subject.mesh()
                                .serviceMatch(field.getKey())
                                .filter(it -> isCompared(it, field.getValue()))
                                .isPresent();
                if (!read && isGiven(field.getValue())) {
                    unused.add("spec.service.match[" + i + "]." + field.getKey());
                }
            }
        }
    }

    /** One value is compared in a way that the mesh knows; of several each is judged elsewhere. */
    private static boolean isCompared(Condition condition, JsonNode value) {
        return !condition.field().equals("method")
                || condition.matchers().stream().anyMatch(it -> value.has(it.word()));
    }

    /** What is not read by every mesh, of what can be written. */
    private static Map<String, @Nullable Object> given(CanaryService service) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("timeout", service.timeout());
        fields.put("backendTimeout", service.backendTimeout());
        fields.put("gateways", service.gateways());
        fields.put("gatewayRefs", service.gatewayRefs());
        fields.put("hosts", service.hosts());
        fields.put("delegation", service.delegation());
        fields.put("trafficPolicy", service.trafficPolicy());
        fields.put("rewrite", service.rewrite());
        fields.put("retries", service.retries());
        fields.put("headers", service.headers());
        fields.put("mirror", service.mirror());
        fields.put("corsPolicy", service.corsPolicy());
        fields.put("meshName", service.meshName());
        fields.put("backends", service.backends());
        return fields;
    }

    private static boolean isGiven(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean on -> on;
            case String text -> !text.isEmpty();
            case Collection<?> all -> !all.isEmpty();
            case JsonNode node -> node.isValueNode() ? !node.asText().isEmpty() : !node.isEmpty();
            default -> true;
        };
    }
}
