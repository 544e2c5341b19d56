package dev.serinus.images;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Of what an image was made, and how: a statement of in-toto with SLSA's predicate of provenance.
 * Nobody signs it here, so it is worth what the word of its builder is worth. It has no times, so
 * that one build says the same as the next.
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
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * Writes it for one image.
     *
     * @param packages of Debian's
     * @param goPrograms package and version of each
     * @param cache the ahead-of-time cache in the image, if it has one
     */
    void write(
            Product product,
            String platform,
            OciArchive image,
            List<DebianPackage> packages,
            List<String> goPrograms,
            @Nullable Path cache,
            Path file)
            throws IOException {
        ObjectNode statement = JSON.createObjectNode();
        statement.put("_type", "https://in-toto.io/Statement/v1");
        ArrayNode subjects = statement.putArray("subject");
        String digest = image.digest();
        described(subjects, product.name(), digest.substring(digest.indexOf(':') + 1));
        described(subjects, String.valueOf(image.file().getFileName()), Sha256.of(image.file()));
        statement.put("predicateType", "https://slsa.dev/provenance/v1");
        ObjectNode predicate = statement.putObject("predicate");
        ObjectNode definition = predicate.putObject("buildDefinition");
        definition.put("buildType", UNNAMED.toString());
        definition
                .putObject("externalParameters")
                .put("image", product.name())
                .put("platform", platform)
                .put("base", base.name())
                .put("aot", cache != null);
        materials(definition.putArray("resolvedDependencies"), product, packages, goPrograms);
        ObjectNode run = predicate.putObject("runDetails");
        run.putObject("builder")
                .put("id", builder.toString())
                .putObject("version")
                .put("serinus", checkout.version());
        if (cache != null) {
            described(run.putArray("byproducts"), product.aotCache(), Sha256.of(cache));
        }
        Files.write(file, JSON.writeValueAsBytes(statement));
    }

    private void materials(
            ArrayNode to, Product product, List<DebianPackage> packages, List<String> goPrograms)
            throws IOException {
        source(to.addObject().put("uri", SOURCE));
        switch (base) {
            case Base.Debian _ ->
                    to.addObject().put("name", "jdk").put("uri", JavaRuntime.packageUrl());
            case Base.Registry(String reference) -> registry(to.addObject(), reference);
            case Base.Archive(Path archive) -> described(to, base.name(), Sha256.of(archive));
        }
        packages.forEach(each -> to.addObject().put("uri", each.packageUrl()));
        goPrograms.forEach(each -> to.addObject().put("uri", "pkg:golang/" + each));
        Checkout.Jars jars = checkout.jars(product);
        described(to, JavaOptions.APP + jars.app().getFileName(), Sha256.of(jars.app()));
        for (List<Path> libraries : List.of(jars.ours(), jars.others())) {
            for (Path jar : libraries) {
                described(to, JavaOptions.LIBRARIES + jar.getFileName(), Sha256.of(jar));
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
