package dev.serinus.router.route;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.Router.Found;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryService.CustomMetadata;
import dev.serinus.schemas.cluster.Kind;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What is set for the apex Service by its name, and does not hold for the Services of the two
 * sides, to which requests go once there is a Canary.
 */
public record ApexSettings(Routing atRest, Found live) {

    /**
     * Annotations of the apex Service by which the mesh speaks to it, and that either side will not
     * have.
     *
     * @param counts true for such an annotation
     */
    public List<String> annotations(Predicate<String> counts) {
        var service = atRest.service();
        var found =
                live.find(
                        Kind.SERVICE.named(canary().getMetadata().getNamespace(), canary().apex()));
        Map<String, String> apex = new TreeMap<>(found == null ? Map.of() : found.annotations());
        apex.putAll(annotations(service.apex()));
        var lost =
                apex.entrySet().stream()
                        .filter(it -> counts.test(it.getKey()))
                        .filter(it -> !isOn(service.primary(), it) || !isOn(service.canary(), it))
                        .map(Map.Entry::getKey)
                        .toList();
        return lost.isEmpty()
                ? List.of()
                : List.of(
                        "annotations %s of Service %s do not hold for %s; write them in spec.service.primary.annotations and spec.service.canary.annotations too"
                                .formatted(String.join(", ", lost), apexName(), sides()));
    }

    /**
     * Objects that were made for no Canary and are bound to the apex Service.
     *
     * @param isBound true for one that is bound to a Service of a name
     * @param advice what to do instead
     */
    public List<String> objects(Kind kind, BoundTo isBound, String advice) {
        var all = live.ofUsers(kind, canary().getMetadata().getNamespace());
        boolean onSides =
                List.of(atRest.primary(), atRest.candidate()).stream()
                        .allMatch(side -> all.stream().anyMatch(it -> isBound.test(it, side)));
        return onSides
                ? List.of()
                : all.stream()
                        .filter(it -> isBound.test(it, canary().apex()))
                        .map(
                                it ->
                                        "%s %s is about Service %s and does not hold for %s; %s"
                                                .formatted(
                                                        kind.name(),
                                                        it.ref().dotted(),
                                                        apexName(),
                                                        sides(),
                                                        advice))
                        .toList();
    }

    /** Whether an object is bound to a Service. */
    @FunctionalInterface
    public interface BoundTo {
        boolean test(ClusterObject object, String service);
    }

    private Canary canary() {
        return atRest.canary();
    }

    private String apexName() {
        return canary().apex() + "." + canary().getMetadata().getNamespace();
    }

    private String sides() {
        return "%s and %s, to which its requests go from now on"
                .formatted(atRest.primary(), atRest.candidate());
    }

    private static boolean isOn(
            @Nullable CustomMetadata side, Map.Entry<String, String> annotation) {
        return annotation.getValue().equals(annotations(side).get(annotation.getKey()));
    }

    private static Map<String, String> annotations(@Nullable CustomMetadata metadata) {
        return metadata == null || metadata.annotations() == null
                ? Map.of()
                : metadata.annotations();
    }
}
