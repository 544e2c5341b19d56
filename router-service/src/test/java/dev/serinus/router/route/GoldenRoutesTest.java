package dev.serinus.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Reading;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What each router writes, step by step, beside what is expected: {@code
 * KIND.NUMBER-WEIGHT[-mirrored][-matched].expected.yaml} after each step, {@code
 * KIND[-SIDE].expected.yaml} after the last, {@code KIND[-SIDE].restored.expected.yaml} after the
 * Canary has gone; {@code found.yaml} is there before. The expectations are recordings of Flagger
 * but for the differences that README.md declares.
 */
class GoldenRoutesTest {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Pattern STEP =
            Pattern.compile(
                    "(\\w+)\\.(\\d+)-(\\d+)(-mirrored(\\d*))?(-matched)?\\.expected\\.yaml");
    private static final Pattern LAST =
            Pattern.compile("(\\w+?)(-canary|-primary|)\\.expected\\.yaml");
    private static final Pattern RESTORED =
            Pattern.compile("(\\w+?)(-canary|-primary|)\\.restored\\.expected\\.yaml");
    private static final ObjectMapper YAML = new YAMLMapper();

    private static final ObjectMapper SORTED =
            YAML.copy().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final Map<Ref, ClusterObject> objects = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>(Set.of("canary.yaml"));

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
        // Given
        var folder = RESOURCES.resolve(name);
        var canary = canary(folder.resolve("canary.yaml"));
        var router = new Routers(Installation.named("lab")).of(canary);
        if (Files.exists(folder.resolve("found.yaml"))) {
            used.add("found.yaml");
            found(folder.resolve("found.yaml"), router.router().mesh());
        }
        // When, Then
        for (String file : files(folder)) {
            var step = STEP.matcher(file);
            if (step.matches()) {
                var split =
                        new Split(
                                Weight.percent(Integer.parseInt(step.group(3))),
                                step.group(4) != null,
                                step.group(6) != null,
                                Weight.NONE,
                                copies(step.group(5)));
                write(
                        router.plan(
                                new Routing(canary, split, 1, "app"),
                                KnownObjects.andGateways(objects)));
                assertThat(
                                router.plan(
                                        new Routing(canary, split, 1, "app"),
                                        KnownObjects.andGateways(objects)))
                        .as("doing %s twice changes nothing", file)
                        .noneMatch(Change::isEffective);
                expect(folder, file, step.group(1), router.routes().getFirst().name());
                var shown = router.current(objects::get).orElseThrow();
                assertThat(split.copies() == null ? shown.copying(null) : shown)
                        .as("what is read back after %s", file)
                        .isEqualTo(split);
            }
        }
        expectAll(folder, LAST);
        write(router.restored(objects::get));
        expectAll(folder, RESTORED);
        assertThat(files(folder)).as("files nobody looked at").isSubsetOf(used);
    }

    private static @Nullable Weight copies(@Nullable String percent) {
        return percent == null || percent.isEmpty()
                ? null
                : Weight.percent(Integer.parseInt(percent));
    }

    private void write(List<Change> changes) {
        changes.forEach(change -> objects.put(change.ref(), ManagedBy.labelled(change.desired())));
    }

    private void expectAll(Path folder, Pattern pattern) throws IOException {
        for (String file : files(folder)) {
            var named = pattern.matcher(file);
            if (named.matches()) {
                expect(folder, file, named.group(1), "podinfo" + named.group(2));
            }
        }
    }

    private void expect(Path folder, String file, String kind, String name) throws IOException {
        var path = folder.resolve(file);
        used.add(file);
        var object =
                objects.values().stream()
                        .filter(
                                it ->
                                        it.ref().kind().name().equals(kind)
                                                && Set.of(name, name + ".test")
                                                        .contains(it.ref().name()))
                        .findFirst()
                        .orElseThrow()
                        .edited(it -> it.withoutAnnotations(GoldenRoutesTest::isMemory));
        assertThat(sorted(object.json())).as(file).isEqualTo(sorted(YAML.readTree(path.toFile())));
    }

    /** What the object was like before is told by the restored one; the other only serves us. */
    private static boolean isMemory(String annotation) {
        return annotation.equals(RouteMetadata.ORIGINAL)
                || annotation.equals(RouteCopy.ANNOTATED)
                || annotation.equals(SharedLists.ADDED)
                || annotation.equals(RouteMetadata.FLAGGER_ORIGINAL);
    }

    private static String sorted(JsonNode json) throws IOException {
        return SORTED.writeValueAsString(SORTED.treeToValue(json, Object.class));
    }

    private void found(Path file, Mesh mesh) throws IOException {
        for (JsonNode json :
                YAML.readerFor(ObjectNode.class).<JsonNode>readValues(file.toFile()).readAll()) {
            var object = (ObjectNode) json;
            var ref =
                    Stream.of(mesh.reads(), mesh.writes(), List.of(Kind.SERVICE))
                            .flatMap(List::stream)
                            .filter(it -> isOf(object, it))
                            .findFirst()
                            .orElseThrow()
                            .named(
                                    object.at("/metadata/namespace").asText(),
                                    object.at("/metadata/name").asText());
            objects.put(ref, new ClusterObject(ref, object));
        }
    }

    private static boolean isOf(ObjectNode object, Kind kind) {
        return kind.apiVersion().equals(object.path("apiVersion").asText())
                && kind.name().equals(object.path("kind").asText());
    }

    private static Set<String> files(Path folder) throws IOException {
        try (var list = Files.list(folder)) {
            return new TreeSet<>(list.map(file -> file.getFileName().toString()).toList());
        }
    }

    static Canary canary(Path file) throws IOException {
        return switch (CanaryReader.read(YAML.readTree(file.toFile()))) {
            case Reading.Whole<Canary>(var canary) -> canary;
            case Reading.Malformed<Canary>(_, var problems) ->
                    throw new IllegalArgumentException(problems.toString());
        };
    }
}
