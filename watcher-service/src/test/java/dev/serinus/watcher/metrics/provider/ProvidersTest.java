package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.crd.Crds;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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
                .containsExactlyInAnyOrderElementsOf(
                        Providers.ALL.stream().map(ProviderType::name).toList());
    }

    @Test
    void theTableOfTheReadmeHasARowForEach() throws IOException {
        var row = Pattern.compile("\\| `([a-z]+)` \\|.*");

        assertThat(Files.readAllLines(Path.of("README.md")).stream().map(row::matcher))
                .filteredOn(Matcher::matches)
                .extracting(matched -> matched.group(1))
                .containsExactlyInAnyOrderElementsOf(
                        Providers.ALL.stream().map(ProviderType::name).toList());
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
