package dev.serinus.router.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Reading;
import dev.serinus.schemas.cluster.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What each kind of autoscaler becomes: {@code found.yaml} is the target's, {@code changed.yaml}
 * how it is at the promotion. The shapes are recordings of Flagger but for what README.md declares.
 */
class GoldenScalersTest {

    private static final Path RESOURCES = Path.of("src/test/resources/scaler");
    private static final ObjectMapper YAML = new YAMLMapper();

    private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");
    private final Scalers scalers = new Scalers(cluster.objects());

    @AfterEach
    void close() {
        cluster.close();
    }

    static Stream<String> cases() throws IOException {
        try (var folders = Files.walk(RESOURCES, 2)) {
            return folders
                    .filter(folder -> Files.exists(folder.resolve("canary.yaml")))
                    .map(folder -> RESOURCES.relativize(folder).toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyFileOfTheFolderIsAsWritten(String name) throws IOException {
        var folder = RESOURCES.resolve(name);
        var canary = canary(folder.resolve("canary.yaml"));
        var target =
                Target.of(
                        cluster.get(Kind.DEPLOYMENT, "podinfo"),
                        ReleaseTargets.of(Kind.DEPLOYMENT).orElseThrow(),
                        null,
                        List.of("app"));
        cluster.create(Files.readString(folder.resolve("found.yaml")));
        var found = write(scalers.restored(canary));

        write(scalers.present(canary, target));
        expect(folder, "primary.created.expected.yaml");
        assertThat(scalers.present(canary, target).orElseThrow().isEffective())
                .as("one that is there stays")
                .isFalse();

        if (Files.exists(folder.resolve("changed.yaml"))) {
            change(canary, folder.resolve("changed.yaml"));
            assertThat(scalers.present(canary, target).orElseThrow().isEffective())
                    .as("an edit waits")
                    .isFalse();
            write(scalers.promoted(canary, target, Instant.EPOCH));
            expect(folder, "primary.promoted.expected.yaml");
        }
        assertThat(scalers.promoted(canary, target, Instant.EPOCH).orElseThrow().isEffective())
                .as("promoting twice changes nothing")
                .isFalse();

        var before = write(scalers.resumed(canary));
        write(scalers.paused(canary));
        expect(folder, "target.paused.expected.yaml");
        assertThat(scalers.promoted(canary, target, Instant.EPOCH).orElseThrow().isEffective())
                .as("a pause of the target's does not pause the primary's")
                .isFalse();
        assertThat(write(scalers.resumed(canary)).map(ClusterObject::fingerprint))
                .as("resumed it is as it was")
                .isEqualTo(before.map(ClusterObject::fingerprint));
        assertThat(found.isPresent()).isEqualTo(before.isPresent());
    }

    private Optional<ClusterObject> write(Optional<Change> change) {
        return change.map(
                it ->
                        !it.isEffective()
                                ? it.desired()
                                : it.live() == null
                                        ? cluster.objects().create(ManagedBy.labelled(it.desired()))
                                        : cluster.objects()
                                                .replace(ManagedBy.labelled(it.desired())));
    }

    private void change(Canary canary, Path file) throws IOException {
        var changed = (ObjectNode) YAML.readTree(file.toFile());
        cluster.edit(
                kind(changed),
                Objects.requireNonNull(canary.getSpec().autoscalerRef()).name(),
                edit -> edit.put("spec", changed.path("spec")));
    }

    private void expect(Path folder, String file) throws IOException {
        if (!Files.exists(folder.resolve(file))) {
            assertThat(file).as("a file for each change").startsWith("target.");
            return;
        }
        var expected = (ObjectNode) YAML.readTree(folder.resolve(file).toFile());
        var object = cluster.get(kind(expected), expected.at("/metadata/name").asText());
        ObjectNode json = object.json().deepCopy();
        json.withObjectProperty("metadata")
                .retain("name", "namespace", "labels", "annotations", "ownerReferences");
        assertThat((JsonNode) json).as(file).isEqualTo(expected);
    }

    private static Kind kind(ObjectNode object) {
        return object.path("kind").asText().equals("ScaledObject")
                ? Kind.SCALED_OBJECT
                : Kind.AUTOSCALER;
    }

    private static Canary canary(Path file) throws IOException {
        return switch (CanaryReader.read(YAML.readTree(file.toFile()))) {
            case Reading.Whole<Canary>(var canary) -> canary;
            case Reading.Malformed<Canary>(_, var problems) ->
                    throw new IllegalArgumentException(problems.toString());
        };
    }
}
