package dev.serinus.dataplane.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What a user does with a cluster. */
public record Cluster(KubernetesClient user) {

    private static final PatchContext APPLY =
            new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager("user")
                    .withForce(true)
                    .build();

    /** Applies the definitions of a folder, and returns when the API server serves them. */
    public void define(Path folder) {
        try (var files = Files.newDirectoryStream(folder, "*.y*ml")) {
            for (Path file : files) {
                for (HasMetadata each : load(Files.readString(file))) {
                    if (each.getKind().equals("CustomResourceDefinition")) {
                        var _ = user.resource(each).patch(APPLY);
                        var _ =
                                user.apiextensions()
                                        .v1()
                                        .customResourceDefinitions()
                                        .withName(each.getMetadata().getName())
                                        .waitUntilCondition(
                                                Cluster::isServed, 30, TimeUnit.SECONDS);
                    }
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isServed(@Nullable CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(
                                it ->
                                        it.getType().equals("Established")
                                                && it.getStatus().equals("True"));
    }

    private List<HasMetadata> load(String yaml) {
        return user.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).items();
    }

    /**
     * Applies a manifest of this jar, with values for what it has in braces after a dollar sign.
     */
    public void apply(String manifest, Map<String, String> values) {
        for (HasMetadata each : load(manifest(manifest, values))) {
            var _ = user.resource(each).patch(APPLY);
        }
    }

    /** The text of such a manifest. */
    public static String manifest(String manifest, Map<String, String> values) {
        String yaml = manifest(manifest);
        for (var value : values.entrySet()) {
            yaml = yaml.replace("${%s}".formatted(value.getKey()), value.getValue());
        }
        return yaml;
    }

    private static String manifest(String name) {
        try (var in =
                Cluster.class.getResourceAsStream("/dev/serinus/dataplane/manifests/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not among the resources of this jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** One Canary. */
    public Resource<GenericKubernetesResource> canary(String namespace, String name) {
        return user.genericKubernetesResources("flagger.app/v1beta1", "Canary")
                .inNamespace(namespace)
                .withName(name);
    }

    /** Waits for a Canary to be in one of these phases, and returns it. */
    public String awaitPhase(String namespace, String name, Set<String> phases, Duration patience) {
        var canary =
                canary(namespace, name)
                        .waitUntilCondition(
                                it -> it != null && phases.contains(phase(it)),
                                patience.toMillis(),
                                TimeUnit.MILLISECONDS);
        return phase(canary);
    }

    private static String phase(GenericKubernetesResource canary) {
        Object phase = canary.get("status", "phase");
        return phase == null ? "" : phase.toString();
    }

    /** Waits for a Deployment to be as told. */
    public void awaitDeployment(
            String namespace,
            String name,
            Predicate<io.fabric8.kubernetes.api.model.apps.Deployment> condition,
            Duration patience) {
        var _ =
                user.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName(name)
                        .waitUntilCondition(
                                it -> it != null && condition.test(it),
                                patience.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    /** A new version of an application. */
    public void release(String namespace, String name, String version, int errorPercent) {
        patch(
                namespace,
                name,
                """
                {"spec":{"template":{"spec":{"containers":[{"name":"app","image":"app:%s",\
                "env":[{"name":"LATENCY_MS","value":"2"},{"name":"ERROR_PERCENT","value":"%d"}]}]}}}}
                """
                        .formatted(version, errorPercent));
    }

    /** What {@code kubectl rollout restart} does. */
    public void restart(String namespace, String name) {
        patch(
                namespace,
                name,
                """
                {"spec":{"template":{"metadata":{"annotations":\
                {"kubectl.kubernetes.io/restartedAt":"%s"}}}}}
                """
                        .formatted(java.time.Instant.now()));
    }

    private void patch(String namespace, String name, String patch) {
        var _ =
                user.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName(name)
                        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch);
    }
}
