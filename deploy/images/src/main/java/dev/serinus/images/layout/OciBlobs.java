package dev.serinus.images.layout;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What an OCI layout in a tar has: an index, and blobs by their digests. */
public final class OciBlobs implements Closeable {

    /** Of a name that is there twice each reader takes another one. */
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final String INDEX = "index.json";

    /** Of what is read as a whole: manifests, configurations, signatures. */
    private static final long MOST_BYTES = 16 << 20;

    /** A layout leads from its index to manifests; more steps are none of ours. */
    private static final int MOST_STEPS = 4;

    private final Path file;
    private final TarFile tar;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();

    private OciBlobs(Path file) throws IOException {
        this.file = file;
        this.tar = new TarFile(file);
        for (TarArchiveEntry each : tar.getEntries()) {
            if (entries.put(each.getName(), each) != null) {
                tar.close();
                throw new IOException("%s has %s twice".formatted(file, each.getName()));
            }
        }
    }

    /**
     * @throws IOException if there is no such file, or it is no tar
     */
    public static OciBlobs open(Path file) throws IOException {
        return new OciBlobs(file);
    }

    /** What the layout is about: what its index names. */
    public List<Descriptor> content() throws IOException {
        return descriptors(JSON.readTree(bytes(INDEX)).path("manifests"));
    }

    /**
     * The only thing that the layout is about.
     *
     * @throws IOException if there is not just one
     */
    public Descriptor image() throws IOException {
        List<Descriptor> all = content();
        if (all.size() != 1) {
            throw new IOException(file + " has not one image but " + all.size());
        }
        return all.getFirst();
    }

    /**
     * A manifest, an index or a configuration.
     *
     * @throws IOException if there is none by this digest, or it is no JSON
     */
    public JsonNode json(Digest digest) throws IOException {
        return JSON.readTree(bytes(digest));
    }

    public byte[] bytes(Digest digest) throws IOException {
        return bytes(digest.path());
    }

    private byte[] bytes(String path) throws IOException {
        TarArchiveEntry entry = entry(path);
        if (entry.getSize() > MOST_BYTES) {
            throw new IOException("%s: %s is too large".formatted(file, path));
        }
        try (InputStream in = tar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    public InputStream stream(Digest digest) throws IOException {
        return tar.getInputStream(entry(digest.path()));
    }

    public long size(Digest digest) throws IOException {
        return entry(digest.path()).getSize();
    }

    private TarArchiveEntry entry(String path) throws IOException {
        TarArchiveEntry entry = entries.get(path);
        if (entry == null) {
            throw new IOException("%s has no %s".formatted(file, path));
        }
        return entry;
    }

    /** What a manifest or an index leads to at once, the configuration first. */
    public static List<Descriptor> parts(JsonNode manifest) throws IOException {
        List<Descriptor> parts = new ArrayList<>();
        if (manifest.has("config")) {
            parts.add(descriptor(manifest.path("config")));
        }
        parts.addAll(descriptors(manifest.path("layers")));
        parts.addAll(descriptors(manifest.path("manifests")));
        return parts;
    }

    /**
     * The digests of an image, or of an index of images, and of all that it leads to.
     *
     * @throws IOException if one of them is missing, or named as what it is not
     */
    public Set<Digest> reached(Descriptor from) throws IOException {
        Set<Digest> all = new TreeSet<>((a, b) -> a.text().compareTo(b.text()));
        reach(from, all, MOST_STEPS);
        return all;
    }

    /** What the first is named as nobody signs: it is no reason to leave out what it leads to. */
    private void reach(Descriptor from, Set<Digest> all, int steps) throws IOException {
        if (steps == 0) {
            throw new IOException(file + " leads from manifest to manifest without an end");
        }
        checkSize(from);
        if (!all.add(from.digest())) {
            return;
        }
        JsonNode content = json(from.digest());
        checkType(from, content);
        for (Descriptor image : descriptors(content.path("manifests"))) {
            reach(image, all, steps - 1);
        }
        for (Descriptor part : parts(content)) {
            checkSize(part);
            all.add(part.digest());
        }
    }

    private void checkSize(Descriptor blob) throws IOException {
        if (size(blob.digest()) != blob.size()) {
            throw new IOException(
                    "%s: %s has another size than is said".formatted(file, blob.digest()));
        }
    }

    private void checkType(Descriptor image, JsonNode content) throws IOException {
        String type = image.mediaType();
        boolean isIndex = content.has("manifests");
        if (!type.equals(isIndex ? MediaTypes.INDEX : MediaTypes.MANIFEST)
                || !content.path("mediaType").asText(type).equals(type)
                || isIndex == content.has("config")) {
            throw new IOException(
                    "%s: %s is named as '%s', which it is not"
                            .formatted(file, image.digest(), type));
        }
    }

    /**
     * Names of what else is in the tar: older tools read a {@code manifest.json} beside the index.
     *
     * @param reached the digests of what belongs there
     */
    public List<String> strays(Set<Digest> reached) {
        Set<String> own = new TreeSet<>(Set.of(INDEX, "oci-layout"));
        reached.forEach(each -> own.add(each.path()));
        return entries.values().stream()
                .filter(each -> !each.isDirectory())
                .filter(each -> !own.contains(each.getName()))
                .map(TarArchiveEntry::getName)
                .sorted()
                .toList();
    }

    /** Those of these blobs whose content is not what their digest names. */
    public List<Digest> altered(Set<Digest> blobs) throws IOException {
        List<Digest> wrong = new ArrayList<>();
        for (Digest each : blobs) {
            try (InputStream in = stream(each)) {
                if (!Digest.of(in).equals(each)) {
                    wrong.add(each);
                }
            }
        }
        return wrong;
    }

    private static List<Descriptor> descriptors(JsonNode array) throws IOException {
        List<Descriptor> all = new ArrayList<>();
        for (JsonNode each : array) {
            all.add(descriptor(each));
        }
        return all;
    }

    private static Descriptor descriptor(JsonNode json) throws IOException {
        try {
            return Descriptor.of(json);
        } catch (IllegalArgumentException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
