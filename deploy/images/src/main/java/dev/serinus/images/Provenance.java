package dev.serinus.images;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.images.layout.Digest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Of what an image was made, and how: a statement of in-toto with SLSA's predicate of provenance.
 * It has no times, so that one build says the same as the next. Unless it is signed, it is worth
 * what the word of its builder is worth.
 *
 * @param checkout that was built
 * @param base below the jars
 * @param builder who builds
 */
record Provenance(Checkout checkout, Base base, URI builder) {

    /** A machine that says nothing else of itself. */
    static final URI UNNAMED =
            URI.create(
                    "https://github.com/serinus-dev/serinus/blob/main/deploy/images/README.md#provenance");

    private static final String SOURCE = "git+https://github.com/serinus-dev/serinus";
    private static final String MODIFIED = "-modified";
    private static final String SHA_256 = "sha256";
    private static final String DEFINITION = "/predicate/buildDefinition";
    private static final String MATERIALS = "resolvedDependencies";
    private static final String RUN = "/predicate/runDetails";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Of one image. */
    byte[] of(Product product, String platform, OciArchive image, Contents contents)
            throws IOException {
        ObjectNode statement =
                statement(product, new Digest(image.digest()), image.file(), platform);
        Path cache = contents.cache();
        ObjectNode definition = statement.withObject(DEFINITION);
        definition.withObject("/externalParameters").put("aot", cache != null);
        materials(definition.putArray(MATERIALS), product, platform, contents);
        if (cache != null) {
            described(
                    statement.withObject(RUN).putArray("byproducts"),
                    product.aotCache(),
                    Digest.of(cache).hex());
        }
        return JSON.writeValueAsBytes(statement);
    }

    /** Of the index of several platforms, which is made of their images alone. */
    byte[] of(Product product, Path file, Digest index, List<OciArchive> images)
            throws IOException {
        String platforms =
                images.stream().map(OciArchive::platform).collect(Collectors.joining(","));
        ObjectNode statement = statement(product, index, file, platforms);
        ArrayNode materials = statement.withObject(DEFINITION).putArray(MATERIALS);
        for (OciArchive each : images) {
            described(
                    materials,
                    product.name() + " " + each.platform(),
                    new Digest(each.digest()).hex());
        }
        return JSON.writeValueAsBytes(statement);
    }

    private ObjectNode statement(Product product, Digest image, Path file, String platform)
            throws IOException {
        ObjectNode statement = JSON.createObjectNode();
        statement.put("_type", "https://in-toto.io/Statement/v1");
        ArrayNode subjects = statement.putArray("subject");
        described(subjects, product.name(), image.hex());
        described(subjects, String.valueOf(file.getFileName()), Digest.of(file).hex());
        statement.put("predicateType", "https://slsa.dev/provenance/v1");
        statement
                .withObject(DEFINITION)
                .put("buildType", UNNAMED.toString())
                .putObject("externalParameters")
                .put("image", product.name())
                .put("platform", platform)
                .put("base", base.name());
        statement
                .withObject(RUN)
                .putObject("builder")
                .put("id", builder.toString())
                .putObject("version")
                .put("serinus", checkout.version());
        return statement;
    }

    private void materials(ArrayNode to, Product product, String platform, Contents contents)
            throws IOException {
        source(to.addObject().put("uri", SOURCE));
        switch (base) {
            case Base.Debian debian ->
                    to.addObject().put("name", "jdk").put("uri", debian.jdk(platform).packageUrl());
            case Base.Registry registry -> registry(to.addObject(), registry.reference());
            case Base.Archive(Path archive) -> described(to, base.name(), Digest.of(archive).hex());
        }
        contents.packages().forEach(each -> to.addObject().put("uri", each.packageUrl()));
        contents.goPrograms().forEach(each -> to.addObject().put("uri", "pkg:golang/" + each));
        Checkout.Jars jars = checkout.jars(product);
        described(to, JavaOptions.APP + jars.app().getFileName(), Digest.of(jars.app()).hex());
        for (List<Path> libraries : List.of(jars.ours(), jars.others())) {
            for (Path jar : libraries) {
                described(to, JavaOptions.LIBRARIES + jar.getFileName(), Digest.of(jar).hex());
            }
        }
    }

    /** What was changed since the commit is known to nobody. */
    private void source(ObjectNode source) {
        String revision = checkout.revision();
        boolean modified = revision.endsWith(MODIFIED);
        if (!revision.isEmpty()) {
            source.putObject("digest")
                    .put(
                            "gitCommit",
                            modified
                                    ? revision.substring(0, revision.length() - MODIFIED.length())
                                    : revision);
        }
        if (modified) {
            source.putObject("annotations").put("modified", true);
        }
    }

    /** A name that says no digest may mean another image tomorrow. */
    private static void registry(ObjectNode base, String reference) {
        base.put("uri", "docker://" + reference);
        int at = reference.indexOf("@sha256:");
        if (at >= 0) {
            base.putObject("digest").put(SHA_256, reference.substring(at + "@sha256:".length()));
        }
    }

    private static void described(ArrayNode to, String name, String sha256) {
        to.addObject().put("name", name).putObject("digest").put(SHA_256, sha256);
    }
}
