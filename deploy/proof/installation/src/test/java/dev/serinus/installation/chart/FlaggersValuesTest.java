package dev.serinus.installation.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.MissionManifests;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A values file of Flagger's chart installs Serinus, and nothing in it is passed over in silence.
 */
@WithHelm
class FlaggersValuesTest {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /** What a value does here. */
    enum Effect {
        RENDER,
        NOTES,
        REFUSED,
        NONE
    }

    /**
     * One value of Flagger's chart.
     *
     * @param defaultThere what it is in Flagger's chart
     * @param given something else that it may be
     * @param with other values that it needs to count
     */
    record Row(
            String value,
            String defaultThere,
            JsonNode given,
            @Nullable JsonNode with,
            Effect effect,
            String here) {

        String values() {
            ObjectNode all = with == null ? JsonNodeFactory.instance.objectNode() : with.deepCopy();
            String[] path = value.split("\\.");
            ObjectNode at = all;
            for (int i = 0; i < path.length - 1; i++) {
                at = at.withObjectProperty(path[i]);
            }
            at.set(path[path.length - 1], given);
            return all.toString();
        }

        @Override
        public String toString() {
            return value;
        }
    }

    static List<Row> rows() {
        try (var in = FlaggersValuesTest.class.getResourceAsStream("flagger-values.yaml")) {
            JsonNode rows = YAML.unmarshal(in, JsonNode.class);
            return rows.valueStream()
                    .map(
                            row ->
                                    new Row(
                                            row.path("value").asText(),
                                            row.path("default").asText(),
                                            row.path("given"),
                                            row.get("with"),
                                            Effect.valueOf(
                                                    row.path("effect")
                                                            .asText()
                                                            .toUpperCase(Locale.ROOT)),
                                            row.path("here").asText()))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Each takes a process: two at a time. */
    @BeforeAll
    static void render() {
        rows().parallelStream()
                .filter(row -> row.effect() != Effect.REFUSED)
                .forEach(row -> Rendered.of(row.values()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachHasItsEffectOrIsExplained(Row row) {
        if (row.effect() == Effect.REFUSED) {
            assertThat(Rendered.attempt(row.values()).out()).contains(row.value() + ": ");
            return;
        }
        var without = Rendered.of(row.with() == null ? "" : row.with().toString());
        var chart = Rendered.of(row.values());
        switch (row.effect()) {
            case RENDER -> assertThat(chart.objects()).isNotEqualTo(without.objects());
            case NOTES ->
                    assertThat(chart.notes())
                            .contains("Of the values that were given")
                            .containsPattern("\n- [^:\n]*" + row.value());
            case NONE, REFUSED -> assertThat(chart.objects()).isEqualTo(without.objects());
        }
    }

    @Test
    void allOfThemTogetherInstallSerinus() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        for (Row row : rows()) {
            if (row.effect() != Effect.REFUSED) {
                merge(all, YAML.unmarshal(row.values(), JsonNode.class));
            }
        }
        var chart = Rendered.of(all.toString());

        assertThat(chart.workloads()).hasSize(1);
    }

    @Test
    void whatFlaggersOwnFileSaysByDefaultInstallsSerinus() {
        var chart =
                Rendered.of(
                        """
                        image: {repository: ghcr.io/fluxcd/flagger, tag: 1.44.0, pullSecret: null}
                        podAnnotations: {prometheus.io/scrape: "true", linkerd.io/inject: enabled}
                        slack: {user: flagger, channel: null, url: null, proxyUrl: null}
                        msteams: {url: null, proxyUrl: null}
                        leaderElection: {enabled: false, replicaCount: 1}
                        prometheus: {install: false, pullSecret: null}
                        crd: {create: false}
                        meshProvider: ""
                        eventWebhook: ""
                        namespace: ""
                        threadiness: null
                        affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [
                          {weight: 100, podAffinityTerm: {topologyKey: kubernetes.io/hostname,
                            labelSelector: {matchLabels: {
                              app.kubernetes.io/name: '{{ template "flagger.name" . }}',
                              app.kubernetes.io/instance: '{{ .Release.Name }}'}}}}]}}
                        """);

        assertThat(chart.containers())
                .singleElement()
                .satisfies(
                        container ->
                                assertThat(container.path("image").asText())
                                        .doesNotContain("flagger"));
        assertThat(chart.pods().getFirst().path("affinity").toString())
                .contains("\"app.kubernetes.io/name\":\"serinus\"");
        assertThat(chart.notes())
                .contains("image.repository names Flagger's image", "crd.create is false");
    }

    /** Of the guides that platform teams come with; without them this is skipped. */
    @Test
    void theReleaseOfAGuideInstallsSerinusAsItStands() {
        assumeThat(MissionManifests.areThere()).as("shared/mission beside the repository").isTrue();
        var releases = MissionManifests.of("HelmRelease");
        assertThat(releases).isNotEmpty();
        for (var release : releases) {
            JsonNode values = release.content().at("/spec/values");
            assertThat(values.isObject()).isTrue();
            var chart = Rendered.of(values.toString());

            assertThat(chart.workloads()).hasSize(1);
            assertThat(chart.objects()).isNotEqualTo(Rendered.of("").objects());
            for (var given : values.properties()) {
                assertThat(chart.objects().toString())
                        .as(given.getKey())
                        .contains(given.getValue().asText());
            }
        }
    }

    @Test
    void theTableInTheReadmeSaysTheSame() throws IOException {
        String table =
                rows().stream()
                        .map(
                                row ->
                                        "| `%s` | %s | %s |"
                                                .formatted(
                                                        row.value(),
                                                        row.defaultThere(),
                                                        row.here()))
                        .collect(Collectors.joining("\n"));

        assertThat(Files.readString(Helm.CHART.resolve("README.md"))).contains(table);
    }

    private static void merge(ObjectNode into, JsonNode from) {
        for (var each : from.properties()) {
            if (each.getValue().isObject() && into.path(each.getKey()).isObject()) {
                merge((ObjectNode) into.path(each.getKey()), each.getValue());
            } else {
                into.set(each.getKey(), each.getValue());
            }
        }
    }
}
