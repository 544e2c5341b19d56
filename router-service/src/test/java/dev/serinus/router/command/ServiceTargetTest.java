package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.router.workload.Primaries;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.targets.ReleasedService;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A Service that its author turns from one version to the next, and the copies of both sides. */
class ServiceTargetTest {

    private static final Kind ROUTE =
            new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");

    private static final Kind GATEWAY_ROUTE = GatewayApi.V1.writes().getFirst();

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              provider: istio
              targetRef: {apiVersion: v1, kind: Service, name: shop}
              service: {port: 80}
              analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
            """;

    private static final String SHOP =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: shop, uid: uid-of-shop, labels: {team: checkout}, annotations: {example.com/note: keep, kubectl.kubernetes.io/last-applied-configuration: "{}"}}
            spec:
              clusterIP: 10.96.0.7
              clusterIPs: [10.96.0.7]
              type: LoadBalancer
              externalTrafficPolicy: Local
              healthCheckNodePort: 31000
              selector: {app: podinfo, version: one}
              ports: [{name: http, port: 80, targetPort: http, nodePort: 30080}]
            """;

    private final PretendCluster cluster = new PretendCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    private static String byHand(String side) {
        return SHOP.replace("name: shop,", "name: shop-" + side + ",")
                .replace("uid-of-shop", "uid-of-" + side)
                .replace("10.96.0.7", "10.96.0.8")
                .replace("version: one", "version: zero");
    }

    private void initialized() {
        cluster.create(SHOP).create(CANARY);
        initialize();
    }

