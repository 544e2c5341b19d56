package dev.serinus.router.objects;

import dev.serinus.schemas.cluster.Kind;

/**
 * What an autoscaler sizes: other kinds may have objects of the same name.
 *
 * @param group of its API; empty where the autoscaler says none
 * @param kind such as {@code Deployment}
 */
public record ScaleTargetRef(String group, String kind, String name) {

    /** Of a HorizontalPodAutoscaler. */
    public static ScaleTargetRef of(ClusterObject autoscaler) {
        var said = autoscaler.at("/spec/scaleTargetRef");
        String version = said.path("apiVersion").asText();
        int slash = version.indexOf('/');
        return new ScaleTargetRef(
                slash < 0 ? "" : version.substring(0, slash),
                said.path("kind").asText(),
                said.path("name").asText());
    }

    /** True for an object of this kind and name. */
    public boolean isOf(Kind sized, String object) {
        return name.equals(object)
                && kind.equals(sized.name())
                && (group.isEmpty() || group.equals(sized.group()));
    }
}
