package dev.serinus.images.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.images.layout.Descriptor;
import dev.serinus.images.layout.Digest;
import dev.serinus.images.layout.MediaTypes;
import dev.serinus.images.layout.OciBlobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Holds an image against what is signed of it. */
public final class SignatureCheck {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROVENANCE = "https://slsa.dev/provenance/v1";
    private static final String BILL = "https://cyclonedx.org/bom";

    private final VerificationKey key;

    public SignatureCheck(VerificationKey key) {
        this.key = key;
    }

    /**
     * What was found.
     *
     * @param image what names it; empty if it cannot be read
     * @param statements the kinds of predicates that are signed of it
     * @param wrong why it is not to be trusted; empty when it is
     */
    public record Findings(Optional<Digest> image, List<String> statements, List<String> wrong) {
        public Findings {
            statements = List.copyOf(statements);
            wrong = List.copyOf(wrong);
        }
    }

    /**
     * Reads both to their ends: each blob of the image is what its digest says and nothing else is
     * in its file, its digest is signed, and so is every statement about it: its provenance, and of
     * an image of one platform its bill of materials, may not be missing.
     *
     * @param image an OCI layout in a tar
     * @param signatures what {@link ImageSignatures} wrote
     */
    public Findings of(Path image, Path signatures) {
        List<String> wrong = new ArrayList<>();
        List<String> statements = new ArrayList<>();
        Optional<Digest> digest = Optional.empty();
        try (var blobs = OciBlobs.open(image)) {
            Descriptor descriptor = blobs.image();
            digest = Optional.of(descriptor.digest());
            Set<Digest> reached = blobs.reached(descriptor);
            blobs.altered(reached).forEach(each -> wrong.add("its %s was altered".formatted(each)));
            blobs.strays(reached).forEach(each -> wrong.add("%s is no part of it".formatted(each)));
            if (Files.isRegularFile(signatures)) {
                signatures(descriptor.digest(), signatures, statements, wrong);
                wanted(descriptor).stream()
                        .filter(each -> !statements.contains(each))
                        .forEach(each -> wrong.add("no %s about it is signed".formatted(each)));
            } else {
                wrong.add("there is no file %s".formatted(signatures));
            }
        } catch (IOException unreadable) {
            wrong.add("cannot be read: " + unreadable.getMessage());
        }
        return new Findings(digest, statements, wrong);
    }

    /** What has to be said of it: bills are of the images of an index. */
    private static List<String> wanted(Descriptor image) {
        return image.mediaType().equals(MediaTypes.INDEX)
                ? List.of(PROVENANCE)
                : List.of(PROVENANCE, BILL);
    }

    private void signatures(Digest image, Path file, List<String> statements, List<String> wrong) {
        try (var blobs = OciBlobs.open(file)) {
            List<Descriptor> claims = layers(blobs, ImageSignatures.tag(image, "sig"));
            if (claims.isEmpty()) {
                wrong.add("%s has no signature of %s".formatted(file, image));
            }
            for (Descriptor each : claims) {
                claim(image, each, blobs, wrong);
            }
            for (Descriptor each : layers(blobs, ImageSignatures.tag(image, "att"))) {
                statement(image, each, blobs, statements, wrong);
            }
        } catch (IOException unreadable) {
            wrong.add("%s cannot be read: %s".formatted(file, unreadable.getMessage()));
        }
    }

    private static List<Descriptor> layers(OciBlobs blobs, String tag) throws IOException {
        List<Descriptor> all = new ArrayList<>();
        for (Descriptor each : blobs.content()) {
            if (tag.equals(each.annotations().get(ImageSignatures.REF_NAME))) {
                for (Descriptor part : OciBlobs.parts(blobs.json(each.digest()))) {
                    if (part.mediaType().equals(ImageSignatures.SIMPLE_SIGNING)
                            || part.mediaType().equals(ImageSignatures.DSSE)) {
                        all.add(part);
                    }
                }
            }
        }
        return all;
    }

    private void claim(Digest image, Descriptor claim, OciBlobs blobs, List<String> wrong)
            throws IOException {
        byte[] payload = blobs.bytes(claim.digest());
        String signature = claim.annotations().getOrDefault(ImageSignatures.SIGNATURE, "");
        if (!key.verifies(payload, decoded(signature))) {
            wrong.add("its signature is not by this key");
            return;
        }
        JsonNode critical = JSON.readTree(payload).path("critical");
        if (!critical.path("type").asText().equals(ImageSignatures.CLAIM)
                || !critical.at("/image/docker-manifest-digest").asText().equals(image.text())) {
            wrong.add("its signature is of another image");
        }
    }

    private void statement(
            Digest image,
            Descriptor statement,
            OciBlobs blobs,
            List<String> statements,
            List<String> wrong)
            throws IOException {
        var envelope = DsseEnvelope.read(blobs.bytes(statement.digest()));
        JsonNode said = envelope.statement();
        String kind = said.path("predicateType").asText();
        if (!envelope.isSignedBy(key)) {
            wrong.add("the statement %s about it is not signed by this key".formatted(kind));
        } else if (!envelope.payloadType().equals(DsseEnvelope.IN_TOTO)
                || said.path("subject")
                        .valueStream()
                        .noneMatch(
                                each -> each.at("/digest/sha256").asText().equals(image.hex()))) {
            wrong.add("the statement %s is about another image".formatted(kind));
        } else {
            statements.add(kind);
        }
    }

    /** What is no Base64 is no signature. */
    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return new byte[0];
        }
    }
}
