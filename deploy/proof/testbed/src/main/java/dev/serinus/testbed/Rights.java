package dev.serinus.testbed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The rights of the services: the very manifests that an installation applies. */
public final class Rights {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private Rights() {}

    /** Accounts, roles and bindings of all services and of the all-in-one. */
    public static List<GenericKubernetesResource> read() {
        return Stream.of("watcher", "router", "webhook", "notifier", "all-in-one")
                .flatMap(name -> Definitions.documents(text(name)).stream())
                .map(tree -> YAML.convertValue(tree, GenericKubernetesResource.class))
                .toList();
    }

    private static String text(String name) {
        String file = "rbac/" + name + ".yaml";
        try (var in = Rights.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not among the resources of this jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
