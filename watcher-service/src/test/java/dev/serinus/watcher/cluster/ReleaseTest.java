package dev.serinus.watcher.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** What a workload is of in every region. */
class ReleaseTest {

    private static final Map<String, String> NONE = Map.of();

    @Test
    void itIsTheImagesOfAllContainersWhateverTheirOrder() throws Exception {
        var one =
                pods(
                        """
                        {"initContainers": [{"image": "init:1"}],
                         "containers": [{"image": "web:2", "env": [{"name": "REGION", "value": "us"}]},
                                        {"image": "proxy:3"}]}
                        """);
        var other =
                pods(
                        """
                        {"containers": [{"image": "proxy:3"}, {"image": "web:2"}],
                         "initContainers": [{"image": "init:1"}]}
                        """);

        assertThat(Release.of(NONE, one)).isEqualTo("init:1,proxy:3,web:2");
        assertThat(Release.of(NONE, other)).isEqualTo(Release.of(NONE, one));
    }

    @Test
    void whatItsAuthorSaysComesFirst() throws Exception {
        var pods = pods("{\"containers\": [{\"image\": \"web:2\"}]}");

        assertThat(Release.of(Map.of("serinus.dev/release", "4f2e11c"), pods)).isEqualTo("4f2e11c");
        assertThat(Release.of(Map.of("serinus.dev/release", " "), pods)).isEqualTo("web:2");
    }

    @Test
    void whatIsLongStandsAsItsHash() throws Exception {
        String image = "registry.example/" + "a".repeat(300);
        var pods = pods("{\"containers\": [{\"image\": \"%s\"}]}".formatted(image));

        assertThat(Release.of(NONE, pods)).hasSizeLessThan(100).isEqualTo(Release.of(NONE, pods));
        assertThat(Release.of(NONE, pods)).isNotEqualTo(Release.of(Map.of(), pods("{}")));
    }

    @Test
    void withoutContainersNobodyKnows() throws Exception {
        assertThat(Release.of(NONE, pods("{}"))).isEmpty();
    }

    @Test
    void hooksAreToldTheImagesAsTheyStandEachOnceAndNotTooMany() throws Exception {
        var many = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            many.append(", {\"image\": \"more:%d\"}".formatted(i));
        }
        var pods =
                pods(
                        """
                        {"initContainers": [{"image": "web:2"}],
                         "containers": [{"image": "web:2"}, {"image": "app:1"}, {"image": "%s"}%s]}
                        """
                                .formatted("x".repeat(600), many));

        assertThat(Release.imagesOf(pods)).hasSize(20).startsWith("web:2", "app:1", "more:0");
        assertThat(Release.imagesOf(pods("{}"))).isEmpty();
    }

    private static JsonNode pods(String json) throws Exception {
        return new ObjectMapper().readTree(json);
    }
}
