package dev.serinus.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;

import java.io.IOException;
import java.io.InputStream;
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

    private static final ObjectMapper JSON = new ObjectMapper();
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
        try (var tar = new TarFile(file)) {
            JsonNode index = json(tar, "index.json").path("manifests");
            if (index.size() != 1) {
                throw new IOException(file + " has not one image but " + index.size());
            }
            String digest = index.get(0).path("digest").asText();
            JsonNode manifest = json(tar, path(digest));
            JsonNode config = json(tar, path(manifest.path("config").path("digest").asText()));
            List<String> names = new ArrayList<>();
            for (JsonNode step : config.path("history")) {
                if (!step.path("empty_layer").asBoolean()) {
                    names.add(step.path("comment").asText());
                }
            }
            List<Blob> layers = new ArrayList<>();
            for (JsonNode layer : manifest.path("layers")) {
                int at = layers.size();
                layers.add(
                        new Blob(
                                at < names.size() ? names.get(at) : "",
                                layer.path("digest").asText(),
                                layer.path("size").asLong()));
            }
            return new OciArchive(file, digest, config, layers);
        }
    }

    /**
     * Unpacks the layers in their order, as a container runtime does. Owners are not kept, which
     * takes privileges.
     *
     * @param root an empty folder
     */
    void unpack(Path root) throws IOException {
        try (var tar = new TarFile(file)) {
            for (Blob layer : layers) {
                try (var entries =
                        new TarArchiveInputStream(
                                new GZIPInputStream(stream(tar, path(layer.digest()))))) {
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

    private static JsonNode json(TarFile tar, String path) throws IOException {
        try (InputStream in = stream(tar, path)) {
            return JSON.readTree(in);
        }
    }

    private static InputStream stream(TarFile tar, String path) throws IOException {
        for (TarArchiveEntry each : tar.getEntries()) {
            if (each.getName().equals(path)) {
                return tar.getInputStream(each);
            }
        }
        throw new IOException("it has no " + path);
    }

    private static String path(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }
}
