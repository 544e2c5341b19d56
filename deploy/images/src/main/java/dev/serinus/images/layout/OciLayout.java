package dev.serinus.images.layout;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An OCI layout in a tar, as it is written. The same blobs in the same order give the same file; a
 * blob that is put into it twice is in it once.
 */
public final class OciLayout implements Closeable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int READ_BY_ALL = 0644;

    private final TarArchiveOutputStream tar;
    private final Set<Digest> there = new HashSet<>();

    /**
     * @param file is written anew
     */
    public OciLayout(Path file) throws IOException {
        tar = new TarArchiveOutputStream(Files.newOutputStream(file), UTF_8.name());
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    public Descriptor add(String mediaType, byte[] content) throws IOException {
        var digest = Digest.of(content);
        if (there.add(digest)) {
            entry(digest.path(), content.length, new ByteArrayInputStream(content));
        }
        return new Descriptor(mediaType, digest, content.length);
    }

    public Descriptor add(String mediaType, ObjectNode content) throws IOException {
        return add(mediaType, JSON.writeValueAsBytes(content));
    }

    /** Takes over an image with all that it leads to. */
    public void add(OciBlobs from, Descriptor image) throws IOException {
        for (Digest each : from.reached(image)) {
            if (there.add(each)) {
                try (InputStream in = from.stream(each)) {
                    entry(each.path(), from.size(each), in);
                }
            }
        }
    }

    /** Ends it: what it is about, each by the name in its annotations. */
    public void finish(List<Descriptor> content) throws IOException {
        byte[] version = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(UTF_8);
        entry("oci-layout", version.length, new ByteArrayInputStream(version));
        ObjectNode index = JSON.createObjectNode().put("schemaVersion", 2);
        index.put("mediaType", MediaTypes.INDEX);
        ArrayNode manifests = index.putArray("manifests");
        content.forEach(each -> manifests.add(each.json()));
        byte[] bytes = JSON.writeValueAsBytes(index);
        entry("index.json", bytes.length, new ByteArrayInputStream(bytes));
        tar.finish();
    }

    /** All entries bear the same time and owner. */
    private void entry(String path, long size, InputStream content) throws IOException {
        var entry = new TarArchiveEntry(path);
        entry.setSize(size);
        entry.setMode(READ_BY_ALL);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        content.transferTo(tar);
        tar.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
