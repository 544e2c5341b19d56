package dev.serinus.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.images.layout.Digest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What is in an image, as CycloneDX: the libraries of the jar that it runs, which the build found,
 * and below them programs, Debian's packages and the JDK. Of a base that is an image itself it has
 * only the name.
 */
final class BillOfMaterials {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final String PREDICATE = "https://cyclonedx.org/bom";

    private BillOfMaterials() {}

    static void write(
            Path ofModule, Product product, OciArchive image, Contents contents, Path file)
            throws IOException {
        var bill = (ObjectNode) JSON.readTree(Files.readAllBytes(ofModule));
        bill.put(
                "serialNumber",
                "urn:uuid:" + UUID.nameUUIDFromBytes(image.digest().getBytes(UTF_8)));
        ObjectNode metadata = bill.withObject("/metadata");
        ArrayNode components = bill.withArray("/components");
        components.add(metadata.path("component"));
        String name = product.name();
        metadata.putObject("component")
                .put("type", "container")
                .put("name", name)
                .put("version", image.digest())
                .put("bom-ref", reference(name, image))
                .put("purl", reference(name, image));
        for (DebianPackage each : contents.packages()) {
            components
                    .addObject()
                    .put("type", "library")
                    .put("name", each.name())
                    .put("version", each.version())
                    .put("purl", each.packageUrl());
        }
        for (String each : contents.goPrograms()) {
            int at = each.indexOf('@');
            components
                    .addObject()
                    .put("type", "application")
                    .put("name", each.substring(0, at))
                    .put("version", each.substring(at + 1))
                    .put("purl", "pkg:golang/" + each);
        }
        contents.jdk()
                .ifPresent(
                        jdk ->
                                components
                                        .addObject()
                                        .put("type", "platform")
                                        .put("publisher", jdk.vendor())
                                        .put("name", "jdk")
                                        .put("version", jdk.version())
                                        .put("purl", jdk.packageUrl()));
        Path cache = contents.cache();
        if (cache != null) {
            components
                    .addObject()
                    .put("type", "file")
                    .put("name", product.aotCache())
                    .put("description", "Ahead-of-time cache of the JVM, trained in this image")
                    .withArray("/hashes")
                    .addObject()
                    .put("alg", "SHA-256")
                    .put("content", Digest.of(cache).hex());
        }
        String base =
                image.config()
                        .path("config")
                        .path("Labels")
                        .path("org.opencontainers.image.base.name")
                        .asText();
        ArrayNode properties = metadata.withArray("/properties");
        properties.addObject().put("name", "serinus:image:base").put("value", base);
        Files.write(file, JSON.writeValueAsBytes(bill));
    }

    /** A statement of in-toto that this bill is of this image. */
    static byte[] statement(Product product, Digest image, Path bill) throws IOException {
        ObjectNode statement =
                JSON.createObjectNode().put("_type", "https://in-toto.io/Statement/v1");
        statement
                .putArray("subject")
                .addObject()
                .put("name", product.name())
                .putObject("digest")
                .put("sha256", image.hex());
        statement.put("predicateType", PREDICATE);
        statement.set("predicate", JSON.readTree(Files.readAllBytes(bill)));
        return JSON.writeValueAsBytes(statement);
    }

    private static String reference(String name, OciArchive image) {
        return "pkg:oci/%s@%s".formatted(name, image.digest().replace(":", "%3A"));
    }
}
