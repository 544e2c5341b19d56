package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.crd.ApiServerSchema;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.hook.HookType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The manifests of the guides that platform teams come with, each as it stands. They lie beside the
 * repository, in {@code shared/mission} of a directory above it; without them this is skipped.
 */
class MissionManifestsTest {

    private static final Pattern DOCUMENTS = Pattern.compile("(?m)^---\\s*$");
    private static final List<String> WAYS = List.of("iterations", "stepWeight", "stepWeights");

    private static @Nullable Path folder() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var found = at.resolve("shared/mission/manifests");
            if (Files.isDirectory(found)) {
                return found;
            }
        }
        return null;
    }

    @Test
    void areThere() {
        assumeThat(folder()).as("shared/mission beside the repository").isNotNull();
    }

    @TestFactory
    Stream<DynamicTest> eachCanaryIsAcceptedAndKept() throws IOException {
        var folder = folder();
        if (folder == null) {
            return Stream.empty();
        }
        try (var files = Files.list(folder)) {
            return files.sorted().toList().stream().flatMap(MissionManifestsTest::tests);
        }
    }

    private static Stream<DynamicTest> tests(Path file) {
        return Stream.of(DOCUMENTS.split(text(file)))
                .map(Manifests::yaml)
                .filter(ObjectNode.class::isInstance)
                .filter(MissionManifestsTest::isOfACanary)
                .map(MissionManifestsTest::whole)
                .map(
                        canary ->
                                DynamicTest.dynamicTest(
                                        file.getFileName().toString(), () -> check(canary)));
    }

    /** Not a rule file of Prometheus, which has no kind either. */
    private static boolean isOfACanary(JsonNode document) {
        return document.has("kind")
                ? document.path("kind").asText().equals("Canary")
                : !document.has("groups");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new IllegalStateException(file.toString(), unreadable);
        }
    }

    private static void check(JsonNode canary) {
        assertThat(ApiServerSchema.of("Canary").mistakes(canary)).isEmpty();
        var admission =
                Admissions.admit(CanaryReader.read(canary).resource(), Installation.named("eu-1"));
        var templates = canary.at("/spec/analysis/canaryAnalysis/templateVariables");
        if (templates.isMissingNode()) {
            assertThat(admission).isInstanceOf(Admission.Admitted.class);
            assertThat(((Admission.Admitted) admission).hints())
                    .filteredOn(hint -> hint.contains("webhooks"))
                    .as("work that its author wants done on a rollback, and would be a rollback")
                    .hasSize(worksOnRollback(canary) ? 1 : 0);
        } else {
            assertThat(((Admission.Refused) admission).problems())
                    .extracting(Problem::getPath)
                    .as("told in one sentence with the path, and what does it instead")
                    .containsExactly("spec.analysis.canaryAnalysis.templateVariables");
        }
    }

    private static boolean worksOnRollback(JsonNode canary) {
        return canary.at("/spec/analysis/webhooks")
                .valueStream()
                .anyMatch(
                        hook ->
                                hook.path("type").asText().equals(HookType.ROLLBACK.word())
                                        && hook.path("metadata").size() > 1);
    }

    /** A fragment belongs under spec.analysis, and what a guide leaves out is put in. */
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
