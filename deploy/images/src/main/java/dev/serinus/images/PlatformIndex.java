package dev.serinus.images;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.images.layout.Descriptor;
import dev.serinus.images.layout.MediaTypes;
import dev.serinus.images.layout.OciBlobs;
import dev.serinus.images.layout.OciLayout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One image for several platforms: an index, by whose name each machine is given the image that
 * fits, in one file with these images.
 */
final class PlatformIndex {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PlatformIndex() {}

    /**
     * Writes it, as an OCI layout in a tar.
     *
     * @param name and tag, by which those who load the file know it
     * @param images each for another platform
     */
    static Descriptor write(Path file, String name, List<OciArchive> images) throws IOException {
        try (var layout = new OciLayout(file)) {
            ObjectNode content =
                    JSON.createObjectNode()
                            .put("schemaVersion", 2)
                            .put("mediaType", MediaTypes.INDEX);
            ArrayNode manifests = content.putArray("manifests");
            for (OciArchive each : images) {
                try (var blobs = OciBlobs.open(each.file())) {
                    Descriptor image = blobs.image();
                    layout.add(blobs, image);
                    manifests.add(
                            new Descriptor(
                                            MediaTypes.MANIFEST,
                                            image.digest(),
                                            image.size(),
                                            each.platform(),
                                            Map.of())
                                    .json());
                }
            }
            Descriptor index = layout.add(MediaTypes.INDEX, content);
            layout.finish(List.of(index.with("org.opencontainers.image.ref.name", name)));
            return index;
        }
    }
}
