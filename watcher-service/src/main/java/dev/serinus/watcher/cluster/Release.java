package dev.serinus.watcher.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Revision;

import java.util.Map;
import java.util.TreeSet;

/**
 * What a workload is of, the same for all regions: its pod templates differ by what is a region's
 * own, such as addresses.
 */
final class Release {

    /** Says it in its author's words, such as a commit. */
    static final String ANNOTATION = "serinus.dev/release";

    /** What is longer stands as its hash. */
    private static final int LONGEST = 256;

    private Release() {}

    /**
     * The annotation, or else the images of all containers, whatever their order.
     *
     * @param podSpec with its containers
     */
    static String of(Map<String, String> annotations, JsonNode podSpec) {
        String written = annotations.getOrDefault(ANNOTATION, "");
        return bounded(written.isBlank() ? images(podSpec) : written);
    }

    private static String images(JsonNode podSpec) {
        var images = new TreeSet<String>();
        for (String kind : new String[] {"initContainers", "containers"}) {
            podSpec.path(kind).forEach(one -> images.add(one.path("image").asText("")));
        }
        images.remove("");
        return String.join(",", images);
    }

    private static String bounded(String release) {
        return release.length() <= LONGEST ? release : Revision.digest(release);
    }
}
