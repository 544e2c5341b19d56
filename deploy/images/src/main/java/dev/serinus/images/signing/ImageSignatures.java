package dev.serinus.images.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.images.layout.Descriptor;
import dev.serinus.images.layout.Digest;
import dev.serinus.images.layout.MediaTypes;
import dev.serinus.images.layout.OciLayout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Signatures of images, and signed statements about them, as cosign keeps them in a registry beside
 * the image: small images of their own, found by a tag that is made of the digest.
 */
public final class ImageSignatures {

    static final String REF_NAME = "org.opencontainers.image.ref.name";
    static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
    static final String DSSE = "application/vnd.dsse.envelope.v1+json";
    static final String SIGNATURE = "dev.cosignproject.cosign/signature";
    static final String CLAIM = "cosign container image signature";
    private static final String PREDICATE_TYPE = "predicateType";

    /** The beginning of cosign's own time, so that nothing but a signature differs. */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private static final ObjectMapper JSON = new ObjectMapper();

    private ImageSignatures() {}

    /**
     * What is signed.
     *
     * @param repository in which a registry has the image, such as {@code ghcr.io/x/serinus}
     * @param statements about it
     */
    public record Subject(String repository, Digest image, List<DsseEnvelope> statements) {
        public Subject {
            statements = List.copyOf(statements);
        }
    }

    /**
     * Signs images.
     *
     * @param file is written anew: an OCI layout in a tar
     */
    public static void write(Path file, List<Subject> subjects, SigningKey key) throws IOException {
        try (var layout = new OciLayout(file)) {
            List<Descriptor> content = new ArrayList<>();
            for (Subject each : subjects) {
                content.add(
                        manifest(layout, List.of(signed(layout, each, key)))
                                .with(REF_NAME, tag(each.image(), "sig")));
                List<Descriptor> statements = new ArrayList<>();
                for (DsseEnvelope statement : each.statements()) {
                    statements.add(attested(layout, statement));
                }
                if (!statements.isEmpty()) {
                    content.add(
                            manifest(layout, statements).with(REF_NAME, tag(each.image(), "att")));
                }
            }
            layout.finish(content);
        }
    }

    /**
     * @param suffix {@code sig} or {@code att}
     */
    static String tag(Digest image, String suffix) {
        return "sha256-%s.%s".formatted(image.hex(), suffix);
    }

    private static Descriptor signed(OciLayout layout, Subject subject, SigningKey key)
            throws IOException {
        ObjectNode claim = JSON.createObjectNode();
        ObjectNode critical = claim.putObject("critical");
        critical.putObject("identity").put("docker-reference", subject.repository());
        critical.putObject("image").put("docker-manifest-digest", subject.image().text());
        critical.put("type", CLAIM);
        claim.putNull("optional");
        byte[] payload = JSON.writeValueAsString(claim).getBytes(UTF_8);
        return layout.add(SIMPLE_SIGNING, payload)
                .with(SIGNATURE, Base64.getEncoder().encodeToString(key.sign(payload)));
    }

    private static Descriptor attested(OciLayout layout, DsseEnvelope statement)
            throws IOException {
        return layout.add(DSSE, statement.json())
                .with(SIGNATURE, "") // it is in the envelope
                .with(PREDICATE_TYPE, statement.statement().path(PREDICATE_TYPE).asText());
    }

    private static Descriptor manifest(OciLayout layout, List<Descriptor> layers)
            throws IOException {
        ObjectNode config =
                JSON.createObjectNode().put("architecture", "").put("created", NEVER).put("os", "");
        ArrayNode history = config.putArray("history");
        ObjectNode root = config.putObject("rootfs").put("type", "layers");
        ArrayNode differences = root.putArray("diff_ids");
        config.putObject("config");
        ObjectNode manifest =
                JSON.createObjectNode()
                        .put("schemaVersion", 2)
                        .put("mediaType", MediaTypes.MANIFEST);
        for (Descriptor layer : layers) {
            history.addObject().put("created", NEVER);
            differences.add(layer.digest().text());
        }
        manifest.set("config", layout.add(MediaTypes.CONFIG, config).json());
        ArrayNode all = manifest.putArray("layers");
        layers.forEach(layer -> all.add(layer.json()));
        return layout.add(MediaTypes.MANIFEST, manifest);
    }
}
