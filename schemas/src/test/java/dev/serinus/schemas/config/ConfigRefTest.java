package dev.serinus.schemas.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.serinus.schemas.cluster.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

class ConfigRefTest {

    private static JsonNode json(String text) throws Exception {
        return JsonMapper.builder().build().readTree(text.replace('\'', '"'));
    }

    @Test
    void findsConfigsWhereFlaggerLooks() throws Exception {
        var pod =
                json(
                        """
                        {'volumes': [{'configMap': {'name': 'a'}}, {'secret': {'secretName': 'b', 'optional': true}},
                                     {'projected': {'sources': [{'configMap': {'name': 'c'}}, {'secret': {'name': 'd'}}]}},
                                     {'emptyDir': {}}],
                         'initContainers': [{'envFrom': [{'secretRef': {'name': 'e'}}]}],
                         'containers': [{'env': [{'valueFrom': {'configMapKeyRef': {'name': 'f', 'optional': true}}},
                                                 {'valueFrom': {'secretKeyRef': {'name': 'g'}}}],
                                         'envFrom': [{'configMapRef': {'name': 'h'}}]}],
                         'imagePullSecrets': [{'name': 'not-this-one'}]}
                        """);

        assertThat(ConfigRef.mandatory(pod))
                .isEqualTo(
                        Map.of(
                                new ConfigRef(Kind.CONFIG_MAP, "a"), true,
                                new ConfigRef(Kind.SECRET, "b"), false,
                                new ConfigRef(Kind.CONFIG_MAP, "c"), true,
                                new ConfigRef(Kind.SECRET, "d"), true,
                                new ConfigRef(Kind.SECRET, "e"), true,
                                new ConfigRef(Kind.CONFIG_MAP, "f"), false,
                                new ConfigRef(Kind.SECRET, "g"), true,
                                new ConfigRef(Kind.CONFIG_MAP, "h"), true));
    }

    @Test
    void onePlaceThatNeedsAConfigIsEnough() throws Exception {
        var pod =
                json(
                        """
                        {'containers': [{'envFrom': [{'configMapRef': {'name': 'a'}},
                                                     {'configMapRef': {'name': 'a', 'optional': true}}]}]}
                        """);

        assertThat(ConfigRef.mandatory(pod))
                .containsEntry(new ConfigRef(Kind.CONFIG_MAP, "a"), true);
    }

    @Test
    void aPlaceCanNameAnotherConfig() throws Exception {
        var pod = json("{'volumes': [{'secret': {'secretName': 'a'}}]}");

        ConfigRef.places(pod).forEach(place -> place.rename(place.config().name() + "-primary"));

        assertThat(pod.at("/volumes/0/secret/secretName").asText()).isEqualTo("a-primary");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "ConfigMap,,,true",
        "ConfigMap,,disabled,false",
        "ConfigMap,,disable,false",
        "ConfigMap,,enabled,true",
        "Secret,Opaque,,true",
        "Secret,,,true",
        "Secret,kubernetes.io/tls,,true",
        "Secret,kubernetes.io/tls,disabled,false",
        "Secret,kubernetes.io/service-account-token,,false",
        "Secret,helm.sh/release.v1,,false"
    })
    void saysWhatIsTracked(String kind, String type, String annotation, boolean tracked) {
        Map<String, String> annotations =
                annotation == null ? Map.of() : Map.of("flagger.app/config-tracking", annotation);

        assertThat(
                        ConfigTracking.isTracked(
                                kind.equals("Secret") ? Kind.SECRET : Kind.CONFIG_MAP,
                                type,
                                annotations))
                .isEqualTo(tracked);
    }

    @Test
    void checksumsAreThoseOfFlagger() throws Exception {
        assertThat(ConfigTracking.checksum(json("{'color': 'blue'}")))
                .isEqualTo("f234cb93c08ad64e");
        assertThat(ConfigTracking.checksum(json("null")))
                .isEqualTo(ConfigTracking.checksum(json("{'a': 1}").path("missing")));
    }
}
