package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Subject.Release;
import dev.serinus.schemas.canary.ObjectNames;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Canary's target shows: its images, and the commit that they were built from, as the
 * annotation or label {@code org.opencontainers.image.revision} names it, at the pod template or
 * else at the object. Images have a label of that name too, but to see it needs their registry.
 *
 * <p>It is looked at when something is to be told of it, so that no workload is held in memory.
 */
public record Releases(KubernetesClient client) {

    /** The annotation or label with the commit. */
    static final String COMMIT = "org.opencontainers.image.revision";

    private static final String PRIMARY = "-primary";

    private static final Logger LOG = LoggerFactory.getLogger(Releases.class);
    private static final Pattern SHA = Pattern.compile("[0-9a-f]{7,64}");
    private static final int MOST_IMAGES = 20;

    private static final Map<String, ResourceDefinitionContext> KINDS =
            Map.of(
                    "Deployment", context("Deployment", "deployments"),
                    "DaemonSet", context("DaemonSet", "daemonsets"));

    private static ResourceDefinitionContext context(String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup("apps")
                .withVersion("v1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    /** Nothing is known of a target of another kind, of one that is gone or may not be read. */
    Release of(AlertedCanary canary, String namespace) {
        return read(canary, namespace, canary.targetName())
                .map(Releases::of)
                .orElse(Release.UNKNOWN);
    }

    /** Images that the primary has now, in order; none where that is not known, likewise. */
    List<String> primaryImages(AlertedCanary canary, String namespace) {
        return read(canary, namespace, canary.targetName() + PRIMARY)
                .map(Releases::images)
                .orElse(List.of());
    }

    private Optional<GenericKubernetesResource> read(
            AlertedCanary canary, String namespace, String name) {
        var kind = KINDS.get(canary.targetKind());
        if (kind == null || !ObjectNames.isName(name)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    client.genericKubernetesResources(kind)
                            .inNamespace(namespace)
                            .withName(name)
                            .get());
        } catch (KubernetesClientException refused) {
            LOG.atWarn()
                    .addKeyValue("workload", namespace + "/" + name)
                    .addKeyValue("status", refused.getCode())
                    .log("a workload cannot be read, so its images and commit are not told");
            return Optional.empty();
        }
    }

    private static Release of(GenericKubernetesResource target) {
        Map<?, ?> template = template(target);
        Map<?, ?> metadata = map(template.get("metadata"));
        var own = target.getMetadata();
        String commit =
                Stream.of(
                                metadata.get("annotations"),
                                metadata.get("labels"),
                                own.getAnnotations(),
                                own.getLabels())
                        .map(each -> map(each).get(COMMIT))
                        .filter(Objects::nonNull)
                        .map(Object::toString)
                        .filter(SHA.asMatchPredicate())
                        .findFirst()
                        .orElse(null);
        return new Release(images(target), commit);
    }

    private static List<String> images(GenericKubernetesResource workload) {
        return map(template(workload).get("spec")).get("containers") instanceof List<?> containers
                ? containers.stream()
                        .map(each -> map(each).get("image"))
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .limit(MOST_IMAGES)
                        .toList()
                : List.of();
    }

    private static Map<?, ?> template(GenericKubernetesResource workload) {
        return map(map(workload.getAdditionalProperties().get("spec")).get("template"));
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
