package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.junit.jupiter.api.Test;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class ProvidersTest {

    /** A new provider is its class and this line. */
    private static final List<ProviderType> WITH_ANOTHER =
            Stream.concat(Providers.ALL.stream(), Stream.of(PretendProvider.TYPE)).toList();

    @Test
    void aNewProviderIsOneClassAndOneLine() {
        assertThat(provide(WITH_ANOTHER, "pretend"))
                .isInstanceOfSatisfying(
                        ProviderSetup.Ready.class,
                        ready -> assertThat(ready.provider()).isInstanceOf(PretendProvider.class));
    }

    @Test
    void whatFlaggerKnowsAndThisReleaseDoesNotIsRefusedByName() {
        assertThat(provide(Providers.ALL, "keptn"))
                .isEqualTo(new ProviderSetup.Wrong("this release of Serinus cannot ask keptn"));
    }

    @Test
    void unknownMetricsTypeFallsBackToPrometheusAsFlaggerDoes() {
        assertThat(provide(Providers.ALL, "nobody-knows"))
                .isInstanceOfSatisfying(
                        ProviderSetup.Ready.class,
                        ready -> assertThat(ready.provider()).isInstanceOf(Prometheus.class));
    }

    private static ProviderSetup provide(List<ProviderType> types, String type) {
        try (var kubernetes = new KubernetesClientBuilder().build()) {
            return new Providers(
                            types,
                            (_, settings) ->
                                    new ProviderContext(
                                            settings,
                                            _ -> {
                                                throw new ProviderHttp.NoReply("nobody is there");
                                            },
                                            kubernetes,
                                            InstantSource.system(),
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
