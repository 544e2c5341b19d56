package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Alb;
import dev.serinus.schemas.mesh.Ingresses;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** An Ingress of the user's, shared by weights of target groups. */
class AlbTest {

    private static final Kind INGRESS = Ingresses.INGRESS;
    private static final String ACTION = Alb.ANNOTATIONS + "actions.podinfo";
    private static final Pattern GROUP =
            Pattern.compile("\"serviceName\":\"([^\"]+)\"[^}]*?(?:\"weight\":(\\d+))?}");

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("alb-canary.yaml").withDrift();

    private JsonNode theirs = cluster.get(INGRESS, "shop").at("/spec");

    @BeforeEach
    void initialized() {
        assertThat(cluster.initialize(1).getBecause()).isEmpty();
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private void atThirtyPercent() {
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
        assertThat(cluster.shift(4, 30).getWrites()).isZero();
        cluster.settle();
    }

    private ClusterObject ingress() {
        return cluster.get(INGRESS, "shop");
    }

    private String groups() {
        return groups(ingress());
    }

    private static String groups(ClusterObject ingress) {
        return String.join(
                ", ",
                GROUP.matcher(String.valueOf(ingress.annotation(ACTION)))
                        .results()
                        .map(it -> it.group(1) + " " + it.group(2))
                        .toList());
    }

    private boolean isGivenBack(ClusterObject ingress) {
        return ingress.at("/spec").equals(theirs)
                && ingress.annotations().keySet().equals(Set.of(Alb.ANNOTATIONS + "target-type"));
    }

    private void restore(boolean isReverting) {
        if (!isReverting) {
            cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("revertOnDeletion", false));
        }
        cluster.delete("podinfo");
        var restore = cluster.command(RouterAction.RESTORE, 9, cluster.canary());
        assertThat(cluster.patiently(() -> cluster.send(restore)).getBecause()).isEmpty();
    }

    @Test
    void nothingIsWrittenBeforeThePrimaryServes() {
        assertThat(isGivenBack(ingress())).isTrue();
    }

    @Test
    void targetGroupsAreNamedBeforeRequestsGoThereAndUntilNoneDo() {
        // Given
        List<String> seen = new CopyOnWriteArrayList<>();
        var _ =
                cluster.client()
                        .genericKubernetesResources(INGRESS.context())
                        .inNamespace(PretendCluster.NAMESPACE)
                        .inform(
                                new ResourceEventHandler<GenericKubernetesResource>() {
                                    @Override
                                    public void onAdd(GenericKubernetesResource it) {}

                                    @Override
                                    public void onUpdate(
                                            GenericKubernetesResource before,
                                            GenericKubernetesResource now) {
                                        seen.add(
                                                GROUP.matcher(
                                                                Objects.requireNonNullElse(
                                                                        now.getMetadata()
                                                                                .getAnnotations()
                                                                                .get(ACTION),
                                                                        ""))
                                                        .results()
                                                        .map(it -> it.group(1) + " " + it.group(2))
                                                        .toList()
                                                        .toString());
                                    }

                                    @Override
                                    public void onDelete(
                                            GenericKubernetesResource it, boolean unknown) {}
                                });
        // When
        assertThat(cluster.takeOver(2).getBecause()).isEmpty();
        await().until(() -> seen.size() == 3);
        restore(true);
        // Then
        await().until(() -> seen.size() == 6);
        assertThat(seen)
                .containsExactly(
                        "[podinfo 1, podinfo-primary 0, podinfo-canary 0]",
                        "[podinfo-primary 100, podinfo-canary 0, podinfo 0]",
                        "[podinfo-primary 100, podinfo-canary 0]",
                        "[podinfo-primary 100, podinfo-canary 0, podinfo 0]",
                        "[podinfo 1, podinfo-primary 0, podinfo-canary 0]",
                        "[]");
        assertThat(isGivenBack(ingress())).isTrue();
        assertThat(ingress().labels()).containsOnlyKeys("team");
        assertThat(cluster.has(Kind.SERVICE, "podinfo-primary")).isFalse();
    }

