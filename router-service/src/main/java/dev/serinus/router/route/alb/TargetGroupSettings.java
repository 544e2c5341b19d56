package dev.serinus.router.route.alb;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.ingress.IngressBackends;
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.CanaryService.CustomMetadata;
import dev.serinus.schemas.mesh.Alb;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What annotations say of the target groups of both sides: a Service's own count before those of
 * the Ingress. What the apex Service alone says counts for its own target group, and is lost where
 * requests go to the sides'.
 *
 * @param service of the Canary, with the annotations that both Services get
 */
record TargetGroupSettings(CanaryService service, ClusterObject ingress) {

    static final String ATTRIBUTES = Alb.ANNOTATIONS + "target-group-attributes";

    private static final String TARGET_TYPE = Alb.ANNOTATIONS + "target-type";
    private static final String HEALTH_PORT = Alb.ANNOTATIONS + "healthcheck-port";
    private static final String AUTH = Alb.ANNOTATIONS + "auth-";
    private static final String AUTH_TYPE = AUTH + "type";

    /** Says nothing of who is served, and how. */
    private static final String TAGS = Alb.ANNOTATIONS + "tags";

    private static final String IP = "ip";

    /**
     * What is wrong with them, each as what is said of the Ingress.
     *
     * @param live the apex Service as it is; null when it is not known
     * @param apex its name
     */
    List<String> problems(@Nullable ClusterObject live, String apex) {
        List<String> problems = new ArrayList<>();
        if (sides(TARGET_TYPE).stream().anyMatch(it -> !it.equals(Optional.of(IP)))) {
            problems.add(
                    "has no annotation %s: ip that counts for both sides, and the Services of primary and canary have no ports on nodes, without which the controller would give up on the whole load balancer; set it there, or in spec.service.primary.annotations and spec.service.canary.annotations"
                            .formatted(TARGET_TYPE));
        }
        sides(HEALTH_PORT).stream()
                .flatMap(Optional::stream)
                .distinct()
                .filter(it -> !it.matches("\\d+|traffic-port"))
                .filter(it -> !IngressBackends.isOfService(service, it))
                .forEach(
                        port ->
                                problems.add(
                                        "asks for health at port %s (annotation %s), which the Services of primary and canary will not have; name spec.service.portName, or a number"
                                                .formatted(port, HEALTH_PORT)));
        lost(live, apex, problems);
        return problems;
    }

    private void lost(@Nullable ClusterObject live, String apex, List<String> problems) {
        List<String> lost = new ArrayList<>();
        List<String> unasked = new ArrayList<>();
        apex(live)
                .forEach(
                        (key, value) -> {
                            if (key.startsWith(AUTH)) {
                                if (!value.equals(ofIngress(key))) {
                                    unasked.add(key);
                                }
                            } else if (sides(key).stream()
                                    .anyMatch(it -> !it.equals(Optional.of(value)))) {
                                lost.add(key);
                            }
                        });
        if (!unasked.isEmpty()) {
            problems.add(
                    "does not have what Service %s asks of who comes in (annotations %s), which the controller passes over where an action has several target groups; move them to the Ingress"
                            .formatted(apex, String.join(", ", unasked)));
        }
        if (!lost.isEmpty()) {
            problems.add(
                    "leads to Service %s, whose annotations %s count for its own target group alone; write them on the Ingress, or in spec.service.primary.annotations and spec.service.canary.annotations"
                            .formatted(apex, String.join(", ", lost)));
        }
    }

    /** Authentication by nobody is what there is without. */
    private @Nullable String ofIngress(String key) {
        String value = ingress.annotation(key);
        return value == null && key.equals(AUTH_TYPE) ? "none" : value;
    }

    /** True where a client stays with a pod of a side. */
    boolean keepsClients() {
        return sides(ATTRIBUTES).stream()
                .flatMap(Optional::stream)
                .flatMap(it -> Stream.of(it.split(",")))
                .anyMatch(it -> it.trim().equals("stickiness.enabled=true"));
    }

    /** What counts for the primary, and for the canary; empty where nobody says anything. */
    private List<Optional<String>> sides(String key) {
        return List.of(side(service.primary(), key), side(service.canary(), key));
    }

    private Optional<String> side(@Nullable CustomMetadata side, String key) {
        return Optional.ofNullable(annotations(side).get(key))
                .or(() -> Optional.ofNullable(ingress.annotation(key)));
    }

    /** What the apex Service says of its target group, or will say. */
    private Map<String, String> apex(@Nullable ClusterObject live) {
        Map<String, String> all = new TreeMap<>(live == null ? Map.of() : live.annotations());
        all.putAll(annotations(service.apex()));
        all.keySet()
                .removeIf(
                        key ->
                                !key.startsWith(Alb.ANNOTATIONS)
                                        || key.equals(TARGET_TYPE)
                                        || key.equals(TAGS));
        return all;
    }

    private static Map<String, String> annotations(@Nullable CustomMetadata metadata) {
        return metadata == null || metadata.annotations() == null
                ? Map.of()
                : metadata.annotations();
    }
}
