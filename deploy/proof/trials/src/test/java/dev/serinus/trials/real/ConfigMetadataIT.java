package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/** Large ConfigMaps cost whoever watches their metadata nothing, on a real API server. */
@OnTestBed
class ConfigMetadataIT {

    private static final int LARGE = 1000 * 1000;

    private final TestBed bed;

    ConfigMetadataIT(TestBed bed) {
        this.bed = bed;
    }

    private ConfigMap config(String name, String text) {
        return bed.admin()
                .resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .withNamespace(bed.namespace())
                                .endMetadata()
                                .addToData("text", text)
                                .build())
                .createOr(existing -> existing.update());
    }

    @Test
    void noContentIsSentByTheListNorByTheWatch() {
        // Given
        for (int i = 0; i < 30; i++) {
            assertThat(config("large-" + i, "x".repeat(LARGE)).getMetadata().getName())
                    .isNotEmpty();
        }
        try (ResourceWatch<Boolean> watch =
                ResourceWatch.ofMetadata(
                        _ -> true,
                        bed.admin(),
                        Kind.CONFIG_MAP.context(),
                        bed.namespace(),
                        object -> object.getAdditionalProperties().containsKey("data"))) {
            // When
            watch.start();
            await().atMost(Duration.ofSeconds(60)).until(watch::isCurrent);
            String changed = version(config("large-7", "y".repeat(LARGE)));
            String made = version(config("large-made-later", "z".repeat(LARGE)));
            // Then
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> {
                                assertThat(seen(watch, "large-7")).contains(changed);
                                assertThat(seen(watch, "large-made-later")).contains(made);
                            });
            assertThat(watch.all()).hasSizeGreaterThanOrEqualTo(31);
            assertThat(watch.all()).extracting(Observed::value).containsOnly(false);
        }
    }

    private Optional<String> seen(ResourceWatch<Boolean> watch, String name) {
        return watch.get(bed.namespace(), name).map(Observed::resourceVersion);
    }

    private static String version(ConfigMap config) {
        return config.getMetadata().getResourceVersion();
    }
}
