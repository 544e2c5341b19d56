package dev.serinus.schemas.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.client.utils.Serialization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanarySchedulingTest {

    private static final ObjectNode DEPLOYMENT =
            yaml(
                    """
                    metadata: {name: cart}
                    spec:
                      replicas: 0
                      template:
                        metadata: {labels: {app: cart}}
                        spec:
                          containers: [{name: cart, image: "cart:1"}]
                          nodeSelector: {node-type: on-demand, arch: amd64}
                          tolerations: [{key: node-type, value: on-demand, effect: NoSchedule}]
                    """);
    private static final ObjectNode SPOT =
            yaml(
                    """
                    nodeSelector: {node-type: spot}
                    tolerations: [{key: spot, operator: Exists, effect: NoExecute, tolerationSeconds: 60}]
                    """);

    private static ObjectNode yaml(String text) {
        return Serialization.unmarshal("---\n" + text, ObjectNode.class);
    }

    private static ObjectNode written(String field, String value) {
        var workload = CanaryScheduling.scheduled(DEPLOYMENT, SPOT);
        podSpec(workload).set(field, yaml(value));
        return workload;
    }

    private static ObjectNode podSpec(ObjectNode workload) {
        return (ObjectNode) workload.at("/spec/template/spec");
    }

    @Test
    void keysOfTheNodeSelectorAreAddedAndTolerationsReplaced() {
        var scheduled = CanaryScheduling.scheduled(DEPLOYMENT, SPOT);

        assertThat(podSpec(scheduled).path("nodeSelector"))
                .isEqualTo(yaml("{node-type: spot, arch: amd64}"));
        assertThat(podSpec(scheduled).path("tolerations")).isEqualTo(SPOT.path("tolerations"));
    }

    @Test
    void theRevisionStaysThatOfWhatTheUserWrote() {
        var scheduled = CanaryScheduling.scheduled(DEPLOYMENT, SPOT);

        assertThat(CanaryScheduling.usersTemplate(scheduled))
                .isEqualTo(DEPLOYMENT.at("/spec/template"));
        assertThat(Revision.of(scheduled.at("/spec/template")))
                .isNotEqualTo(Revision.of(DEPLOYMENT.at("/spec/template")));
        assertThat(CanaryScheduling.withoutScheduling(scheduled)).isEqualTo(DEPLOYMENT);
        assertThat(CanaryScheduling.scheduled(scheduled, null)).isEqualTo(DEPLOYMENT);
    }

    @Test
    void twiceIsTheSame() {
        var once = CanaryScheduling.scheduled(DEPLOYMENT, SPOT);

        assertThat(CanaryScheduling.scheduled(once, SPOT)).isEqualTo(once);
    }

    @Test
    void whatWasNotThereIsTakenAwayAgain() {
        ObjectNode plain = DEPLOYMENT.deepCopy();
        podSpec(plain).retain("containers");

        var scheduled = CanaryScheduling.scheduled(plain, SPOT);

        assertThat(podSpec(scheduled).path("nodeSelector")).isEqualTo(SPOT.path("nodeSelector"));
        assertThat(CanaryScheduling.withoutScheduling(scheduled)).isEqualTo(plain);
    }

    @Test
    void aFieldThatSomebodyHasWrittenSinceIsTheUsersAndTheOtherStaysNoted() {
        var applied = written("nodeSelector", "{zone: b}");

        var users = CanaryScheduling.usersTemplate(applied).path("spec");

        assertThat(users.path("nodeSelector")).isEqualTo(yaml("{zone: b}"));
        assertThat(users.path("tolerations")).isEqualTo(podSpec(DEPLOYMENT).path("tolerations"));
    }

    @Test
    void afterThatTheCanaryHasBothAgain() {
        var again = CanaryScheduling.scheduled(written("nodeSelector", "{zone: b}"), SPOT);

        assertThat(podSpec(again).path("nodeSelector"))
                .isEqualTo(yaml("{zone: b, node-type: spot}"));
        assertThat(CanaryScheduling.usersTemplate(again).at("/spec/nodeSelector"))
                .isEqualTo(yaml("{zone: b}"));
    }

    @Test
    void nothingIsNotedWhereTheUserWroteTheSame() {
        var same = CanaryScheduling.scheduled(DEPLOYMENT, podSpec(DEPLOYMENT));

        assertThat(same).isEqualTo(DEPLOYMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "7", "[]", "{\"nodeSelector\": {}}", "{\"tolerations\": 5}"})
    void aNoteOfSomebodyElsesSaysNothing(String note) {
        ObjectNode noted = DEPLOYMENT.deepCopy();
        noted.withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(CanaryScheduling.ANNOTATION, note);

        assertThat(CanaryScheduling.usersTemplate(noted))
                .isEqualTo(DEPLOYMENT.at("/spec/template"));
        assertThat(CanaryScheduling.withoutScheduling(noted)).isEqualTo(DEPLOYMENT);
    }
}
