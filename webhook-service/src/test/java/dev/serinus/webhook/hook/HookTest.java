package dev.serinus.webhook.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.HookType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class HookTest {

    @Test
    void hooksOfACanaryThatIsTooLargeAreNotKept() {
        assertThat(Hook.of(canary(40, 1_000))).hasSize(40);
        assertThat(Hook.of(canary(40, 25_000))).isEmpty();
    }

    private static GenericKubernetesResource canary(int hooks, int characters) {
        List<Map<String, Object>> all =
                IntStream.range(0, hooks)
                        .<Map<String, Object>>mapToObj(
                                n ->
                                        Map.of(
                                                "name",
                                                "hook-" + n,
                                                "metadata",
                                                Map.of("text", "x".repeat(characters))))
                        .toList();
        var canary = new GenericKubernetesResource();
        canary.setAdditionalProperty("spec", Map.of("analysis", Map.of("webhooks", all)));
        return canary;
    }

    @Test
    void ofACanaryThatIsGoneTheEventHooksAreKeptAtTheirPlaces() {
        var load = new Hook("load", HookType.ROLLOUT, "http://a", null, 0, false, Map.of("k", "v"));
        var feed = new Hook("feed", HookType.EVENT, "http://b", null, 0, false, Map.of("k", "v"));

        var kept = Hook.events(List.of(load, feed));

        assertThat(kept).hasSize(2).last().isEqualTo(feed);
        assertThat(kept.getFirst().url()).isEmpty();
        assertThat(Hook.bytes(kept)).isLessThan(Hook.bytes(List.of(load, feed)));
    }
}
