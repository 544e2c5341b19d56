package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The manifests of the guides that platform teams come with. They lie beside the repository, in
 * {@code shared/mission} of a directory above it; where they do not there are none.
 */
public final class MissionManifests {

    private static final Pattern DOCUMENTS = Pattern.compile("(?m)^---\\s*$");
    private static final List<String> WAYS = List.of("iterations", "stepWeight", "stepWeights");

    private MissionManifests() {}

    /**
     * One document of a file.
     *
     * @param file its name
     * @param place among the documents of the file, from 0
     */
    public record Document(String file, int place, ObjectNode content) {

        /**
         * Its number, as the guides have it, such as 04; with a letter where a file has several.
         */
        public String number() {
            return file.substring(0, 2) + (place == 0 ? "" : String.valueOf((char) ('a' + place)));
        }

        /** Empty for a fragment. */
        public String kind() {
            return content.path("kind").asText();
        }

        /** True for a Canary, and for a fragment of one. */
        public boolean isOfACanary() {
            return content.has("kind") ? kind().equals("Canary") : !content.has("groups");
        }

        private Document with(ObjectNode other) {
            return new Document(file, place, other);
        }

        @Override
        public String toString() {
            return place == 0 ? file : file + " (" + (place + 1) + ")";
        }
    }

    /** True where the folder is there. */
    public static boolean areThere() {
        return folder() != null;
    }

    /** All documents, in the guides' order. */
    public static List<Document> all() {
        var folder = folder();
        if (folder == null) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.sorted().flatMap(MissionManifests::documents).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Those of a kind. */
    public static List<Document> of(String kind) {
        return all().stream().filter(document -> document.kind().equals(kind)).toList();
    }

    /**
     * Each Canary, and each fragment of one as a whole: that belongs under spec.analysis, and what
     * a guide leaves out is put in.
     */
    public static List<Document> canaries() {
        return all().stream()
                .filter(Document::isOfACanary)
                .map(document -> document.with(whole(document.content())))
                .toList();
    }

    private static @Nullable Path folder() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var found = at.resolve("shared/mission/manifests");
            if (Files.isDirectory(found)) {
                return found;
            }
        }
        return null;
    }

    private static Stream<Document> documents(Path file) {
        var texts =
                Stream.of(DOCUMENTS.split(text(file)))
                        .map(Manifests::yaml)
                        .filter(ObjectNode.class::isInstance)
                        .map(ObjectNode.class::cast)
                        .toList();
        return Stream.iterate(0, place -> place < texts.size(), place -> place + 1)
                .map(
                        place ->
                                new Document(
                                        String.valueOf(file.getFileName()),
                                        place,
                                        texts.get(place)));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file.toString(), unreadable);
        }
    }

    private static ObjectNode whole(JsonNode document) {
        var canary = Manifests.canary("");
        var spec = (ObjectNode) canary.path("spec");
        var given = document.has("spec") ? document.path("spec") : document;
        boolean inSpec = document.has("spec") || document.has("analysis");
        spec.remove("analysis");
        var analysis = inSpec ? given.path("analysis") : given;
        if (inSpec) {
            spec.setAll((ObjectNode) given.deepCopy());
        }
        var judged = analysis.isObject() ? (ObjectNode) analysis.deepCopy() : spec.objectNode();
        if (!judged.has("interval")) {
            judged.put("interval", "1m");
        }
        if (WAYS.stream().noneMatch(judged::has)) {
            judged.put("stepWeight", 10);
        }
        spec.set("analysis", judged);
        return canary;
    }
}
