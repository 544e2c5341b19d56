package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.crd.Crds;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class ProvidersTest {

    /** A new provider is its class and this line. */
    private static final List<ProviderType> WITH_ANOTHER =
            Stream.concat(Providers.ALL.stream(), Stream.of(PretendProvider.TYPE)).toList();

    private static final ProviderHttp NOBODY =
            _ -> {
                throw new ProviderHttp.NoReply("nobody is there");
            };

    @Test
    void aNewProviderIsOneClassAndOneLine() {
        assertThat(provide(WITH_ANOTHER, "pretend"))
                .isInstanceOfSatisfying(
                        ProviderSetup.Ready.class,
                        ready -> assertThat(ready.provider()).isInstanceOf(PretendProvider.class));
    }

    @Test
    void anUnknownTypeIsRefusedWithThoseThatAreKnown() {
        assertThat(provide(Providers.ALL, "nobody-knows"))
                .isEqualTo(
                        new ProviderSetup.Wrong(
                                "there is no such type of provider, known are amazonprometheus,"
                                        + " azuremonitor, cloudwatch, datadog, dynatrace,"
                                        + " externalmetrics, googleprometheus, graphite,"
                                        + " influxdb, keptn, newrelic, prometheus, signoz, splunk,"
                                        + " stackdriver, webhook"));
    }

    private static JsonNode definition(String pathOfProvider) {
        return Crds.all().stream()
                .filter(each -> each.getSpec().getNames().getKind().equals("MetricTemplate"))
                .map(each -> new KubernetesSerialization().convertValue(each, JsonNode.class))
                .map(
                        tree ->
                                tree.at(
                                        "/spec/versions/0/schema/openAPIV3Schema/properties/spec"
                                                + "/properties/provider"
                                                + pathOfProvider))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theDefinitionOfMetricTemplatesRefusesAuthWhereItHasNoEffect() {
        String types =
                Providers.ALL.stream()
                        .filter(type -> type.abilities().ownIdentity() != null)
                        .map(type -> "'" + type.name() + "'")
                        .sorted()
                        .collect(Collectors.joining(", "));

        assertThat(definition("/x-kubernetes-validations/0/rule").asText())
                .isEqualTo("!has(self.auth) || !(self.type in [%s])".formatted(types));
    }

    /** What the API server admits can be asked. */
    @Test
    void theDefinitionOfMetricTemplatesListsTheSame() {
        assertThat(definition("/properties/type/enum"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(names());
    }

    /** A row of a table in the README. */
    private record Row(String type, List<String> cells) {}

    /** The rows of the table below this line that are about a type. */
    private static List<Row> table(String begin) throws IOException {
        var row = Pattern.compile("\\| `([a-z]+)` \\| (.*) \\|");
        var lines = Files.readAllLines(Path.of("README.md"));
        return lines.subList(lines.indexOf(begin) + 1, lines.size()).stream()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .map(row::matcher)
                .filter(Matcher::matches)
                .map(found -> new Row(found.group(1), List.of(found.group(2).split(" \\| "))))
                .toList();
    }

    private static List<String> names() {
        return Providers.ALL.stream().map(ProviderType::name).toList();
    }

    @Test
    void theReadmeSaysOfEachHowItIsAsked() throws IOException {
        assertThat(table("## Metrics"))
                .extracting(Row::type)
                .containsExactlyInAnyOrderElementsOf(names());
    }

    @Test
    void theReadmeSaysOfEachWhatItCanDo() throws IOException {
        var rows = table("### What each can do");
        var abilities =
                Providers.ALL.stream()
                        .collect(Collectors.toMap(ProviderType::name, ProviderType::abilities));

        assertThat(rows).extracting(Row::type).containsExactlyInAnyOrderElementsOf(names());
        assertThat(rows)
                .allSatisfy(
                        row -> {
                            var can = Objects.requireNonNull(abilities.get(row.type()));
                            boolean asOthers = can.ownIdentity() == null;
                            assertThat(row.cells()).hasSize(4);
                            assertThat(row.cells().get(0)).startsWith(auth(can));
                            assertThat(row.cells().get(1)).startsWith(asOthers ? "yes" : "no");
                            assertThat(row.cells().get(2).startsWith("no"))
                                    .isEqualTo(!can.ranges());
                        });
    }

    private static String auth(Abilities can) {
        if (can.ownIdentity() != null) {
            return "no: it is asked as " + can.ownIdentity();
        }
        return can.authorization().isEmpty()
                ? "beside the keys of its Secret"
                : can.authorization().stream()
                        .map(key -> "`" + key + "`")
                        .collect(Collectors.joining(", ", "in place of ", ""));
    }

    /** Of a recording there is the scenario that is played again. */
    @Test
    void theReadmeNamesWhatEachIsTestedAgainst() throws IOException {
        try (var files = Files.list(Path.of("../deploy/proof/conformance/scenarios"))) {
            var recorded = Pattern.compile("type: ([a-z]+)[,}]");
            var played =
                    files.map(Path::toFile)
                            .filter(file -> file.getName().startsWith("metric-"))
                            .map(ProvidersTest::contents)
                            .flatMap(text -> recorded.matcher(text).results())
                            .map(found -> found.group(1))
                            .collect(Collectors.toSet());

            assertThat(table("### What each can do"))
                    .allSatisfy(
                            row ->
                                    assertThat(row.cells().getLast().contains("recording"))
                                            .isEqualTo(played.contains(row.type())));
        }
    }

    private static String contents(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static ProviderSetup provide(List<ProviderType> types, String type) {
        try (var kubernetes = new KubernetesClientBuilder().build()) {
            return new Providers(
                            types,
                            (_, settings) ->
                                    new ProviderContext(
                                            settings,
                                            NOBODY,
                                            NOBODY,
                                            kubernetes,
                                            _ -> true,
                                            InstantSource.system(),
                                            _ -> {},
                                            Map.of()))
                    .provide(
                            new CanaryKey("lab", "test", "podinfo"),
                            new ProviderSettings(
                                    type,
                                    "http://metrics.example",
                                    Map.of(),
                                    Map.of(
                                            "api_key",
                                            "one",
                                            "application_key",
                                            "two",
                                            "token",
                                            "t"),
                                    true,
                                    false,
                                    null,
                                    "1m"));
        }
    }
}
