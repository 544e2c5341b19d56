package dev.serinus.schemas.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

class RevisionTest {
    private static final String TEMPLATE =
            """
            metadata: {labels: {app: podinfo}}
            spec:
              containers:
              - name: podinfo
                image: podinfo:1
                ports: [{containerPort: 9898, name: http}]
                env: [{name: A, value: a}, {name: B, value: b}]
                resources: {requests: {cpu: 1, memory: 64Mi}}
              volumes: [{name: data, emptyDir: {}}]
            """;

    static Stream<Arguments> same() {
        return Stream.of(
                argumentSet(
                        "order of keys",
                        replaced(
                                "name: podinfo\n    image: podinfo:1",
                                "image: podinfo:1\n    name: podinfo")),
                argumentSet(
                        "null", replaced("metadata: {", "metadata: {creationTimestamp: null, ")),
                argumentSet(
                        "empty list",
                        replaced("image: podinfo:1", "image: podinfo:1\n    args: []")),
                argumentSet("empty map", replaced("spec:\n", "spec:\n  nodeSelector: {}\n")),
                argumentSet("number as text", replaced("cpu: 1", "cpu: \"1\"")),
                argumentSet(
                        "DaemonSet scaled to zero",
                        replaced(
                                "spec:\n",
                                "spec:\n  nodeSelector: {flagger.app/scale-to-zero: \"true\"}\n")));
    }

    static Stream<Arguments> different() {
        return Stream.of(
                argumentSet("image", replaced("podinfo:1", "podinfo:2")),
                argumentSet("label", replaced("app: podinfo", "app: podinfo, team: checkout")),
                argumentSet(
                        "restart by kubectl",
                        replaced(
                                "metadata: {",
                                "metadata: {annotations: {kubectl.kubernetes.io/restartedAt:"
                                        + " now}, ")),
                argumentSet("value of a variable", replaced("value: b", "value: c")),
                argumentSet(
                        "order of variables",
                        replaced(
                                "{name: A, value: a}, {name: B, value: b}",
                                "{name: B, value: b}, {name: A, value: a}")),
                argumentSet("port", replaced("9898", "9899")),
                argumentSet("request", replaced("64Mi", "128Mi")),
                argumentSet(
                        "one more container",
                        replaced("  volumes", "  - {name: proxy, image: envoy}\n  volumes")),
                argumentSet(
                        "security context", replaced("spec:\n", "spec:\n  securityContext: {}\n")),
                argumentSet(
                        "real node selector",
                        replaced("spec:\n", "spec:\n  nodeSelector: {disk: ssd}\n")),
                argumentSet(
                        "field that no model knows",
                        replaced("spec:\n", "spec:\n  brandNew: true\n")));
    }

    @ParameterizedTest
    @MethodSource("same")
    void whatIsNoChangeOfTheApplicationKeepsTheRevision(String changed) {
        assertThat(Revision.of(Manifests.yaml(changed)))
                .isEqualTo(Revision.of(Manifests.yaml(TEMPLATE)));
    }

    @ParameterizedTest
    @MethodSource("different")
    void anyChangeOfTheTemplateIsANewRevision(String changed) {
        assertThat(changed).isNotEqualTo(TEMPLATE);
        assertThat(Revision.of(Manifests.yaml(changed)))
                .isNotEqualTo(Revision.of(Manifests.yaml(TEMPLATE)));
    }

    @Test
    void aClientWithTypesSeesTheSameRevision() {
        var typed =
                new KubernetesSerialization().unmarshal("---\n" + TEMPLATE, PodTemplateSpec.class);
        JsonNode tree = new ObjectMapper().valueToTree(typed);

        assertThat(Revision.of(tree)).isEqualTo(Revision.of(Manifests.yaml(TEMPLATE)));
    }

    /** A service of another release must find the revision that this one wrote. */
    @Test
    void theRevisionNeverChangesBetweenReleases() {
        assertThat(Revision.of(Manifests.yaml(TEMPLATE))).isEqualTo("1b452b6fc9");
    }

    @Test
    void theTemplateIsLeftAsItWas() {
        var template =
                Manifests.yaml(
                        replaced(
                                "spec:\n",
                                "spec:\n  nodeSelector: {flagger.app/scale-to-zero: \"true\"}\n"));
        var before = template.deepCopy();

        Revision.of(template);

        assertThat(template).isEqualTo(before);
    }

    private static String replaced(String part, String by) {
        return TEMPLATE.replace(part, by);
    }
}
