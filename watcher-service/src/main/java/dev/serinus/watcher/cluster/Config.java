package dev.serinus.watcher.cluster;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.config.ConfigTracking;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * What the watcher keeps of a ConfigMap or a Secret: never its content.
 *
 * @param tracked false when a change of it is no change of the application
 * @param checksum Flagger's checksum of its data; empty when it is not tracked
 */
public record Config(boolean tracked, String checksum) {

    private static final Config IGNORED = new Config(false, "");

    static Config of(Kind kind, GenericKubernetesResource object) {
        var json = JsonObjects.of(object);
        return ConfigTracking.isTracked(
                        kind,
                        json.path("type").asText("Opaque"),
                        object.getMetadata().getAnnotations())
                ? new Config(true, ConfigTracking.checksum(json.path("data")))
                : IGNORED;
    }
}
