package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.CanaryScheduling;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import io.fabric8.kubernetes.client.utils.Serialization;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/** The canary's pods run on nodes of their own, and never the primary's. */
class CanaryNodesTest {

    private static final String OWN =
            """
            nodeSelector: {node-type: on-demand, arch: amd64}
            tolerations: [{key: node-type, value: on-demand, effect: NoSchedule}]
            """;
    private static final String SPOT =
            """
            nodeSelector: {node-type: spot}
            tolerations:
            - {key: node-type, value: spot, effect: NoSchedule}
            - {key: spot-instance, operator: Exists, effect: NoExecute, tolerationSeconds: 60}
            """;

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");
    private JsonNode template = yaml("{}");

    @BeforeEach
    void runsOnDemand() {
        write(yaml(OWN));
        asksFor(yaml(SPOT));
        template = target().at("/spec/template").deepCopy();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private static JsonNode yaml(String text) {
        return Serialization.unmarshal("---\n" + text, JsonNode.class);
    }

    /** As somebody who applies a manifest of the target does. */
    private void write(JsonNode scheduling) {
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().at("/template/spec"))
                                .setAll((ObjectNode) scheduling));
    }

    private void asksFor(JsonNode wanted) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .withObjectProperty("analysis")
                                .withObjectProperty("canaryAnalysis")
                                .set("templateVariables", wanted));
    }

    private ClusterObject target() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo");
    }

    private ClusterObject primary() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
    }

    private void takenOver() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
    }

    private void begun() {
        takenOver();
        cluster.scale(3, true);
        cluster.serve("podinfo");
    }

    private RouterResult promote(long step) {
        return cluster.ask(
                cluster.command(RouterAction.PROMOTE, step).setRevision(Revision.of(template)));
    }

    private RouterResult ended(long step) {
        return cluster.ask(cluster.command(RouterAction.SCALE, step).setTargetRunning(false));
    }

    private void assertSpot() {
        assertThat(target().at("/spec/template/spec/nodeSelector"))
                .isEqualTo(yaml("{node-type: spot, arch: amd64}"));
        assertThat(target().at("/spec/template/spec/tolerations"))
                .isEqualTo(yaml(SPOT).path("tolerations"));
    }

    private void assertUsers() {
        assertThat(target().at("/spec/template")).isEqualTo(template);
        assertThat(target().annotation(CanaryScheduling.ANNOTATION)).isNull();
    }

    @Test
    void theyAreWrittenWithTheNumberOfPods() {
        takenOver();
        assertUsers();
        int before = cluster.written(Kind.DEPLOYMENT, "podinfo").size();

        var done = cluster.scale(3, true);

        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertSpot();
        assertThat(target().at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(cluster.written(Kind.DEPLOYMENT, "podinfo")).hasSize(before + 1);
        assertThat(cluster.scale(3, true).getWrites()).as("twice changes nothing").isZero();
    }

    @Test
    void theyAreTakenAwayWithTheLastPod() {
        begun();
        int before = cluster.written(Kind.DEPLOYMENT, "podinfo").size();

        var done = ended(4);

        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertUsers();
        assertThat(target().at("/spec/replicas").asInt()).isZero();
        assertThat(cluster.written(Kind.DEPLOYMENT, "podinfo")).hasSize(before + 1);
        assertThat(ended(4).getWrites()).as("twice changes nothing").isZero();
    }

    @Test
    void whatIsPromotedIsWhatItsUserWrote() {
        // Given
        begun();
        cluster.shift(4, 60);
        // When
        var done = promote(5);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(done.getRevision()).isEqualTo(Revision.of(template));
        assertThat(primary().annotation("serinus.dev/revision")).isEqualTo(Revision.of(template));
        for (String field : List.of("nodeSelector", "tolerations")) {
            assertThat(primary().at("/spec/template/spec/" + field))
                    .isEqualTo(template.at("/spec/" + field));
        }
        assertThat(primary().annotation(CanaryScheduling.ANNOTATION)).isNull();
        assertSpot();
        cluster.serve("podinfo-primary");
        cluster.shift(6, 0);
        ended(7);
        assertUsers();
    }

    @Test
    void anotherRevisionInMidRunRunsThereAsWell() {
        // Given
        begun();
        // When somebody applies the whole manifest
        write(yaml(OWN));
        cluster.release("podinfo:2");
        template = target().at("/spec/template").deepCopy();
        cluster.scale(5, true);
        // Then
        assertSpot();
        assertThat(target().at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("podinfo:2");
        ended(6);
        assertUsers();
    }

    @Test
    void whatItsUserWritesThereMeanwhileIsTheUsers() {
        // Given
        begun();
        // When
        write(yaml("{nodeSelector: {zone: b}}"));
        ended(4);
        // Then
        assertThat(target().at("/spec/template/spec/nodeSelector")).isEqualTo(yaml("{zone: b}"));
        assertThat(target().at("/spec/template/spec/tolerations"))
                .isEqualTo(template.at("/spec/tolerations"));
        assertThat(target().annotation(CanaryScheduling.ANNOTATION)).isNull();
    }

    @Test
    void aStepSaysThatSomebodyHasWrittenTheTarget() {
        // Given
        begun();
        assertThat(cluster.shift(4, 30).getBecause()).isEmpty();
        // When
        write(yaml(OWN));
        var more = cluster.shift(5, 60);
        var none = cluster.shift(6, 0);
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(more.getBecause())
                .startsWith(
                        "deployment podinfo.test has not what"
                                + " spec.analysis.canaryAnalysis.templateVariables say");
        assertThat(none.getBecause()).as("its pods are about to go").isEmpty();
    }

    @Test
    void whatIsAskedForNoMoreGoesWithTheNextOrderForPods() {
        begun();
        asksFor(yaml("{nodeSelector: {node-type: spot}}"));

        cluster.scale(5, true);

        assertThat(target().at("/spec/template/spec/nodeSelector/node-type").asText())
                .isEqualTo("spot");
        assertThat(target().at("/spec/template/spec/tolerations"))
                .isEqualTo(template.at("/spec/tolerations"));
        asksFor(yaml("{}"));
        cluster.scale(6, true);
        assertUsers();
    }

    @Test
    void morePodsForAShareAreAskedForThereToo() {
        // Given
        takenOver();
        cluster.edit(Kind.DEPLOYMENT, "podinfo-primary", it -> it.spec().put("replicas", 10));
        cluster.serve("podinfo-primary");
        cluster.send(cluster.command(RouterAction.SCALE, 3).setPodShareBasisPoints(1_000));
        cluster.serve("podinfo");
        // When somebody applied the manifest meanwhile
        write(yaml(OWN));
        cluster.ask(
                cluster.command(RouterAction.SHIFT, 4)
                        .setCanaryWeight(30)
                        .setPodShareBasisPoints(3_000));
        // Then
        assertThat(target().at("/spec/replicas").asInt()).isEqualTo(3);
        assertSpot();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theyGoWithTheCanary(boolean reverts) {
        // Given
        begun();
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("revertOnDeletion", reverts));
        cluster.delete("podinfo");
        var canary = cluster.canary();
        var restore = cluster.command(RouterAction.RESTORE, 9, canary);
        // When
        cluster.ask(restore);
        cluster.serve("podinfo");
        var done = cluster.ask(restore);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertUsers();
    }

    @Test
    void noRequestIsMadeForThem() {
        var with = requests();
        asksFor(yaml("{}"));

        assertThat(requests()).isEqualTo(with);
    }

    /** Of each order of a run. */
    private List<Integer> requests() {
        if (!cluster.has(Kind.DEPLOYMENT, "podinfo-primary")) {
            takenOver();
            cluster.scale(3, true);
            cluster.serve("podinfo");
            ended(4);
        }
        List<Integer> requests = new ArrayList<>();
        long step = target().mark().orElseThrow().step();
        int before = cluster.requests();
        cluster.scale(step + 1, true);
        requests.add(cluster.requests() - before);
        cluster.serve("podinfo");
        before = cluster.requests();
        ended(step + 2);
        requests.add(cluster.requests() - before);
        return requests;
    }
}
