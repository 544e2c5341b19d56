package dev.serinus.watcher.cluster;

import static dev.serinus.watcher.Objects.CANARY;
import static dev.serinus.watcher.Objects.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.cluster.Claims;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class WatchedCanaryTest {

    private static WatchedCanary watched(Map<String, String> labels) {
        var canary = Serialization.unmarshal(CANARY, GenericKubernetesResource.class);
        canary.getMetadata().setLabels(labels);
        return WatchedCanary.of(
                canary,
                installation("http://prometheus:9090"),
                new Claims().settle("lab", "kafka"));
    }

    private static Map<String, String> labels(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> "label-" + n)
                .collect(Collectors.toMap(Function.identity(), _ -> "yes"));
    }

    @Test
    void labelsAreToldWholeOrNotAtAll() {
        assertThat(watched(Map.of()).labels()).isEmpty();
        assertThat(watched(labels(32)).labels()).isEqualTo(labels(32));
        assertThat(watched(labels(33)).labels()).as("a part would be taken for all").isNull();
    }
}
