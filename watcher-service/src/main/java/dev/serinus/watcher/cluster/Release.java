package dev.serinus.watcher.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Revision;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** Whoever has more is told of these. */
    private static final int MOST_IMAGES = 20;

    /** No registry takes a longer name. */
    private static final int LONGEST_IMAGE = 512;

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
        return String.join(",", new TreeSet<>(all(podSpec)));
    }

    /** The images of all containers in the order in which they start, each once; not too many. */
    static List<String> imagesOf(JsonNode podSpec) {
        return all(podSpec).stream()
                .filter(image -> image.length() <= LONGEST_IMAGE)
                .limit(MOST_IMAGES)
                .toList();
    }

    private static Set<String> all(JsonNode podSpec) {
        var images = new LinkedHashSet<String>();
        for (String kind : new String[] {"initContainers", "containers"}) {
            podSpec.path(kind).forEach(one -> images.add(one.path("image").asText("")));
        }
        images.remove("");
        return images;
    }

    private static String bounded(String release) {
        return release.length() <= LONGEST ? release : Revision.digest(release);
    }
}