    /** Without a revert, too, it must not lead to Services that go. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inMidRunItIsGivenBackWhenTheCanaryGoes(boolean isReverting) {
        // Given
        atThirtyPercent();
        // When
        restore(isReverting);
        // Then
        assertThat(isGivenBack(ingress())).isTrue();
    }

    @Test
    void whatOthersPutBackIsDividedAgainAtThePresentSplit() {
        // Given
        atThirtyPercent();
        for (int i = 0; i < 6; i++) {
            // When
            cluster.edit(
                    INGRESS,
                    "shop",
                    it -> it.put("spec", theirs.deepCopy()).withoutAnnotations(ACTION::equals));
            // Then
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () ->
                                    assertThat(groups())
                                            .isEqualTo("podinfo-primary 70, podinfo-canary 30"));
            assertThat(ingress().at("/spec")).isNotEqualTo(theirs);
            cluster.settle();
        }
    }

    /**
     * Its sides' target groups are gone by then: those that are made anew have no pods at first.
     */
    @Test
    void whatIsPutBackIsTurnedInItsTime() {
        // Given
        atThirtyPercent();
        int before = cluster.written(INGRESS, "shop").size();
        // When
        cluster.edit(
                INGRESS,
                "shop",
                it -> it.put("spec", theirs.deepCopy()).withoutAnnotations(ACTION::equals));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(groups())
                                        .isEqualTo("podinfo-primary 70, podinfo-canary 30"));
        assertThat(written(before))
                .containsExactly(
                        "podinfo 1, podinfo-primary 0, podinfo-canary 0",
                        "podinfo-primary 70, podinfo-canary 30, podinfo 0",
                        "podinfo-primary 70, podinfo-canary 30");
    }

    /** While nobody looked; the next step is the first that comes by. */
    @Test
    void aStepTurnsInItsTimeWhatWasPutBackBefore() {
        // Given
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.settle();
        int before = cluster.written(INGRESS, "shop").size();
        cluster.restart(
                () ->
                        cluster.edit(
                                INGRESS,
                                "shop",
                                it ->
                                        it.put("spec", theirs.deepCopy())
                                                .withoutAnnotations(ACTION::equals)));
        // When
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
        // Then
        assertThat(written(before))
                .containsExactly(
                        "podinfo 1, podinfo-primary 0, podinfo-canary 0",
                        "podinfo-primary 70, podinfo-canary 30, podinfo 0",
                        "podinfo-primary 70, podinfo-canary 30");
    }

    private List<String> written(int from) {
        return cluster.written(INGRESS, "shop").stream().skip(from).map(AlbTest::groups).toList();
    }

    private void sticky() {
        cluster.edit(
                INGRESS,
                "shop",
                it -> {
                    it.annotate(
                            Alb.ANNOTATIONS + "actions.podinfo",
                            "{\"type\":\"forward\",\"forwardConfig\":{\"targetGroups\":[{\"serviceName\":\"podinfo\",\"servicePort\":9898,\"weight\":1}],\"targetGroupStickinessConfig\":{\"enabled\":true}}}");
                    ((ObjectNode) it.spec().at("/rules/0/http/paths/1/backend/service"))
                            .putObject("port")
                            .put("name", "use-annotation");
                });
    }

    /** A target group that is named with its first share has no pods yet. */
    @Test
    void whereClientsStayTheCanaryIsNamedBeforeItsFirstShare() {
        // Given
        sticky();
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        int before = cluster.written(INGRESS, "shop").size();
        // When
        cluster.shift(4, 30);
        cluster.shift(5, 60);
        cluster.shift(6, 0);
        // Then
        assertThat(written(before))
                .containsExactly(
                        "podinfo-primary 100, podinfo-canary 0",
                        "podinfo-primary 70, podinfo-canary 30",
                        "podinfo-primary 40, podinfo-canary 60",
                        "podinfo-primary 100");
    }

    /** They stay until the last write, which names their side no more. */
    @Test
    void whereClientsStayThePodsWaitForTheLastWriteWhenTheCanaryGoes() {
        // Given
        sticky();
        cluster.takeOver(2);
        // When
        restore(true);
        // Then
        assertThat(cluster.lastWritten(Kind.DEPLOYMENT, "podinfo-primary"))
                .isEqualTo(cluster.lastWritten(INGRESS, "shop").plus(Alb.MESH.followsWithin()));
    }

    /** The controller gives up on all where one of several Services is missing. */
    @Test
    void theApexIsThereBeforeTheIngressNamesItBesideOthers() {
        // Given
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo"));
        // When
        assertThat(cluster.takeOver(2).getBecause()).isEmpty();
        // Then
        assertThat(
                        cluster.written().stream()
                                .map(it -> it.ref().kind().name() + " " + it.ref().name())
                                .filter(it -> it.equals("Service podinfo") || it.endsWith("shop"))
                                .distinct())
                .containsExactly("Service podinfo", "Ingress shop");
    }

    /** It is asked for once, perhaps before anything is watched. */
    @Test
    void anIngressThatWasNamedBeforeIsGivenBackThoughTheRouterHasJustStarted() {
        // Given
        atThirtyPercent();
        cluster.create(
                PretendCluster.read("alb-canary.yaml")
                        .split("---")[0]
                        .replace("name: shop,", "name: store,"));
        cluster.restart(
                () ->
                        cluster.edit(
                                Kind.CANARY,
                                "podinfo",
                                it ->
                                        ((ObjectNode) it.spec().path("ingressRef"))
                                                .put("name", "store")));
        // When
        restore(true);
        // Then
        assertThat(isGivenBack(ingress())).isTrue();
    }

    private void rename() {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("name", "store"));
    }

    @Test
    void underAnotherNameTrafficIsTakenBackAndTheIngressGivenBack() {
        // Given
        atThirtyPercent();
        // When
        rename();
        await().until(() -> cluster.has(Kind.SERVICE, "store"));
        var more = cluster.shift(5, 60);
        var back = cluster.shift(6, 0);
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(more.getBecause()).contains("is still shared for Service podinfo");
        assertThat(back.getCanaryWeight()).isZero();
        await().until(() -> isGivenBack(ingress()));
        // And when its user leads it there
        cluster.edit(
                INGRESS,
                "shop",
                it ->
                        ((ObjectNode) it.spec().at("/rules/0/http/paths/1/backend/service"))
                                .put("name", "store"));
        await().until(
                        () ->
                                String.valueOf(
                                                ingress()
                                                        .annotation(
                                                                Alb.ANNOTATIONS + "actions.store"))
                                        .contains("store-primary"));
    }

    @Test
    void underAnotherNameTheTargetKeepsItsPodsWhileTheIngressLeadsThere() {
        // Given
        atThirtyPercent();
        // When
        rename();
        await().until(() -> cluster.has(Kind.SERVICE, "store"));
        var down = cluster.patiently(() -> cluster.scale(5, false));
        // Then
        assertThat(down.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(down.getBecause()).contains("still sends requests to the canary");
    }

    @Test
    void underAnotherNameTheIngressIsGivenBackWhenTheCanaryGoes() {
        // Given
        atThirtyPercent();
        // When
        rename();
        await().until(() -> cluster.has(Kind.SERVICE, "store"));
        restore(true);
        // Then
        assertThat(isGivenBack(ingress())).isTrue();
        assertThat(cluster.has(Kind.SERVICE, "podinfo-primary")).isFalse();
    }

    @Test
    void whatItsUserWritesBesideStays() {
        // Given
        atThirtyPercent();
        // When
        cluster.edit(
                INGRESS,
                "shop",
                it -> {
                    it.annotate("mine", "yes");
                    ((ObjectNode) it.spec().at("/rules/0/http/paths/0")).put("path", "/news");
                });
        assertThat(cluster.shift(5, 60).getCanaryWeight()).isEqualTo(60);
        // Then
        assertThat(ingress().annotation("mine")).isEqualTo("yes");
        assertThat(ingress().at("/spec/rules/0/http/paths/0/path").asText()).isEqualTo("/news");
    }

    @Test
    void anIngressThatIsNamedNoMoreIsGivenBackOnceTheNextOneIsShared() {
        // Given
        atThirtyPercent();
        cluster.create(
                PretendCluster.read("alb-canary.yaml")
                        .split("---")[0]
                        .replace("name: shop,", "name: store,"));
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("ingressRef")).put("name", "store"));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(groups(cluster.get(INGRESS, "store")))
                                        .isEqualTo("podinfo-primary 70, podinfo-canary 30"));
        await().until(() -> isGivenBack(ingress()));
    }

    @Test
    void aReleaseIsTakenBackWhateverBecameOfTheIngress() {
        // Given
        atThirtyPercent();
        cluster.edit(
                INGRESS,
                "shop",
                it -> it.withoutAnnotations((Alb.ANNOTATIONS + "target-type")::equals));
        // When
        var more = cluster.shift(5, 60);
        var back = cluster.shift(6, 0);
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(more.getBecause()).contains("target-type: ip");
        assertThat(back.getCanaryWeight()).isZero();
        assertThat(groups()).isEqualTo("podinfo-primary 100, podinfo-canary 0");
    }

    @Test
    void aReleaseIsTakenBackWithoutTheIngress() {
        // Given
        atThirtyPercent();
        cluster.objects().delete(cluster.ref(INGRESS, "shop"));
        // When
        var more = cluster.shift(5, 60);
        var back = cluster.shift(6, 0);
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(back.getBecause()).isEmpty();
        assertThat(back.getCanaryWeight()).isZero();
    }
}
