package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Stream;

/** Each Service has the ports of the pods that it leads to: those of both sides differ in a run. */
class FollowingServicesTest {

    private static final int OLD = 9898;
    private static final int METRICS = 9797;
    private static final int ADMIN = 9900;

    private final PretendCluster cluster = new PretendCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    private void takenOver(String provider) {
        cluster.create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: podinfo}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: podinfo}}
                  template:
                    metadata: {labels: {app: podinfo}}
                    spec: {containers: [{name: web, image: "web:1", ports: [{containerPort: 9898}, {name: metrics, containerPort: 9797}]}]}
                ---
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo}
                spec:
                  provider: %s
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  service: {port: 9898, portDiscovery: true}
                  analysis: {interval: 10s, threshold: 2, iterations: 2}
                """
                        .formatted(provider));
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        cluster.takeOver(2);
    }

    /** What is released has a port more, and one less. */
    private static void release(Edit edit) {
        var container = (ObjectNode) edit.spec().at("/template/spec/containers/0");
        container.put("image", "web:2");
        var ports = container.putArray("ports");
        ports.addObject().put("containerPort", OLD);
        ports.addObject().put("name", "admin").put("containerPort", ADMIN);
    }

    private void released() {
        cluster.edit(Kind.DEPLOYMENT, "podinfo", FollowingServicesTest::release);
    }

    private List<Integer> ports(String service) {
        return cluster.get(Kind.SERVICE, service)
                .at("/spec/ports")
                .valueStream()
                .map(it -> it.path("port").asInt())
                .sorted()
                .toList();
    }

    private RouterResult begun(long step) {
        var result = cluster.scale(step, true);
        cluster.serve("podinfo");
        return result;
    }

    @ParameterizedTest
    @ValueSource(strings = {"istio", "kubernetes"})
    void aNewPortIsTheCanarysWhenItBeginsAndEverybodysWhenItIsPromoted(String provider) {
        // Given
        takenOver(provider);
        released();
        // When
        begun(3);
        // Then
        assertThat(ports("podinfo-canary")).containsExactly(METRICS, OLD, ADMIN);
        assertThat(Stream.of("podinfo-primary", "podinfo").map(this::ports))
                .containsOnly(List.of(METRICS, OLD));
        // When
        var promoted = cluster.promote(4);
        // Then: until the pods of before are gone they are reached as before
        assertThat(promoted.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(Stream.of("podinfo-primary", "podinfo").map(this::ports))
                .containsOnly(List.of(METRICS, OLD, ADMIN));
        // When
        cluster.serve("podinfo-primary");
        cluster.shift(5, 0);
        cluster.pass(PretendCluster.PATIENCE);
        var ended = cluster.scale(6, false);
        // Then
        assertThat(ended.getBecause()).isEmpty();
        assertThat(Stream.of("podinfo-canary", "podinfo-primary", "podinfo").map(this::ports))
                .containsOnly(List.of(OLD, ADMIN));
        assertThat(cluster.scale(6, false).getWrites()).as("twice changes nothing").isZero();
    }

    @Test
    void aPromotionThatIsAskedTwiceWritesNothingMore() {
        // Given
        takenOver("istio");
        released();
        begun(3);
        cluster.promote(4);
        // When
        var again = cluster.promote(4);
        // Then
        assertThat(again.getWrites()).isZero();
    }

    @Test
    void aFailedReleaseLeavesTheOthersAlone() {
        // Given
        takenOver("istio");
        released();
        begun(3);
        cluster.shift(4, 0);
        cluster.pass(PretendCluster.PATIENCE);
        // When
        cluster.scale(5, false);
        // Then
        assertThat(Stream.of("podinfo-primary", "podinfo").map(this::ports))
                .containsOnly(List.of(METRICS, OLD));
    }

    @Test
    void aReleaseThatTakesTheNameOfTheMainPortGetsThePortsAllTheSame() {
        // Given
        takenOver("istio");
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().at("/template/spec/containers/0/ports/1"))
                                .put("name", "http"));
        // When
        var result = cluster.scale(3, true);
        // Then
        assertThat(result.getBecause()).isEmpty();
        assertThat(
                        cluster.get(Kind.SERVICE, "podinfo-canary")
                                .at("/spec/ports")
                                .findValuesAsText("name"))
                .doesNotHaveDuplicates()
                .contains("http");
    }

    @Test
    void aRunWithoutNewPortsWritesNoService() {
        // Given
        takenOver("istio");
        cluster.release("web:2");
        int before = services();
        // When
        begun(3);
        cluster.shift(4, 50);
        cluster.promote(5);
        cluster.serve("podinfo-primary");
        cluster.shift(6, 0);
        cluster.pass(PretendCluster.PATIENCE);
        cluster.scale(7, false);
        // Then
        assertThat(services()).isEqualTo(before);
    }

    private int services() {
        return (int)
                cluster.written().stream()
                        .filter(it -> it.ref().kind().equals(Kind.SERVICE))
                        .count();
    }

    /** As a chart's next major version does it in mid-run; the primary serves nobody any more. */
    private void recreatedWithOtherLabels() {
        takenOver("istio");
        begun(3);
        cluster.serve("podinfo-primary", 0);
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> {
                    for (String at :
                            List.of("/selector/matchLabels", "/template/metadata/labels")) {
                        ((ObjectNode) it.spec().at(at)).put("app", "shop");
                    }
                });
    }

    @Test
    void nobodyIsLedToAServiceThatCannotFollow() {
        // Given
        recreatedWithOtherLabels();
        int before = cluster.written().size();
        cluster.atEachWrite(
                ref -> {
                    if (ref.equals(cluster.ref(Kind.SERVICE, "podinfo-canary"))) {
                        throw Refusal.retry("denied");
                    }
                },
                _ -> {});
        // When
        var result = cluster.shift(4, 100);
        // Then
        assertThat(result.getBecause()).isEqualTo("denied");
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(cluster.written()).hasSize(before);
    }

    @Test
    void aTargetWithOtherLabelsGetsItsShareByItsOwn() {
        // Given
        recreatedWithOtherLabels();
        // When
        var result = cluster.shift(4, 100);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        JsonNode selector = cluster.get(Kind.SERVICE, "podinfo-canary").at("/spec/selector");
        assertThat(selector.path("app").asText()).isEqualTo("shop");
    }

    /** As a chart's next version does it: deleted, and created with a label more. */
    private void recreatedWithAComponent() {
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> {
                    for (String at :
                            List.of("/selector/matchLabels", "/template/metadata/labels")) {
                        ((ObjectNode) it.spec().at(at)).put("component", "api");
                    }
                });
        cluster.serve("podinfo");
    }

    /** Of so many of its pods the template is the newest. */
    private void rolled(int updated) {
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo-primary",
                it -> {
                    var status =
                            cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                                    .at("/status")
                                    .<ObjectNode>deepCopy();
                    it.put("status", status.put("updatedReplicas", updated));
                });
    }

    private String selector(String service) {
        return cluster.get(Kind.SERVICE, service).at("/spec/selector").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"istio", "kubernetes"})
    void aLabelMoreIsAskedForOnceThePodsWithoutItAreGone(String provider) {
        // Given
        takenOver(provider);
        recreatedWithAComponent();
        begun(3);
        assertThat(selector("podinfo-canary"))
                .isEqualTo("{\"app\":\"podinfo\",\"component\":\"api\"}");
        // When
        var promoted = cluster.promote(4);
        // Then: those that serve have it not
        assertThat(promoted.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(Stream.of("podinfo-primary", "podinfo").map(this::selector))
                .containsOnly("{\"app\":\"podinfo-primary\"}");
        // When
        rolled(0);
        cluster.initialize(5);
        cluster.takeOver(6);
        // Then
        assertThat(Stream.of("podinfo-primary", "podinfo").map(this::selector))
                .containsOnly("{\"app\":\"podinfo-primary\"}");
        // When
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.shift(7, 0);
        cluster.pass(PretendCluster.PATIENCE);
        cluster.scale(8, false);
        // Then
        assertThat(Stream.of("podinfo-primary", "podinfo").map(this::selector))
                .containsOnly("{\"app\":\"podinfo-primary\",\"component\":\"api\"}");
    }

    /** Somebody leads a Service elsewhere, which is put back; its ports are then these. */
    private List<Integer> putBack(String service) {
        String selector = selector(service);
        cluster.edit(
                Kind.SERVICE,
                service,
                it -> ((ObjectNode) it.spec().path("selector")).put("app", "nobody"));
        await().until(() -> selector(service).equals(selector));
        return ports(service);
    }

    private List<List<Integer>> putBack() {
        return Stream.of("podinfo-primary", "podinfo").map(this::putBack).toList();
    }

    @Test
    void aPortThatPodsOfBeforeHaveStaysWhenAServiceIsPutBack() {
        // Given
        cluster.withDrift();
        takenOver("istio");
        released();
        begun(3);
        cluster.promote(4);
        rolled(0);
        // When
        var rolling = putBack();
        // Then
        assertThat(rolling).containsOnly(List.of(METRICS, OLD, ADMIN));
        // Given
        cluster.serve("podinfo-primary");
        // When
        var served = putBack();
        // Then: no pod has it any more
        assertThat(served).containsOnly(List.of(OLD, ADMIN));
    }

    @Test
    void aPortThatTheManifestAsksForNoMoreDoesNotStayWhileThePrimaryRolls() {
        // Given
        cluster.withDrift();
        takenOver("istio");
        released();
        begun(3);
        cluster.promote(4);
        rolled(0);
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().path("service"))
                                .put("port", 80)
                                .put("targetPort", OLD));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(Stream.of("podinfo-primary", "podinfo").map(this::ports))
                                        .containsOnly(List.of(80, METRICS, ADMIN)));
    }

    @Test
    void aServiceThatIsLostWhileThePrimaryRollsSelectsThePodsOfBeforeAsWell() {
        // Given
        takenOver("istio");
        recreatedWithAComponent();
        begun(3);
        cluster.promote(4);
        rolled(0);
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo-primary"));
        // When
        cluster.initialize(5);
        // Then
        assertThat(selector("podinfo-primary")).isEqualTo("{\"app\":\"podinfo-primary\"}");
    }

    /** The Services ask for it still, though neither selector names it any more. */
    @Test
    void aLabelLessIsAskedForNoMore() {
        // Given
        takenOver("istio");
        recreatedWithAComponent();
        begun(3);
        cluster.promote(4);
        cluster.serve("podinfo-primary");
        cluster.shift(5, 0);
        cluster.pass(PretendCluster.PATIENCE);
        cluster.scale(6, false);
        assertThat(selector("podinfo")).contains("component");
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> {
                    for (String at :
                            List.of("/selector/matchLabels", "/template/metadata/labels")) {
                        ((ObjectNode) it.spec().at(at)).remove("component");
                    }
                });
        // When
        begun(7);
        cluster.promote(8);
        // Then
        assertThat(selector("podinfo-canary")).isEqualTo("{\"app\":\"podinfo\"}");
        assertThat(Stream.of("podinfo-primary", "podinfo").map(this::selector))
                .containsOnly("{\"app\":\"podinfo-primary\"}");
    }

    /** A primary that selects by one label has by a target made anew other values of the rest. */
    @Test
    void anotherValueOfALabelIsAskedForOnceThePodsOfBeforeAreGone() {
        // Given
        takenOver("istio");
        recreatedWithAComponent();
        begun(3);
        cluster.promote(4);
        cluster.serve("podinfo-primary");
        cluster.scale(5, false);
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> {
                    for (String at :
                            List.of("/selector/matchLabels", "/template/metadata/labels")) {
                        ((ObjectNode) it.spec().at(at)).put("component", "web");
                    }
                });
        begun(6);
        // When
        cluster.promote(7);
        // Then
        assertThat(Stream.of("podinfo-primary", "podinfo").map(this::selector))
                .containsOnly("{\"app\":\"podinfo-primary\"}");
    }
}
