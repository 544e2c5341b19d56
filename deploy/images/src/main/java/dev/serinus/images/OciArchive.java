package dev.serinus.images;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.images.layout.Descriptor;
import dev.serinus.images.layout.Digest;
import dev.serinus.images.layout.OciBlobs;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * An image as a file: an OCI layout in a tar.
 *
 * @param file where it is
 * @param digest of its manifest, which names the image in every registry
 * @param config of the image, as OCI writes it
 * @param layers the lowest first
 */
record OciArchive(Path file, String digest, JsonNode config, List<Blob> layers) {

    private static final String DELETED = ".wh.";

    OciArchive {
        layers = List.copyOf(layers);
    }

    /**
     * A layer.
     *
     * @param name as it was built, else empty
     * @param bytes of it, compressed
     */
    record Blob(String name, String digest, long bytes) {}

    static OciArchive read(Path file) throws IOException {
        try (var blobs = OciBlobs.open(file)) {
            Digest digest = blobs.image().digest();
            JsonNode manifest = blobs.json(digest);
            List<Descriptor> parts = OciBlobs.parts(manifest);
            JsonNode config = blobs.json(parts.getFirst().digest());
            List<String> names = new ArrayList<>();
            for (JsonNode step : config.path("history")) {
                if (!step.path("empty_layer").asBoolean()) {
                    names.add(step.path("comment").asText());
                }
            }
            List<Blob> layers = new ArrayList<>();
            for (Descriptor layer : parts.subList(1, parts.size())) {
                int at = layers.size();
                layers.add(
                        new Blob(
                                at < names.size() ? names.get(at) : "",
                                layer.digest().text(),
                                layer.size()));
            }
            return new OciArchive(file, digest.text(), config, layers);
        }
    }

    /** What it runs on, such as {@code linux/arm64}. */
    String platform() {
        return config.path("os").asText() + "/" + config.path("architecture").asText();
    }

    /**
     * Unpacks the layers in their order, as a container runtime does. Owners are not kept, which
     * takes privileges.
     *
     * @param root an empty folder
     */
    void unpack(Path root) throws IOException {
        try (var blobs = OciBlobs.open(file)) {
            for (Blob layer : layers) {
                try (var entries =
                        new TarArchiveInputStream(
                                new GZIPInputStream(blobs.stream(new Digest(layer.digest()))))) {
                    unpack(entries, root);
                }
            }
        }
    }

    private static void unpack(TarArchiveInputStream entries, Path root) throws IOException {
        for (TarArchiveEntry each = entries.getNextEntry();
                each != null;
                each = entries.getNextEntry()) {
            Path target = root.resolve(each.getName()).normalize();
            if (!target.startsWith(root)) {
                throw new IOException("a layer has a file outside of the image: " + each.getName());
            }
            if (String.valueOf(target.getFileName()).startsWith(DELETED)) {
                throw new IOException("a layer takes away files of another: " + each.getName());
            }
            write(entries, each, root, target);
        }
    }

    private static void write(
            TarArchiveInputStream entries, TarArchiveEntry each, Path root, Path target)
            throws IOException {
        Files.createDirectories(target.equals(root) ? root : target.getParent());
        if (each.isDirectory()) {
            Files.createDirectories(target);
        } else {
            Files.deleteIfExists(target);
            if (each.isSymbolicLink()) {
                Files.createSymbolicLink(target, Path.of(each.getLinkName()));
                return;
            }
            if (each.isLink()) {
                Files.createLink(target, root.resolve(each.getLinkName()).normalize());
                return;
            }
            Files.copy(entries, target);
        }
        Files.setPosixFilePermissions(target, permissions(each.getMode()));
        if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            Files.setLastModifiedTime(
                    target, FileTime.from(each.getLastModifiedTime().toInstant()));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values(); // from the owner's to read on
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }
}