    private void initialize() {
        assertThat(cluster.initialize(1).getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.takeOver(2).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    private void turn(String version) {
        cluster.edit(
                Kind.SERVICE,
                "shop",
                it ->
                        it.spec(
                                "selector",
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("app", "podinfo")
                                        .put("version", version)));
    }

    private RouterResult promote(long step) {
        return cluster.send(
                cluster.command(RouterAction.PROMOTE, step)
                        .setRevision(ReleasedService.revision(get("shop").at("/spec"))));
    }

    private ClusterObject get(String name) {
        return cluster.get(Kind.SERVICE, name);
    }

    private String version(String name) {
        return get(name).at("/spec/selector/version").asText();
    }

    private RouterOutcome deleted() {
        cluster.delete("podinfo");
        return cluster.ask(cluster.command(RouterAction.RESTORE, 9)).getOutcome();
    }

    private int weight() {
        return cluster.get(ROUTE, "shop").at("/spec/http/0/route/1/weight").asInt();
    }

    /** Flagger copies addresses too, which every API server since 1.20 refuses. */
    @Test
    void bothSidesAreCopiesOfTheTargetWithoutItsAddresses() {
        initialized();

        for (String side : new String[] {"shop-primary", "shop-canary"}) {
            JsonNode spec = get(side).at("/spec");
            assertThat(spec.at("/selector/version").asText()).isEqualTo("one");
            assertThat(spec.at("/ports/0/targetPort").asText()).isEqualTo("http");
            assertThat(spec.path("type").asText()).isEqualTo("ClusterIP");
            for (String field :
                    new String[] {
                        "clusterIP", "clusterIPs", "externalTrafficPolicy", "healthCheckNodePort"
                    }) {
                assertThat(spec.has(field)).as(field).isFalse();
            }
            assertThat(spec.at("/ports/0").has("nodePort")).isFalse();
            assertThat(get(side).labels()).containsEntry("team", "checkout");
            assertThat(get(side).annotations())
                    .containsEntry("example.com/note", "keep")
                    .doesNotContainKey("kubectl.kubernetes.io/last-applied-configuration");
            assertThat(get(side).controllingCanary()).hasValue("podinfo");
        }
        assertThat(cluster.get(ROUTE, "shop").at("/spec/http/0/route").toString())
                .contains("shop-primary", "shop-canary");
        assertThat(cluster.get(ROUTE, "shop").labels()).containsOnlyKeys(ManagedBy.LABEL);
    }

    @Test
    void theTargetItselfIsNotWritten() {
        cluster.create(SHOP).create(CANARY);
        var before = get("shop");
        initialize();
        cluster.scale(3, true);
        cluster.shift(4, 30);
        promote(5);
        cluster.scale(6, false);

        assertThat(get("shop")).isEqualTo(before);
    }

    @Test
    void aHeadlessServiceHasHeadlessCopies() {
        cluster.create(
                        SHOP.replace("10.96.0.7", "None")
                                .replace("type: LoadBalancer", "type: ClusterIP"))
                .create(CANARY);
        initialize();

        assertThat(get("shop-primary").at("/spec/clusterIP").asText()).isEqualTo("None");
        assertThat(get("shop-canary").at("/spec").has("clusterIPs")).isFalse();
    }

    @Test
    void theCanarysCopyFollowsTheTargetAtTheBeginningOfARun() {
        initialized();
        turn("two");
        assertThat(version("shop-canary")).isEqualTo("one");
        // When
        cluster.scale(3, true);
        // Then
        assertThat(version("shop-canary")).isEqualTo("two");
        assertThat(version("shop-primary")).isEqualTo("one");
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
        assertThat(weight()).isEqualTo(30);
    }

    /** What nobody has analysed gets no traffic, however it comes. */
    @Test
    void aNewerEditReachesTheCanaryOnlyWhenItsTrafficWasTaken() {
        initialized();
        turn("two");
        cluster.scale(3, true);
        cluster.shift(4, 30);
        turn("three");
        cluster.shift(5, 60);
        assertThat(version("shop-canary")).isEqualTo("two");
        // When
        cluster.shift(6, 0);
        // Then
        assertThat(weight()).isZero();
        assertThat(version("shop-canary")).isEqualTo("three");
    }

    @Test
    void aPromotionTurnsThePrimaryAndKeepsItsAddress() {
        initialized();
        cluster.edit(
                Kind.SERVICE,
                "shop-primary",
                it -> it.spec("clusterIP", JsonNodeFactory.instance.textNode("10.96.0.9")));
        turn("two");
        cluster.scale(3, true);
        cluster.shift(4, 30);
        // When
        assertThat(promote(5).getOutcome()).isEqualTo(RouterOutcome.DONE);
        // Then
        assertThat(version("shop-primary")).isEqualTo("two");
        assertThat(get("shop-primary").at("/spec/clusterIP").asText()).isEqualTo("10.96.0.9");
    }

    @Test
    void copiesThatWereMadeByHandAreTakenAsTheyAreAndGivenBack() {
        cluster.create(byHand("primary")).create(byHand("canary")).create(SHOP).create(CANARY);
        var primary = get("shop-primary");
        var candidate = get("shop-canary");
        // When
        var done = cluster.initialize(1);
        // Then
        assertThat(done.getRevision())
                .isEqualTo(ReleasedService.revision(primary.at("/spec")))
                .isNotEqualTo(ReleasedService.revision(get("shop").at("/spec")));
        assertThat(get("shop-primary")).isEqualTo(primary);
        assertThat(version("shop-canary")).isEqualTo("one");
        assertThat(get("shop-canary").at("/spec/clusterIP").asText()).isEqualTo("10.96.0.8");
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.shift(4, 30);
        promote(5);
        assertThat(version("shop-primary")).isEqualTo("one");
        // When
        assertThat(deleted()).isEqualTo(RouterOutcome.DONE);
        // Then
        for (ClusterObject before : new ClusterObject[] {primary, candidate}) {
            var now = get(before.ref().name());
            assertThat(now.at("/spec")).isEqualTo(before.at("/spec"));
            assertThat(now.annotations()).isEqualTo(before.annotations());
            assertThat(now.labels()).isEqualTo(before.labels());
        }
    }

    @Test
    void copiesThatWereMadeByHandAreGivenBackWhenTheRouteHasLeftThem() {
        cluster.create(byHand("primary")).create(byHand("canary")).create(SHOP).create(CANARY);
        cluster.initialize(1);
        cluster.takeOver(2);
        turn("two");
        cluster.scale(3, true);
        cluster.shift(4, 30);
        promote(5);
        List<Boolean> routed = new CopyOnWriteArrayList<>();
        cluster.interfere("shop-primary", () -> routed.add(cluster.has(ROUTE, "shop")));
        // When
        assertThat(deleted()).isEqualTo(RouterOutcome.DONE);
        // Then
        assertThat(version("shop-primary")).isEqualTo("zero");
        assertThat(routed).containsExactly(false);
    }

    /** Flagger lets each of both undo what the other did. */
    @ParameterizedTest
    @EnumSource(
            value = RouterAction.class,
            names = {"INITIALIZE", "TAKE_OVER", "SCALE", "SHIFT", "PROMOTE"})
    void nothingOfAnothersCopiesIsWrittenByAnyCommand(RouterAction action) {
        cluster.create(byHand("primary")).create(byHand("canary")).create(SHOP).create(CANARY);
        cluster.initialize(1);
        cluster.takeOver(2);
        turn("two");
        cluster.scale(3, true);
        cluster.shift(4, 30);
        var primary = get("shop-primary");
        var candidate = get("shop-canary");
        cluster.create(CANARY.replace("{name: podinfo}", "{name: other}"));
        var other = cluster.get(Kind.CANARY, "other");
        // When
        var refused = cluster.sendTo("other", cluster.command(action, 7, other));
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause()).contains("Canary podinfo");
        assertThat(weight()).isEqualTo(30);
        assertThat(get("shop-primary")).isEqualTo(primary);
        assertThat(get("shop-canary")).isEqualTo(candidate);
    }

    @Test
    void anothersCopiesStayAsTheyAreWhenACanaryGoes() {
        cluster.create(byHand("primary")).create(byHand("canary")).create(SHOP).create(CANARY);
        cluster.initialize(1);
        cluster.takeOver(2);
        var candidate = get("shop-canary");
        cluster.create(
                CANARY.replace(
                        "{name: podinfo}",
                        "{name: other, finalizers: [finalizer.flagger.app, test/stay]}"));
        cluster.delete("other");
        // When
        var done =
                cluster.sendTo(
                        "other",
                        cluster.command(
                                RouterAction.RESTORE, 9, cluster.get(Kind.CANARY, "other")));
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(get("shop-canary")).isEqualTo(candidate);
    }

    /** The gateway may still send the canary's share there. */
    @Test
    void theCanarysCopyFollowsWhenTheGatewayHasLetGoOfIt() {
        cluster.create(SHOP)
                .create(
                        CANARY.replace("provider: istio", "provider: gatewayapi:v1")
                                .replace("{port: 80}", "{port: 80, gatewayRefs: [{name: web}]}"));
        initialize();
        turn("two");
        cluster.scale(3, true);
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
        turn("three");
        seen(0);
        // When
        var back = cluster.shift(5, 0);
        // Then
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(back.getBecause()).contains("so that shop-canary.test does not follow");
        assertThat(version("shop-canary")).isEqualTo("two");
        assertThat(cluster.scale(6, true).getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(version("shop-canary")).isEqualTo("two");
        seen(1_000_000);
        assertThat(cluster.scale(7, true).getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(version("shop-canary")).isEqualTo("three");
    }

    /** Says which generation of the route the gateway has seen. */
    private void seen(int generation) {
        cluster.edit(
                GATEWAY_ROUTE,
                "shop",
                it -> {
                    var parent = JsonNodeFactory.instance.objectNode();
                    parent.putObject("parentRef").put("name", "web");
                    parent.putArray("conditions")
                            .addObject()
                            .put("type", "Accepted")
                            .put("status", "True")
                            .put("observedGeneration", generation);
                    var status = JsonNodeFactory.instance.objectNode();
                    status.putArray("parents").add(parent);
                    it.put("status", status);
                });
    }

    /** An API server changes no clusterIP, from or to none either. */
    @Test
    void aHeadlessTargetWithACopyThatIsNotIsRefused() {
        cluster.create(byHand("canary"))
                .create(
                        SHOP.replace("10.96.0.7", "None")
                                .replace("type: LoadBalancer", "type: ClusterIP"))
                .create(CANARY);
        // When
        var refused = cluster.initialize(1);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause())
                .startsWith("service shop.test is headless and its copy shop-canary.test is not");
        assertThat(cluster.writes()).isZero();
    }

    @Test
    void theTargetServesWhatWasPromotedLastWhenTheCanaryGoes() {
        initialized();
        turn("two");
        cluster.scale(3, true);
        cluster.shift(4, 30);
        // When
        assertThat(deleted()).isEqualTo(RouterOutcome.DONE);
        // Then
        assertThat(version("shop")).isEqualTo("one");
        assertThat(get("shop").at("/spec/type").asText()).isEqualTo("LoadBalancer");
        assertThat(get("shop").at("/spec/clusterIP").asText()).isEqualTo("10.96.0.7");
        assertThat(get("shop").at("/spec/ports/0/nodePort").asInt()).isEqualTo(30080);
        assertThat(cluster.has(Kind.SERVICE, "shop-primary")).isFalse();
        assertThat(cluster.has(Kind.SERVICE, "shop-canary")).isFalse();
    }

    @Test
    void aServiceWithoutASelectorIsRefusedBeforeAnythingIsWritten() {
        cluster.create(SHOP.replaceFirst("  selector: .*\n", "")).create(CANARY);
        // When
        var refused = cluster.initialize(1);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause()).startsWith("service shop.test has no spec.selector");
        assertThat(cluster.writes()).isZero();
    }

    @Test
    void aLostPrimaryComesBackAsItWasPromotedLast() {
        cluster.withDrift();
        initialized();
        cluster.settle();
        turn("two");
        // When
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "shop-primary"));
        // Then
        await().until(() -> cluster.has(Kind.SERVICE, "shop-primary"));
        assertThat(version("shop-primary")).isEqualTo("one");
    }

    @Test
    void aPrimaryThatSomebodyTurnsElsewhereIsTurnedBack() {
        cluster.withDrift();
        initialized();
        cluster.settle();
        // When
        cluster.edit(
                Kind.SERVICE,
                "shop-primary",
                it ->
                        it.spec(
                                "selector",
                                JsonNodeFactory.instance.objectNode().put("app", "other")));
        // Then
        await().untilAsserted(() -> assertThat(version("shop-primary")).isEqualTo("one"));
        assertThat(get("shop-primary").annotation(Primaries.REVISION)).isNotNull();
    }

    @Test
    void withoutARouteTheCanarysCopyFollowsToo() {
        cluster.create(SHOP).create(CANARY.replace("istio", "kubernetes"));
        initialize();
        turn("two");
        cluster.scale(3, true);
        assertThat(version("shop-canary")).isEqualTo("two");
        turn("three");
        cluster.shift(4, 0);

        assertThat(version("shop-canary")).isEqualTo("three");
        assertThat(version("shop-primary")).isEqualTo("one");
    }

    @Test
    void aTargetThatCannotBeCopiedKeepsNoTrafficWithTheCanary() {
        cluster.create(SHOP).create(CANARY.replace("istio", "kubernetes"));
        initialize();
        cluster.edit(Kind.SERVICE, "shop", it -> it.spec("selector", null));
        // When
        var result = cluster.shift(3, 0);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(result.getBecause()).contains("selector");
    }
}
