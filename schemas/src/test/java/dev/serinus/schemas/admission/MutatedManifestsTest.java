package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.events.Problem;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whatever stands in a manifest, it harms only itself. */
class MutatedManifestsTest {
    private static final String SECRET = "s3cret";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<JsonNode> EXAMPLES =
            Stream.of("canary-weights.yaml", "canary-ab-testing.yaml", "canary-step-weights.yaml")
                    .map(Manifests::resource)
                    .toList();
    private static final List<String> PROVIDERS =
            List.of("istio", "gatewayapi:v1", "kubernetes", "knative", "nginx", "none");

    /** Puts a value, or nothing, in the place of one of the values of a manifest. */
    record Mutation(int place, Replacement by) {}

    /** What is put there; without a value the field or item is taken out. */
    record Replacement(List<JsonNode> value) {}

    @Property(tries = 1000)
    void neverStopTheirReader(
            @ForAll("manifests") JsonNode manifest, @ForAll("providers") String provider) {
        assertThatCode(() -> judge(manifest, provider)).doesNotThrowAnyException();
    }

    private static void judge(JsonNode manifest, String provider) throws Exception {
        switch (Admissions.admit(read(manifest), installation(provider))) {
            case Admission.Admitted(var spec, _, _) -> {
                spec.toByteBuffer();
                assertThat(spec.toString()).doesNotContain(SECRET);
            }
            case Admission.Refused(var problems) -> {
                assertThat(problems).isNotEmpty().doesNotHaveDuplicates();
                assertThat(problems).extracting(Problem::getPath).noneMatch(String::isBlank);
                assertThat(problems)
                        .extracting(Problem::getMessage)
                        .noneMatch(message -> message.contains(SECRET));
            }
        }
    }

    private static Canary read(JsonNode manifest) {
        return CanaryReader.read(manifest).resource();
    }

    private static Installation installation(String provider) {
        var named = Installation.named("eu-1");
        return new Installation(
                named.cluster(),
                named.namespace(),
                provider,
                named.metricsServer(),
                named.minInterval(),
                named.selectorLabels(),
                named.configTracking(),
                named.includeLabelPrefixes(),
                true);
    }

    @Provide
    Arbitrary<String> providers() {
        return Arbitraries.of(PROVIDERS);
    }

    @Provide
    Arbitrary<JsonNode> manifests() {
        var mutations =
                Combinators.combine(Arbitraries.integers().between(0, 500), replacements())
                        .as(Mutation::new)
                        .list()
                        .ofMaxSize(4);
        return Combinators.combine(Arbitraries.of(EXAMPLES), mutations)
                .as(MutatedManifestsTest::mutated);
    }

    private static Arbitrary<Replacement> replacements() {
        return Arbitraries.of(
                        new JsonNode[] {
                            JSON.nullNode(),
                            JSON.numberNode(0),
                            JSON.numberNode(-1),
                            JSON.numberNode(101),
                            JSON.numberNode(2.5),
                            JSON.numberNode(10.0),
                            JSON.numberNode(Long.MAX_VALUE),
                            JSON.numberNode(new BigDecimal("1e400")),
                            JSON.numberNode(Double.NaN),
                            JSON.textNode(""),
                            JSON.textNode("10"),
                            JSON.textNode("9999999999999h"),
                            JSON.textNode("http://a/\u0000\n"),
                            JSON.textNode("long".repeat(50)),
                            JSON.booleanNode(true),
                            JSON.objectNode(),
                            JSON.objectNode().put("name", 7),
                            JSON.objectNode().set("headers", JSON.textNode("x")),
                            JSON.arrayNode(),
                            JSON.arrayNode().addNull(),
                            JSON.arrayNode().add(1).add("a")
                        })
                .map(value -> new Replacement(List.of(value)))
                .injectNull(0.1)
                .map(value -> value == null ? new Replacement(List.of()) : value);
    }

    private static JsonNode mutated(JsonNode example, List<Mutation> mutations) {
        JsonNode manifest = example.deepCopy();
        for (var hook : manifest.at("/spec/analysis/webhooks")) {
            ((ObjectNode) hook)
                    .put("url", "https://" + SECRET)
                    .putObject("metadata")
                    .put("token", SECRET);
        }
        mutations.forEach(mutation -> mutate(manifest, mutation));
        return manifest;
    }

    private static void mutate(JsonNode manifest, Mutation mutation) {
        var places = new ArrayList<Runnable>();
        places(manifest, mutation.by().value(), places);
        if (!places.isEmpty()) {
            places.get(mutation.place() % places.size()).run();
        }
    }

    private static void places(JsonNode node, List<JsonNode> value, List<Runnable> places) {
        switch (node) {
            case ObjectNode object ->
                    object.fieldNames()
                            .forEachRemaining(
                                    field -> {
                                        places.add(() -> replace(object, field, value));
                                        places(object.get(field), value, places);
                                    });
            case ArrayNode array -> {
                for (var i = 0; i < array.size(); i++) {
                    var item = i;
                    places.add(() -> replace(array, item, value));
                    places(array.get(i), value, places);
                }
            }
            default -> {}
        }
    }

    private static void replace(ObjectNode object, String field, List<JsonNode> value) {
        if (value.isEmpty()) {
            object.remove(field);
        } else {
            object.set(field, value.getFirst().deepCopy());
        }
    }

    private static void replace(ArrayNode array, int item, List<JsonNode> value) {
        if (value.isEmpty()) {
            array.remove(item);
        } else {
            array.set(item, value.getFirst().deepCopy());
        }
    }
}
