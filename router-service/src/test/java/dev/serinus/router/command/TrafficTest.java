package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.Sight;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Taking over, shifting and scaling: traffic never goes where nobody answers. */
class TrafficTest {

    private static final Kind ROUTE =
            new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("gateway-canary.yaml");

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

    private void running() {
        takenOver();
        cluster.scale(3, true);
        cluster.serve("podinfo");
    }

    private int weight() {
        return cluster.get(ROUTE, "podinfo").at("/spec/rules/0/backendRefs/1/weight").asInt();
    }

    private int replicas() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt();
    }

    private static void assertWaits(RouterResult result, String because) {
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause()).contains(because);
        assertThat(result.getWrites()).isZero();
    }

    @Test
    void nothingIsTakenOverBeforeThePrimaryServes() {
        // Given
        cluster.initialize(1);
        // When
        var early = cluster.takeOver(2);
        // Then
        assertWaits(early, "podinfo-primary.test not ready");
        assertThat(cluster.has(Kind.SERVICE, "podinfo")).isFalse();
        assertThat(cluster.has(ROUTE, "podinfo")).isFalse();
        assertThat(replicas()).isEqualTo(2);
    }

    @Test
    void takingOverLeadsRouteAndApexToThePrimaryAndTakesTheTargetsPodsAway() {
        // When
        takenOver();
        // Then
        assertThat(weight()).isZero();
        assertThat(cluster.get(Kind.SERVICE, "podinfo").at("/spec/selector/app").asText())
                .isEqualTo("podinfo-primary");
        assertThat(replicas()).isZero();
        assertThat(cluster.takeOver(2).getWrites()).isZero();
    }

    @Test
    void aRouteOfANewNameLeadsToServicesThatAreThere() {
        // Given
        running();
        cluster.shift(4, 30);
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("name", "shop"));
        // When: the next step comes before anything else
        var result = cluster.shift(5, 60);
        // Then
        assertThat(result.getCanaryWeight()).isEqualTo(60);
        assertThat(cluster.has(ROUTE, "shop")).isTrue();
        assertThat(cluster.has(Kind.SERVICE, "shop-primary")).isTrue();
        assertThat(cluster.has(Kind.SERVICE, "shop-canary")).isTrue();
    }

    @Test
    void aShiftSaysWhatTheRouteShowsAndTwiceChangesNothing() {
        // Given
        running();
        // When
        var first = cluster.shift(4, 30);
        var again = cluster.shift(4, 30);
        // Then
        assertThat(first.getWrites()).isEqualTo(1);
        assertThat(first.getCanaryWeight()).isEqualTo(30);
        assertThat(again.getWrites()).isZero();
        assertThat(again.getCanaryWeight()).isEqualTo(30);
        assertThat(cluster.get(ROUTE, "podinfo").annotation("serinus.dev/step"))
                .isEqualTo("1.4 " + cluster.canary().at("/metadata/uid").asText());
    }

    @Test
    void theCookiesOfTheRouteAreReadBack() {
        // Given
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().path("analysis"))
                                .putObject("sessionAffinity")
                                .put("cookieName", "stick")
                                .put("primaryCookieName", "stick-primary"));
        running();
        // When
        var running = cluster.shift(4, 30).getCookies();
        var ended = cluster.shift(5, 0).getCookies();
        // Then
        assertThat(running.getSession()).matches("stick=[A-Za-z]{10}");
        assertThat(running.getPrimary()).matches("stick-primary=[A-Za-z]{10}");
        assertThat(running.getPrevious()).isEmpty();
        assertThat(ended.getSession()).isEmpty();
        assertThat(ended.getPrevious()).isEqualTo(running.getSession());
    }

    @Test
    void aCanaryThatAsksForNoCookiesHasNone() {
        // Given
        running();
        // When
        var result = cluster.shift(4, 30);
        // Then
        assertThat(result.getCookies()).isNull();
    }

    @Test
    void copiesOfRequestsAreReadBack() {
        // Given
        running();
        // When
        var result = cluster.send(cluster.command(RouterAction.SHIFT, 4).setMirrored(true));
        // Then
        assertThat(result.getMirrored()).isTrue();
        assertThat(result.getCanaryWeight()).isZero();
    }

    private void mirroringATenth() {
        edit(
                spec ->
                        ((ObjectNode) spec.path("analysis"))
                                .put("mirror", true)
                                .put("mirrorWeight", 10));
        running();
    }

    private RouterResult mirror(long step) {
        return cluster.send(cluster.command(RouterAction.SHIFT, step).setMirrored(true));
    }

    /** Without it all requests would be copied. */
    @Test
    void aShareOfCopiesThatTheDefinitionDoesNotKnowIsRefusedBeforeItIsWritten() {
        // Given
        cluster.withoutField("percent");
        mirroringATenth();
        int before = cluster.writes();
        // When
        var result = mirror(4);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause())
                .startsWith(
                        "HTTPRoute podinfo.test would be kept without"
                                + " spec.rules[0].filters[0].requestMirror.percent (for"
                                + " spec.analysis.mirrorWeight; Gateway API 1.3 and later has it)");
        assertThat(cluster.writes()).isEqualTo(before);
        assertThat(cluster.shift(5, 30).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void aShareOfCopiesThatIsLostAllTheSameIsTakenBackAtOnce() {
        // Given
        cluster.withoutField("percent").withoutTrials();
        mirroringATenth();
        // When
        var result = mirror(4);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause()).contains("requestMirror.percent");
        assertThat(cluster.get(ROUTE, "podinfo").json().toString()).doesNotContain("RequestMirror");
        assertThat(cluster.shift(5, 30).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void whatIsKeptIsAskedForOnce() {
        // Given
        mirroringATenth();
        int before = cluster.trials();
        // When
        mirror(4);
        cluster.shift(5, 30);
        mirror(6);
        // Then
        assertThat(cluster.trials()).isEqualTo(before + 1);
    }

    /** Requests go where they are to without it. */
    @Test
    void whatElseADefinitionDoesNotKnowIsTold() {
        // Given
        cluster.withoutField("timeouts");
        edit(spec -> ((ObjectNode) spec.path("service")).put("timeout", "15s"));
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        // When
        var result = cluster.takeOver(2);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(result.getBecause())
                .startsWith("HTTPRoute podinfo.test was kept without spec.rules[0].timeouts:");
    }

    @Test
    void noTrafficGoesToACanaryWithoutPods() {
        // Given
        takenOver();
        // When
        var result = cluster.shift(3, 30);
        // Then
        assertWaits(result, "podinfo.test has no available replicas");
        assertThat(weight()).isZero();
    }

    @Test
    void noTrafficGoesBackToADeadPrimary() {
        // Given
        running();
        cluster.shift(4, 60);
        cluster.serve("podinfo-primary", 0);
        // When
        var result = cluster.shift(5, 0);
        // Then
        assertWaits(result, "podinfo-primary.test has no available replicas");
        assertThat(weight()).isEqualTo(60);
    }

    @Test
    void allTrafficGoesToTheCanaryWhenThePrimaryIsDead() {
        // Given
        running();
        cluster.shift(4, 60);
        cluster.serve("podinfo-primary", 0);
        // When
        var result = cluster.shift(5, 100);
        // Then
        assertThat(result.getCanaryWeight()).isEqualTo(100);
    }

    private void testWhoMatches() {
        edit(
                spec -> {
                    var analysis = (ObjectNode) spec.path("analysis");
                    analysis.remove(List.of("maxWeight", "stepWeight"));
                    analysis.put("iterations", 5);
                    analysis.putArray("match")
                            .addObject()
                            .putObject("headers")
                            .putObject("x-canary")
                            .put("exact", "insider");
                });
    }

    @Test
    void inAnABTestNobodyIsLedToAPrimaryThatIsDead() {
        // Given
        testWhoMatches();
        running();
        var whoMatches =
                cluster.command(RouterAction.SHIFT, 4).setCanaryWeight(100).setMatched(true);
        cluster.send(whoMatches);
        int rules = cluster.get(ROUTE, "podinfo").at("/spec/rules").size();
        cluster.serve("podinfo-primary", 0);
        // When
        var result = cluster.shift(5, 100);
        // Then
        assertThat(result.getCanaryWeight()).isEqualTo(100);
        assertThat(rules).isEqualTo(2);
        var after = cluster.get(ROUTE, "podinfo").at("/spec/rules");
        assertThat(after).hasSize(1);
        assertThat(after.at("/0/matches").toString()).doesNotContain("x-canary");
        assertThat(after.at("/0/backendRefs/0/weight").asInt()).isZero();
        assertThat(weight()).isEqualTo(100);
    }

    private void edit(Consumer<ObjectNode> spec) {
        cluster.edit(Kind.CANARY, "podinfo", it -> spec.accept(it.spec()));
    }

    private void assertTakenBack(RouterResult result, String because) {
        assertThat(result.getOutcome()).as("%s", result.getBecause()).isEqualTo(RouterOutcome.DONE);
        assertThat(result.getCanaryWeight()).isZero();
        assertThat(result.getBecause())
                .startsWith(
                        "HTTPRoute podinfo.test leads to the primary and is otherwise as it was")
                .contains(because);
        assertThat(weight()).isZero();
        assertThat(cluster.get(ROUTE, "podinfo").at("/spec/rules/0/backendRefs/0/weight").asInt())
                .isEqualTo(100);
    }

    @Test
    void aTargetThatIsGoneKeepsNoTraffic() {
        // Given
        running();
        cluster.shift(4, 30);
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "podinfo"));
        // When
        var result = cluster.shift(5, 0);
        // Then
        assertTakenBack(result, "deployment podinfo.test get query error");
        assertThat(cluster.shift(5, 0).getWrites()).isZero();
    }

    @Test
    void aRouteThatTheApiServerRefusesKeepsNoTraffic() {
        // Given
        running();
        cluster.shift(4, 30);
        edit(spec -> ((ObjectNode) spec.path("service")).putArray("hosts").add("soon"));
        cluster.takingForInvalid("\"soon\"");
        // When
        var more = cluster.shift(5, 60);
        var back = cluster.shift(6, 0);
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertTakenBack(back, "update error: invalid");
    }

    @Test
    void aRouterThatNeverSawAManifestWithoutMistakesTakesTrafficBackAllTheSame() {
        // Given
        running();
        cluster.shift(4, 30);
        edit(spec -> ((ObjectNode) spec.path("service")).remove("gatewayRefs"));
        // When
        var more =
                cluster.sendToAnother(cluster.command(RouterAction.SHIFT, 5).setCanaryWeight(60));
        var back = cluster.sendToAnother(cluster.command(RouterAction.SHIFT, 6));
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertTakenBack(back, "spec.service.gatewayRefs: GatewayRefs must be specified");
    }

    @Test
    void whatIsWrongWithTheManifestLeadsNobodyToADeadPrimary() {
        // Given
        running();
        cluster.shift(4, 30);
        edit(spec -> ((ObjectNode) spec.path("service")).remove("gatewayRefs"));
        cluster.serve("podinfo-primary", 0);
        // When
        var back = cluster.sendToAnother(cluster.command(RouterAction.SHIFT, 6));
        // Then
        assertWaits(back, "podinfo-primary.test has no available replicas");
        assertThat(weight()).isEqualTo(30);
    }

    @Test
    void anABTestGoesOnForWhoMatchesAloneAfterARestart() {
        // Given
        testWhoMatches();
        running();
        cluster.send(cluster.command(RouterAction.SHIFT, 4).setCanaryWeight(100).setMatched(true));
        var before = cluster.get(ROUTE, "podinfo").at("/spec/rules");
        // When
        try (var drift = cluster.anotherDrift()) {
            cluster.reach("Progressing");
            drift.start();
            var seen = new Sight.At(cluster.get(ROUTE, "podinfo").resourceVersion());
            await().until(() -> drift.sight(cluster.ref(ROUTE, "podinfo")).equals(seen));
            cluster.edit(ROUTE, "podinfo", it -> it.spec().putArray("hostnames").add("else.test"));
            await().until(() -> !cluster.get(ROUTE, "podinfo").at("/spec").has("hostnames"));
        }
        // Then
        assertThat(before).hasSize(2);
        assertThat(cluster.get(ROUTE, "podinfo").at("/spec/rules")).isEqualTo(before);
    }

    @Test
    void theTargetKeepsItsPodsWhileAnythingIsRoutedToThem() {
        // Given
        running();
        cluster.shift(4, 30);
        // When
        var result = cluster.scale(5, false);
        // Then
        assertWaits(result, "still sends 30 percent to the canary");
        assertThat(replicas()).isEqualTo(2);
    }

    @Test
    void theTargetKeepsItsPodsWhileThePrimaryServesNothing() {
        // Given
        running();
        cluster.serve("podinfo-primary", 0);
        // When
        var result = cluster.scale(4, false);
        // Then
        assertWaits(result, "podinfo-primary.test serves nothing yet");
        assertThat(replicas()).isEqualTo(2);
    }

    @Test
    void theTargetComesUpInThePrimarysSize() {
        // Given
        takenOver();
        cluster.edit(Kind.DEPLOYMENT, "podinfo-primary", it -> it.spec().put("replicas", 5));
        // When
        cluster.scale(3, true);
        // Then
        assertThat(replicas()).isEqualTo(5);
    }

    @Test
    void aTargetThatRunsIsLeftAtItsSize() {
        // Given
        running();
        cluster.edit(Kind.DEPLOYMENT, "podinfo", it -> it.spec().put("replicas", 7));
        // When
        var result = cluster.scale(4, true);
        // Then
        assertThat(result.getWrites()).isZero();
        assertThat(replicas()).isEqualTo(7);
    }

    private void gatewaySays(String status, long observed) {
        cluster.edit(
                ROUTE,
                "podinfo",
                it -> {
                    ArrayNode parents = JsonNodeFactory.instance.arrayNode();
                    ObjectNode parent = parents.addObject();
                    parent.set("parentRef", it.spec().at("/parentRefs/0"));
                    parent.putArray("conditions")
                            .addObject()
                            .put("type", "Accepted")
                            .put("status", status)
                            .put("observedGeneration", observed);
                    it.put("status", JsonNodeFactory.instance.objectNode().set("parents", parents));
                });
    }

    @Test
    void noMoreTrafficIsSentOverARouteTheGatewayDoesNotAccept() {
        // Given
        running();
        gatewaySays("False", 1_000);
        // When
        var result = cluster.shift(4, 30);
        // Then
        assertWaits(
                result,
                "HTTPRoute podinfo.test parent public is not ready (status: False, observed"
                        + " generation: 1000, current generation:");
        assertThat(weight()).isZero();
    }

    private long generation() {
        return cluster.get(ROUTE, "podinfo").at("/metadata/generation").asLong();
    }

    @Test
    void whatAGatewayIsYetToTakeIsAskedForAgainAndARollbackComesBeforeIt() {
        // Given
        running();
        gatewaySays("True", generation());
        var up = cluster.command(RouterAction.SHIFT, 4).setCanaryWeight(30);
        // When
        var waiting = cluster.send(up);
        // Then
        assertThat(waiting.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(waiting.getRetryAfterMillis()).isEqualTo(1_000);
        assertThat(waiting.getBecause()).contains("parent public is not ready");
        assertThat(weight()).isEqualTo(30);
        var back = cluster.send(cluster.command(RouterAction.SHIFT, 5).setCanaryWeight(0));
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isZero();
    }

    @Test
    void whatAGatewayDoesNotTakeForLongIsTrouble() {
        // Given
        running();
        gatewaySays("True", generation());
        var up = cluster.command(RouterAction.SHIFT, 4).setCanaryWeight(30);
        cluster.send(up);
        // When
        cluster.pass(PretendCluster.PATIENCE);
        var trouble = cluster.send(up);
        // Then
        assertThat(trouble.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(trouble.getRetryAfterMillis()).isNull();
        gatewaySays("True", 1_000);
        assertThat(cluster.send(up).getCanaryWeight()).isEqualTo(30);
    }

    /** Two parents, of which the second says no. */
    private void secondParentRefuses() {
        cluster.edit(
                ROUTE,
                "podinfo",
                it -> {
                    ArrayNode parents = JsonNodeFactory.instance.arrayNode();
                    for (JsonNode parent : it.spec().path("parentRefs")) {
                        boolean isFirst = parents.isEmpty();
                        ObjectNode status = parents.addObject();
                        // A gateway leaves out what the API's documentation fills in.
                        status.putObject("parentRef")
                                .put("name", parent.path("name").asText())
                                .put("namespace", parent.path("namespace").asText());
                        status.putArray("conditions")
                                .addObject()
                                .put("type", "Accepted")
                                .put("status", isFirst ? "True" : "False")
                                .put("reason", isFirst ? "Accepted" : "NotAllowedByListeners")
                                .put("message", isFirst ? "" : "no listener takes it")
                                .put("observedGeneration", 1_000);
                    }
                    it.put("status", JsonNodeFactory.instance.objectNode().set("parents", parents));
                });
    }

    @Test
    void everyParentCountsAndSaysWhyInItsOwnWords() {
        // Given
        cluster.addGateway("edge", "private");
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        ((ArrayNode) it.spec().at("/service/gatewayRefs"))
                                .addObject()
                                .put("name", "private")
                                .put("namespace", "edge"));
        running();
        secondParentRefuses();
        // When
        var result = cluster.shift(4, 30);
        // Then
        assertWaits(result, "HTTPRoute podinfo.test parent private is not ready (status: False");
        assertThat(result.getBecause()).endsWith(": NotAllowedByListeners: no listener takes it");
        assertThat(weight()).isZero();
    }

    /** It has taken others, so that it would have said so. */
    @Test
    void noMoreTrafficIsSentOverARouteOfWhichItsGatewaySaysNothing() {
        // Given
        running();
        var gateway = cluster.objects().find(PretendCluster.GATEWAY.named("edge", "public"));
        var _ =
                cluster.objects()
                        .replace(
                                Objects.requireNonNull(gateway)
                                        .edited(
                                                it -> {
                                                    var status =
                                                            JsonNodeFactory.instance.objectNode();
                                                    status.putArray("conditions")
                                                            .addObject()
                                                            .put("type", "Programmed")
                                                            .put("status", "True");
                                                    it.put("status", status);
                                                }));
        // When
        var result = cluster.shift(4, 30);
        // Then
        assertWaits(result, "HTTPRoute podinfo.test parent public has said nothing of the route");
        assertThat(weight()).isZero();
    }

    @Test
    void aCanaryForAGatewayThatDoesNotExistIsNotBegun() {
        // Given
        cluster.addGateway("edge", "private");
        cluster.objects().delete(PretendCluster.GATEWAY.named("edge", "public"));
        // When
        var early = cluster.initialize(1);
        // Then
        assertWaits(early, "spec.service.gatewayRefs[0]: Gateway public.edge does not exist");
        assertThat(cluster.writes()).isZero();
        // When
        cluster.addGateway("edge", "public");
        // Then
        assertThat(cluster.initialize(1).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    /** As Flagger, which looks for none: whoever has no Gateways has another way to serve. */
    @Test
    void whereThereAreNoOtherGatewaysInItsNamespaceNoneIsMissed() {
        // Given
        cluster.objects().delete(PretendCluster.GATEWAY.named("edge", "public"));
        cluster.addGateway("trial", "public");
        // When
        running();
        var result = cluster.shift(4, 30);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isEqualTo(30);
    }

    /** It serves by the other one until the manifest is mended. */
    @Test
    void aRouteKeepsItsGatewayWhenTheCanaryNamesOneThatDoesNotExist() {
        // Given
        running();
        cluster.shift(4, 30);
        cluster.reach("Progressing");
        cluster.withDrift();
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().at("/service/gatewayRefs/0")).put("name", "publik"));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(events())
                                        .anyMatch(
                                                it ->
                                                        it.contains(
                                                                "Gateway publik.edge does not"
                                                                        + " exist")));
        assertThat(cluster.get(ROUTE, "podinfo").at("/spec/parentRefs/0/name").asText())
                .isEqualTo("public");
        // When: whatever is wrong, traffic is taken back
        var back = cluster.shift(5, 0);
        // Then
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(back.getBecause()).contains("Gateway publik.edge does not exist");
        assertThat(weight()).isZero();
    }

    private List<String> events() {
        return cluster.objects().list(Kind.EVENT, PretendCluster.NAMESPACE, Map.of()).stream()
                .map(it -> it.at("/message").asText())
                .toList();
    }

    @Test
    void aShiftIsNotDoneBeforeTheGatewayHasTakenIt() {
        // Given
        running();
        cluster.shift(4, 30);
        gatewaySays("True", cluster.get(ROUTE, "podinfo").at("/metadata/generation").asLong());
        // When: the gateway has not yet seen the generation that this makes
        var result = cluster.shift(5, 60);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause()).contains("parent public is not ready (status: True");
        assertThat(weight()).isEqualTo(60);
    }

    @Test
    void lessTrafficIsNotHeldUpByAGatewayThatFailsButThePodsAre() {
        // Given
        running();
        cluster.shift(4, 30);
        gatewaySays("True", cluster.get(ROUTE, "podinfo").at("/metadata/generation").asLong());
        // When: the gateway does not see what this changes
        var back = cluster.shift(5, 0);
        var scaled = cluster.scale(6, false);
        // Then
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(back.getCanaryWeight()).isZero();
        assertThat(scaled.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(scaled.getBecause()).endsWith(", so that podinfo.test is not scaled down");
        assertThat(replicas()).isEqualTo(2);
        // When: it has seen it, and serves the route no longer
        gatewaySays("False", 1_000);
        // Then
        assertThat(cluster.scale(6, false).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void aServiceThatWasThereIsTakenOverAndKeepsWhatIsItsOwn() {
        // Given
        cluster.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo, labels: {mine: "yes"}, annotations: {mine: "yes"}}
                spec:
                  clusterIP: 10.0.0.7
                  sessionAffinity: ClientIP
                  selector: {app: podinfo, tier: web}
                  ports:
                  - {name: http, port: 80, targetPort: 9898, nodePort: 30080}
                  - {name: admin, port: 8081, targetPort: 8081}
                """);
        // When
        takenOver();
        // Then
        var apex = cluster.get(Kind.SERVICE, "podinfo");
        assertThat(apex.labels()).containsOnlyKeys("mine");
        assertThat(apex.annotations())
                .containsEntry("mine", "yes")
                .containsEntry("kustomize.toolkit.fluxcd.io/reconcile", "disabled");
        assertThat(apex.at("/metadata/ownerReferences").isMissingNode()).isTrue();
        assertThat(apex.at("/spec/clusterIP").asText()).isEqualTo("10.0.0.7");
        assertThat(apex.at("/spec/sessionAffinity").asText()).isEqualTo("ClientIP");
        assertThat(apex.at("/spec/selector").toString()).isEqualTo("{\"app\":\"podinfo-primary\"}");
        assertThat(apex.at("/spec/ports").toString())
                .contains("\"port\":9898", "\"nodePort\":30080", "\"port\":8081");
    }
}
