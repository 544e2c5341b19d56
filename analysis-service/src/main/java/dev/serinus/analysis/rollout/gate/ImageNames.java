package dev.serinus.analysis.rollout.gate;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The images of a release, where each region has a registry of its own. */
final class ImageNames {

    private ImageNames() {}

    /**
     * The same without the hosts of registries, in the order of what is left.
     *
     * @param release names of images with commas between them, or anything else
     */
    static String withoutRegistries(String release) {
        return Stream.of(release.split(",", -1))
                .map(ImageNames::withoutRegistry)
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** As Docker reads it: what is before the first slash is a host if it looks like one. */
    private static String withoutRegistry(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
        return host ? image.substring(slash + 1) : image;
    }
}
