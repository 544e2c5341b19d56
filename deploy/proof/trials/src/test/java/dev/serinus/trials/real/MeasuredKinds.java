package dev.serinus.trials.real;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Makes an API server know Keptn's kinds, and some external metrics. */
final class MeasuredKinds {

    private MeasuredKinds() {}

    static void define(KubernetesClient admin) {
        try (var in = MeasuredKinds.class.getResourceAsStream("measured.yaml")) {
            admin.load(in).items().forEach(it -> define(admin, (CustomResourceDefinition) it));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void define(KubernetesClient admin, CustomResourceDefinition kind) {
        var definition = admin.resource(kind);
        if (definition.get() == null) {
            var _ = definition.create();
        }
        var spec = kind.getSpec();
        String version = spec.getVersions().getFirst().getName();
        String plural = spec.getNames().getPlural();
        await(plural + " to be served")
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(
                        () ->
                                admin.raw(
                                                "/apis/%s/%s/%s"
                                                        .formatted(
                                                                spec.getGroup(), version, plural))
                                        != null);
    }
}
