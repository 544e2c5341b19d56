package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.AppMesh;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * What a release on App Mesh needs beside its shapes: order, repairs, and leaving without a gap.
 */
class AppMeshTest {

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              provider: %s
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 9898, meshName: global, hosts: [shop.example.com]}
              analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
            """;

    private PretendCluster cluster = start(AppMesh.V1BETA2.provider());

    private static PretendCluster start(String provider) {
        return new PretendCluster()
                .apply("workload.yaml")
                .create(CANARY.formatted("'" + provider + "'"));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private void takenOver() {
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        cluster.takeOver(2);
    }

    /** An annotation alone changes no generation. */
    @Test
    void whetherRequestsAreLoggedFollowsTheCanaryAtRest() {
        // Given
        takenOver();
        cluster.reach("Initialized");
        cluster.withDrift().settle();
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> it.annotate("appmesh.flagger.app/accesslog", "enabled"));
        // Then
        await().untilAsserted(() -> assertThat(logging()).containsOnly("/dev/stdout"));
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> it.withoutAnnotations("appmesh.flagger.app/accesslog"::equals));
        // Then
        await().untilAsserted(() -> assertThat(logging()).containsOnly(""));
    }

    private List<String> logging() {
        return Stream.of("podinfo-canary", "podinfo-primary")
                .map(it -> cluster.get(AppMesh.VIRTUAL_NODE, it))
                .map(it -> it.at("/spec/logging/accessLog/file/path").asText())
                .toList();
    }

    private void atThirtyPercent() {
        takenOver();
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 30);
    }

    private int weight() {
        return cluster.has(AppMesh.VIRTUAL_ROUTER, "podinfo")
                ? cluster.get(AppMesh.VIRTUAL_ROUTER, "podinfo")
                        .at("/spec/routes/0/httpRoute/action/weightedTargets/0/weight")
                        .asInt()
                : -1;
    }

    private boolean hasNodes() {
        return cluster.has(AppMesh.VIRTUAL_NODE, "podinfo-primary")
                && cluster.has(AppMesh.VIRTUAL_NODE, "podinfo-canary");
    }

    @Test
    void theNodesOfBothSidesAreThereBeforeThePrimarysPods() {
        // Given
        boolean[] wereThere = new boolean[1];
        cluster.interfere(
                ref -> ref.kind().equals(Kind.DEPLOYMENT), () -> wereThere[0] = hasNodes());
        // When
        cluster.initialize(1);
        // Then
        assertThat(wereThere[0]).isTrue();
        assertThat(cluster.has(AppMesh.VIRTUAL_ROUTER, "podinfo"))
                .as("nobody is routed to a primary that is not ready")
                .isFalse();
    }

    @Test
    void aNodeThatIsLostComesBackBeforeThePodsOfALostPrimary() {
        // Given
        takenOver();
        boolean[] wereThere = new boolean[1];
        cluster.interfere(
                ref -> ref.kind().equals(Kind.DEPLOYMENT), () -> wereThere[0] = hasNodes());
        cluster.objects().delete(cluster.ref(AppMesh.VIRTUAL_NODE, "podinfo-primary"));
        cluster.objects().delete(cluster.ref(AppMesh.VIRTUAL_NODE, "podinfo-canary"));
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "podinfo-primary"));
        // When
        try (var drift = cluster.anotherDrift()) {
            cluster.reach("Succeeded");
            drift.start();
            await().until(() -> cluster.has(Kind.DEPLOYMENT, "podinfo-primary"));
        }
        // Then
        assertThat(wereThere[0]).isTrue();
    }

    private boolean selects(String node) {
        return !cluster.get(AppMesh.VIRTUAL_NODE, node).at("/spec/podSelector").isMissingNode();
    }

    private void rename(String apex) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("name", apex));
    }

    /**
     * App Mesh starts no pod that is selected by two nodes, and one that none selects without a
     * proxy, for as long as it runs.
     */
    @Test
    void nodesOfAFormerNameSelectNoPodsAnyMoreOnceTheirSuccessorsDo() {
        // Given
        cluster.withDrift();
        takenOver();
        cluster.settle();
        List<Boolean> selected = new CopyOnWriteArrayList<>();
        cluster.interfere(
                ref -> ref.kind().equals(AppMesh.VIRTUAL_NODE) && ref.name().startsWith("podinfo-"),
                () -> selected.add(selects("store-primary") && selects("store-canary")));
        // When
        rename("store");
        // Then
        await().until(() -> !selects("podinfo-primary") && !selects("podinfo-canary"));
        assertThat(selected).containsExactly(true);
        assertThat(selects("store-primary") && selects("store-canary")).isTrue();
    }

    @Test
    void nodesOfAFormerNameKeepTheirPodsWhileNoneCanBeMadeInTheirPlace() {
        // Given
        cluster.withDrift();
        takenOver();
        cluster.settle();
        cluster.takingForInvalid("store-primary.test.svc");
        // When
        rename("store");
        // Then
        await().until(() -> cluster.has(AppMesh.VIRTUAL_NODE, "store-canary"));
        await().until(() -> cluster.has(AppMesh.VIRTUAL_ROUTER, "store"));
        assertThat(selects("podinfo-primary") && selects("podinfo-canary")).isTrue();
    }

    @Test
    void whoIsRenamedBeforeItIsTakenOverKeepsTheNodesOfItsPods() {
        // Given
        cluster.withDrift();
        cluster.initialize(1);
        await().until(() -> cluster.context().cluster().isWatched(AppMesh.VIRTUAL_NODE));
        rename("store");
        cluster.initialize(2);
        assertThat(selects("podinfo-primary")).as("until another takes its place").isTrue();
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        // When
        cluster.takeOver(3);
        // Then
        assertThat(selects("store-primary")).isTrue();
        assertThat(selects("podinfo-primary") || selects("podinfo-canary")).isFalse();
    }

    private static final String NODE =
            """
            apiVersion: appmesh.k8s.aws/v1beta2
            kind: VirtualNode
            metadata: {name: web, namespace: test}
            spec:
              podSelector: %s
              listeners: [{portMapping: {port: 9898, protocol: http}}]
            """;

    private void create(String node) {
        var object =
                cluster.client()
                        .getKubernetesSerialization()
                        .unmarshal(node, GenericKubernetesResource.class);
        var _ =
                cluster.client()
                        .genericKubernetesResources(AppMesh.VIRTUAL_NODE.context())
                        .resource(object)
                        .create();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{matchLabels: {app: podinfo}}",
                "{matchLabels: {app: podinfo-primary}}",
                "{matchExpressions: [{key: app, operator: In, values: [podinfo, other]}]}"
            })
    void aNodeThatSelectsPodsOfACanaryTooIsToldBeforeAnythingIsMade(String selector) {
        // Given
        create(NODE.formatted(selector));
        // When
        var refused = cluster.initialize(1);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause())
                .startsWith("VirtualNode web.test selects pods of podinfo too (spec.podSelector)")
                .contains("podinfo-canary");
        assertThat(cluster.writes()).isZero();
    }

    /** App Mesh would let none of its pods start. */
    @Test
    void aNodeThatIsMadeLaterIsToldBeforeTheNextRelease() {
        // Given
        takenOver();
        create(NODE.formatted("{matchLabels: {app: podinfo}}"));
        // When
        cluster.release("podinfo:2");
        var refused = cluster.scale(3, true);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause()).startsWith("VirtualNode web.test selects pods of podinfo");
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt()).isZero();
    }

    /** Of two nodes for the same pods App Mesh would let none of them start ever after. */
    @Test
    void whereANodeOfTheUsersHasThePodsNoneOfOursStays() {
        // Given
        atThirtyPercent();
        create(NODE.formatted("{matchLabels: {app: podinfo}}"));
        // When
        restore();
        // Then
        assertThat(cluster.has(AppMesh.VIRTUAL_NODE, "podinfo-canary")).isFalse();
        assertThat(cluster.has(AppMesh.VIRTUAL_NODE, "web")).isTrue();
        assertThat(
                        cluster.get(AppMesh.VIRTUAL_ROUTER, "podinfo")
                                .at("/spec/routes/0/httpRoute/action/weightedTargets")
                                .toString())
                .isEqualTo("[{\"virtualNodeRef\":{\"name\":\"web\"},\"weight\":100}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{matchLabels: {app: other}}",
                "{matchExpressions: [{key: app, operator: DoesNotExist}]}",
                "null"
            })
    void aNodeOfOtherPodsIsInNobodysWay(String selector) {
        // Given
        create(NODE.formatted(selector));
        // When, Then
        assertThat(cluster.initialize(1).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void aNodeByTheNameOfTheCanarysIsTakenOver() {
        // Given
        create(
                NODE.formatted("{matchLabels: {app: podinfo}}")
                        .replace("name: web", "name: podinfo-canary"));
        // When, Then
        assertThat(cluster.initialize(1).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void nodesSelectPodsByAllTheirLabelsAndListenOnTheContainersPort() {
        // Given
        cluster.close();
        cluster =
                new PretendCluster()
                        .create(
                                PretendCluster.read("workload.yaml")
                                        .replace(
                                                "selector: {matchLabels: {app: podinfo}}",
                                                "selector: {matchLabels: {app: shop, tier: web}}")
                                        .replace(
                                                "labels: {app: podinfo}",
                                                "labels: {app: shop, tier: web}"))
                        .create(
                                CANARY.formatted("'appmesh:v1beta2'")
                                        .replace("port: 9898", "port: 80, targetPort: grpc"));
        // When
        takenOver();
        // Then
        var canary = cluster.get(AppMesh.VIRTUAL_NODE, "podinfo-canary");
        var primary = cluster.get(AppMesh.VIRTUAL_NODE, "podinfo-primary");
        assertThat(canary.at("/spec/podSelector/matchLabels").toString())
                .isEqualTo("{\"app\":\"shop\",\"tier\":\"web\"}");
        assertThat(primary.at("/spec/podSelector/matchLabels").toString())
                .isEqualTo("{\"app\":\"shop-primary\",\"tier\":\"web\"}");
        assertThat(
                        Stream.of(canary, primary, cluster.get(AppMesh.VIRTUAL_ROUTER, "podinfo"))
                                .map(it -> it.at("/spec/listeners/0/portMapping/port").asInt()))
                .containsOnly(9999);
    }

    @Test
    void weightsThatSomebodyElseChangedAreRestoredAtThePresentSplit() {
        // Given
        cluster.withDrift();
        atThirtyPercent();
        cluster.settle();
        // When
        cluster.edit(
                AppMesh.VIRTUAL_ROUTER,
                "podinfo",
                it -> {
                    var targets = it.spec().at("/routes/0/httpRoute/action/weightedTargets");
                    ((ObjectNode) targets.path(0)).put("weight", 100);
                    ((ObjectNode) targets.path(1)).put("weight", 0);
                });
        // Then
        await().untilAsserted(() -> assertThat(weight()).isEqualTo(30));
    }

    @Test
    void whateverIsDeletedComesBackAtThePresentSplit() {
        // Given
        cluster.withDrift();
        atThirtyPercent();
        cluster.settle();
        // When
        List<Ref> all = new ArrayList<>();
        for (Kind kind : AppMesh.V1BETA2.writes()) {
            for (String side : List.of("", "-primary", "-canary")) {
                if (cluster.has(kind, "podinfo" + side)) {
                    all.add(cluster.ref(kind, "podinfo" + side));
                }
            }
        }
        all.forEach(cluster.objects()::delete);
        // Then
        assertThat(all).hasSize(6);
        await().untilAsserted(
                        () -> assertThat(all).allMatch(it -> cluster.objects().find(it) != null));
        assertThat(weight()).isEqualTo(30);
    }

    @Test
    void fieldsThatTheControllerOrTheUserAddsSurvive() {
        // Given
        takenOver();
        var json = JsonNodeFactory.instance;
        cluster.edit(
                AppMesh.VIRTUAL_NODE,
                "podinfo-canary",
                it -> {
                    it.spec().put("awsName", "podinfo-canary_test");
                    it.spec().putObject("meshRef").put("name", "global");
                    ((ObjectNode) it.spec().at("/listeners/0"))
                            .set("healthCheck", json.objectNode().put("path", "/healthz"));
                });
        cluster.edit(
                AppMesh.VIRTUAL_ROUTER,
                "podinfo",
                it -> it.spec().putObject("meshRef").put("name", "global"));
        // When
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 30);
        // Then
        var node = cluster.get(AppMesh.VIRTUAL_NODE, "podinfo-canary");
        assertThat(node.at("/spec/awsName").asText()).isEqualTo("podinfo-canary_test");
        assertThat(node.at("/spec/meshRef/name").asText()).isEqualTo("global");
        assertThat(node.at("/spec/listeners/0/healthCheck/path").asText()).isEqualTo("/healthz");
        assertThat(cluster.get(AppMesh.VIRTUAL_ROUTER, "podinfo").at("/spec/meshRef/name").asText())
                .isEqualTo("global");
        assertThat(weight()).isEqualTo(30);
    }

    private void controllerSays(String active, long observed) {
        cluster.edit(
                AppMesh.VIRTUAL_ROUTER,
                "podinfo",
                it -> {
                    var status = JsonNodeFactory.instance.objectNode();
                    status.put("observedGeneration", observed);
                    status.putArray("conditions")
                            .addObject()
                            .put("type", "VirtualRouterActive")
                            .put("status", active);
                    it.put("status", status);
                });
    }

    @Test
    void noMoreTrafficIsSentOverARouterThatAppMeshHasNotTaken() {
        // Given
        atThirtyPercent();
        controllerSays("False", 1_000);
        // When
        var refused = cluster.shift(5, 60);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(Objects.requireNonNull(refused.getBecause()))
                .isEqualTo("VirtualRouter podinfo.test is not active in App Mesh");
        assertThat(weight()).isEqualTo(30);
        // When: taken, and then not yet seen again
        controllerSays(
                "True",
                cluster.get(AppMesh.VIRTUAL_ROUTER, "podinfo").at("/metadata/generation").asLong());
        var unseen = cluster.shift(5, 60);
        // Then
        assertThat(unseen.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(Objects.requireNonNull(unseen.getBecause()))
                .startsWith("App Mesh has not taken VirtualRouter podinfo.test yet");
    }

    private ClusterObject delete() {
        cluster.delete("podinfo");
        return cluster.canary();
    }

    private void restore() {
        var canary = delete();
        cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
        cluster.serve("podinfo");
        assertThat(cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary)).getOutcome())
                .isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void whoeverCallsTheVirtualServiceReachesTheTargetWhenTheCanaryIsGone() {
        // Given
        atThirtyPercent();
        // When
        restore();
        // Then
        var router = cluster.get(AppMesh.VIRTUAL_ROUTER, "podinfo");
        assertThat(router.at("/spec/routes/0/httpRoute/action/weightedTargets").toString())
                .isEqualTo("[{\"virtualNodeRef\":{\"name\":\"podinfo-canary\"},\"weight\":100}]");
        var node = cluster.get(AppMesh.VIRTUAL_NODE, "podinfo-canary");
        assertThat(node.at("/spec/podSelector/matchLabels/app").asText()).isEqualTo("podinfo");
        assertThat(node.at("/spec/serviceDiscovery/dns/hostname").asText())
                .isEqualTo("podinfo.test.svc.cluster.local.");
        assertThat(cluster.get(Kind.SERVICE, "podinfo").at("/spec/selector/app").asText())
                .isEqualTo("podinfo");
        assertThat(cluster.get(AppMesh.VIRTUAL_SERVICE, "podinfo").annotations())
                .containsEntry("gateway.appmesh.k8s.aws/expose", "true")
                .doesNotContainKey("serinus.dev/step");
        assertThat(
                        Stream.of(router, node)
                                .map(it -> it.at("/metadata/ownerReferences/0/kind").asText()))
                .containsOnly("Deployment");
        assertThat(cluster.has(AppMesh.VIRTUAL_NODE, "podinfo-primary")).isFalse();
        assertThat(cluster.has(AppMesh.VIRTUAL_ROUTER, "podinfo-canary")).isFalse();
        assertThat(cluster.has(AppMesh.VIRTUAL_SERVICE, "podinfo-canary")).isFalse();
    }

    @Test
    void aCanaryThatIsMadeAgainGoesOnWithWhatWasLeft() {
        // Given
        takenOver();
        restore();
        cluster.create(CANARY.formatted("'appmesh:v1beta2'"));
        // When
        takenOver();
        // Then
        assertThat(weight()).isZero();
        assertThat(
                        cluster.get(AppMesh.VIRTUAL_NODE, "podinfo-canary")
                                .at("/spec/serviceDiscovery/dns/hostname")
                                .asText())
                .isEqualTo("podinfo-canary.test.svc.cluster.local.");
        // When
        restore();
        // Then
        assertThat(
                        cluster.get(AppMesh.VIRTUAL_ROUTER, "podinfo")
                                .at("/spec/routes/0/httpRoute/action/weightedTargets")
                                .toString())
                .isEqualTo("[{\"virtualNodeRef\":{\"name\":\"podinfo-canary\"},\"weight\":100}]");
        assertThat(
                        cluster.get(AppMesh.VIRTUAL_NODE, "podinfo-canary")
                                .at("/spec/serviceDiscovery/dns/hostname")
                                .asText())
                .isEqualTo("podinfo.test.svc.cluster.local.");
    }

    @Test
    void nothingIsLeftWhereTheManifestSaysSo() {
        // Given
        takenOver();
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("revertOnDeletion", false));
        await().until(
                        () ->
                                Boolean.FALSE.equals(
                                        Objects.requireNonNull(
                                                        cluster.canaries()
                                                                .get("test", "podinfo")
                                                                .orElseThrow()
                                                                .inForce())
                                                .getSpec()
                                                .revertOnDeletion()));
        // When
        restore();
        // Then
        assertThat(
                        AppMesh.V1BETA2.writes().stream()
                                .flatMap(
                                        kind ->
                                                Stream.of("", "-primary", "-canary")
                                                        .map(
                                                                it ->
                                                                        cluster.ref(
                                                                                kind,
                                                                                "podinfo" + it)))
                                .filter(it -> cluster.objects().find(it) != null))
                .isEmpty();
    }

    /**
     * What v1beta1 has otherwise: routes within virtual services, which have the namespace's name.
     */
    @Test
    void aReleaseByV1Beta1GoesItsWayAndLeavesNoGap() {
        // Given
        cluster.close();
        cluster = start(AppMesh.V1BETA1.provider());
        boolean[] wereThere = new boolean[1];
        cluster.interfere(
                ref -> ref.kind().equals(Kind.DEPLOYMENT),
                () ->
                        wereThere[0] =
                                cluster.has(AppMesh.VIRTUAL_NODE_V1BETA1, "podinfo-primary")
                                        && cluster.has(
                                                AppMesh.VIRTUAL_NODE_V1BETA1, "podinfo-canary"));
        // When
        atThirtyPercent();
        // Then
        assertThat(wereThere[0]).isTrue();
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
        // When
        restore();
        // Then
        assertThat(
                        cluster.get(AppMesh.VIRTUAL_SERVICE_V1BETA1, "podinfo.test")
                                .at("/spec/routes/0/http/action/weightedTargets")
                                .toString())
                .isEqualTo("[{\"virtualNodeName\":\"podinfo\",\"weight\":100}]");
        assertThat(
                        cluster.get(AppMesh.VIRTUAL_NODE_V1BETA1, "podinfo")
                                .at("/spec/serviceDiscovery/dns/hostName")
                                .asText())
                .isEqualTo("podinfo.test");
        assertThat(cluster.has(AppMesh.VIRTUAL_NODE_V1BETA1, "podinfo-primary")).isFalse();
    }

    /** The router was started anew since, and knows the manifest with its mistake alone. */
    @Test
    void aMistakeInTheManifestTakesNobodysWayToTheTarget() {
        // Given
        atThirtyPercent();
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().path("service"))
                                .putObject("retries")
                                .put("retryOn", "5xx"));
        var canary = delete();
        // When
        cluster.sendToAnother(cluster.command(RouterAction.RESTORE, 9, canary));
        cluster.serve("podinfo");
        var done = cluster.sendToAnother(cluster.command(RouterAction.RESTORE, 9, canary));
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(
                        cluster.get(AppMesh.VIRTUAL_ROUTER, "podinfo")
                                .at("/spec/routes/0/httpRoute/action/weightedTargets")
                                .toString())
                .isEqualTo("[{\"virtualNodeRef\":{\"name\":\"podinfo-canary\"},\"weight\":100}]");
    }

    @Test
    void anEditThatAppMeshCannotCarryOutChangesNothing() {
        // Given
        atThirtyPercent();
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().path("service"))
                                .putObject("retries")
                                .put("retryOn", "5xx"));
        // When
        var back = cluster.shift(5, 0);
        // Then
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isZero();
    }

    @Test
    void whatAppMeshCannotRetryOnIsToldBeforeAnythingIsWritten() {
        // Given
        cluster.close();
        cluster =
                new PretendCluster()
                        .apply("workload.yaml")
                        .create(
                                CANARY.formatted("'appmesh:v1beta2'")
                                        .replace(
                                                "port: 9898",
                                                "port: 9898, retries: {attempts: 3, retryOn:"
                                                        + " '5xx,gateway-error'}"));
        // When
        var refused = cluster.initialize(1);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(Objects.requireNonNull(refused.getBecause()))
                .startsWith("spec.service.retries.retryOn: App Mesh cannot retry on 5xx; use some")
                .contains("server-error, gateway-error, client-error, stream-error");
        assertThat(cluster.writes()).isZero();
    }
}
