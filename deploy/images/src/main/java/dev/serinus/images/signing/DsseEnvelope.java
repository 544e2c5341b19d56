package dev.serinus.images.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;

/** A statement with its signature, which covers what kind of text it is, too (DSSE). */
public final class DsseEnvelope {

    /** Of statements of in-toto. */
    public static final String IN_TOTO = "application/vnd.in-toto+json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String payloadType;
    private final byte[] payload;
    private final byte[] signature;

    private DsseEnvelope(String payloadType, byte[] payload, byte[] signature) {
        this.payloadType = payloadType;
        this.payload = payload.clone();
        this.signature = signature.clone();
    }

    public static DsseEnvelope sign(String payloadType, byte[] payload, SigningKey key) {
        return new DsseEnvelope(payloadType, payload, key.sign(encoded(payloadType, payload)));
    }

    /**
     * Reads one with one signature.
     *
     * @throws IOException if it is none
     */
    public static DsseEnvelope read(byte[] json) throws IOException {
        JsonNode all = JSON.readTree(json);
        JsonNode signatures = all.path("signatures");
        if (!all.path("payload").isTextual() || signatures.size() != 1) {
            throw new IOException("no envelope with one signature");
        }
        try {
            return new DsseEnvelope(
                    all.path("payloadType").asText(),
                    Base64.getDecoder().decode(all.path("payload").asText()),
                    Base64.getDecoder().decode(signatures.get(0).path("sig").asText()));
        } catch (IllegalArgumentException wrong) {
            throw new IOException("no envelope: " + wrong.getMessage(), wrong);
        }
    }

    public String payloadType() {
        return payloadType;
    }

    public boolean isSignedBy(VerificationKey key) {
        return key.verifies(encoded(payloadType, payload), signature);
    }

    public JsonNode statement() throws IOException {
        return JSON.readTree(payload);
    }

    public byte[] json() throws IOException {
        ObjectNode all =
                JSON.createObjectNode()
                        .put("payloadType", payloadType)
                        .put("payload", Base64.getEncoder().encodeToString(payload));
        all.putArray("signatures")
                .addObject()
                .put("keyid", "")
                .put("sig", Base64.getEncoder().encodeToString(signature));
        return JSON.writeValueAsBytes(all);
    }

    /** What is signed: both, each after its length in bytes, so that neither can be moved. */
    private static byte[] encoded(String payloadType, byte[] payload) {
        byte[] type = payloadType.getBytes(UTF_8);
        var out = new ByteArrayOutputStream();
        out.writeBytes("DSSEv1 %d ".formatted(type.length).getBytes(UTF_8));
        out.writeBytes(type);
        out.writeBytes(" %d ".formatted(payload.length).getBytes(UTF_8));
        out.writeBytes(payload);
        return out.toByteArray();
    }
}
