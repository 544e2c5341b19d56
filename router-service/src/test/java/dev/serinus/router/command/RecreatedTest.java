package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Mark;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** A Canary that is deleted in one way or another, and one of the same name that comes after it. */
class RecreatedTest {

    private static final Kind ROUTE =
            new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");
    private static final Kind RULE =
            new Kind("networking.istio.io", "v1beta1", "DestinationRule", "destinationrules");

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void sticky() {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().path("analysis"))
                                .putObject("sessionAffinity")
                                .put("cookieName", "stick"));
    }

    private RouterResult run(long step) {
        cluster.initialize(step);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(step + 1);
        cluster.scale(step + 2, true);
        cluster.serve("podinfo");
        return cluster.shift(step + 3, 30);
    }

    private ClusterObject delete() {
        cluster.delete("podinfo");
        return cluster.canary();
    }

    private RouterResult restore(ClusterObject canary) {
        var waiting = cluster.ask(cluster.command(RouterAction.RESTORE, 20, canary));
        if (waiting.getOutcome() == RouterOutcome.DONE) {
            return waiting;
        }
        cluster.serve("podinfo");
        return cluster.ask(cluster.command(RouterAction.RESTORE, 20, canary));
    }

    private void createdAgain() {
        await().until(() -> cluster.canaries().get(PretendCluster.NAMESPACE, "podinfo").isEmpty());
        cluster.apply("istio-canary.yaml");
    }

    private String selected(String service) {
        return cluster.get(Kind.SERVICE, service).at("/spec/selector/app").asText();
    }

    private List<Ref> made() {
        return List.of(
                cluster.ref(Kind.SERVICE, "podinfo-canary"),
                cluster.ref(Kind.SERVICE, "podinfo-primary"),
                cluster.ref(Kind.DEPLOYMENT, "podinfo-primary"),
                cluster.ref(ROUTE, "podinfo"),
                cluster.ref(RULE, "podinfo-canary"),
                cluster.ref(RULE, "podinfo-primary"),
                cluster.ref(Kind.CONFIG_MAP, "podinfo-config-primary"),
                cluster.ref(Kind.SECRET, "podinfo-secret-primary"));
    }

    private boolean exists(Ref ref) {
        return cluster.objects().find(ref) != null;
    }

    /** As the garbage collector does where another owner stays. */
    private void collectorTakesTheCanaryOff(Ref ref) {
        cluster.edit(
                ref.kind(),
                ref.name(),
                it -> {
                    ArrayNode owners = it.metadata().withArrayProperty("ownerReferences");
                    for (int i = owners.size() - 1; i >= 0; i--) {
                        if (owners.path(i).path("kind").asText().equals("Canary")) {
                            owners.remove(i);
                        }
                    }
                });
    }

    @Test
    void oneThatIsCreatedAgainBeginsWithItsOwnNumbers() {
        // Given
        run(10);
        restore(delete());
        createdAgain();
        // When
        var initialized = cluster.initialize(1);
        cluster.serve("podinfo-primary");
        var taken = cluster.takeOver(2);
        // Then
        assertThat(initialized.getBecause()).isEmpty();
        assertThat(taken.getBecause()).isEmpty();
        assertThat(selected("podinfo")).isEqualTo("podinfo-primary");
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt()).isZero();
    }

    @Test
    void theMarkOfACanaryThatIsGoneRefusesNothing() {
        // Given: it went without our doing, say by force
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> it.annotate(Mark.ANNOTATION, "3.99 4f1c9d1e-0000-4000-8000-000000000000"));
        // When
        var result = cluster.takeOver(2);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void aMarkOfAnEarlierReleaseRefusesOnlyOnWhatIsThisCanarys() {
        // Given: the target is the user's, the route ours
        run(1);
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> it.annotate(Mark.ANNOTATION, "3.99").spec().put("replicas", 0));
        cluster.edit(ROUTE, "podinfo", it -> it.annotate(Mark.ANNOTATION, "3.99"));
        // When
        var scaled = cluster.scale(5, true);
        cluster.serve("podinfo");
        var shifted = cluster.shift(6, 60);
        // Then
        assertThat(scaled.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(shifted.getOutcome()).isEqualTo(RouterOutcome.STALE);
        assertThat(shifted.getFoundRun()).isEqualTo(3);
        assertThat(shifted.getFoundStep()).isEqualTo(99);
    }

    @Test
    void nothingOfOursStaysOnWhatStays() {
        // Given
        run(1);
        // When
        restore(delete());
        // Then
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").annotations())
                .containsOnlyKeys("example.com/owner", "kustomize.toolkit.fluxcd.io/checksum");
        assertThat(cluster.get(Kind.SERVICE, "podinfo").annotations()).isEmpty();
        assertThat(made()).noneMatch(this::exists);
    }

    @Test
    void theApexThatWasMadeServesFromTheTargetAsLongAsThatStays() {
        // Given: nobody had an apex, but clients have one now
        run(1);
        // When
        restore(delete());
        // Then
        assertThat(selected("podinfo")).isEqualTo("podinfo");
        var owners = cluster.get(Kind.SERVICE, "podinfo").at("/metadata/ownerReferences");
        assertThat(owners).hasSize(1);
        assertThat(owners.at("/0/kind").asText()).isEqualTo("Deployment");
        assertThat(owners.at("/0/uid"))
                .isEqualTo(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/metadata/uid"));
    }

    @Test
    void aRouteByWhichRequestsComeInFromOutsideLeadsToTheApexAndStays() {
        // Given
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).putArray("gateways").add("public"));
        run(1);
        // When
        restore(delete());
        // Then
        var rules = cluster.get(ROUTE, "podinfo").at("/spec/http");
        assertThat(rules).hasSize(1);
        assertThat(rules.at("/0/route")).hasSize(1);
        assertThat(rules.at("/0/route/0/destination/host").asText()).isEqualTo("podinfo");
    }

    @Test
    void whatServesIsKeptByTheTargetToo() {
        // When
        run(1);
        // Then
        for (Ref ref : made()) {
            var owners = cluster.get(ref.kind(), ref.name()).at("/metadata/ownerReferences");
            assertThat(owners.findValuesAsText("kind"))
                    .as("%s", ref)
                    .containsExactly("Canary", "Deployment");
            assertThat(owners.at("/1/controller").asBoolean()).isFalse();
            assertThat(owners.at("/1/blockOwnerDeletion").asBoolean()).isFalse();
        }
    }

    @Test
    void deletedInTheForegroundItIsRestoredFromWhatTheCollectorLeft() {
        // Given: the collector has taken the Canary off all that it owned, at once
        run(1);
        cluster.release("podinfo:unanalysed");
        var canary = delete();
        made().forEach(this::collectorTakesTheCanaryOff);
        collectorTakesTheCanaryOff(cluster.ref(Kind.SERVICE, "podinfo"));
        // When
        var result = restore(canary);
        // Then
        assertThat(result.getBecause()).isEmpty();
        assertThat(
                        cluster.get(Kind.DEPLOYMENT, "podinfo")
                                .at("/spec/template/spec/containers/0")
                                .toString())
                .contains("podinfo:1", "\"podinfo-config\"");
        assertThat(selected("podinfo")).isEqualTo("podinfo");
        assertThat(made()).noneMatch(this::exists);
    }

    @Test
    void orphanedItLeavesWhatServesAndOneThatComesAfterItTakesItOver() {
        // Given
        run(1);
        cluster.shift(5, 0);
        String first = cluster.canary().at("/metadata/uid").asText();
        orphans();
        var canary = delete();
        made().forEach(this::collectorTakesTheCanaryOff);
        collectorTakesTheCanaryOff(cluster.ref(Kind.SERVICE, "podinfo"));
        // When
        restore(canary);
        // Then
        assertThat(made()).allMatch(this::exists);
        assertThat(selected("podinfo")).isEqualTo("podinfo-primary");
        assertThat(cluster.objects().list(Kind.CONTROLLER_REVISION, "test", Map.of())).isEmpty();
        assertThat(Finalizer.isOn(cluster.canary())).isFalse();
        // Given: the collector has done its part too
        cluster.objects().release(cluster.canary().edited(RecreatedTest::unheld));
        createdAgain();
        String promoted =
                cluster.get(Kind.DEPLOYMENT, "podinfo-primary").annotation("serinus.dev/revision");
        cluster.release("podinfo:2");
        // When
        var initialized = cluster.initialize(1);
        // Then
        assertThat(initialized.getBecause()).isEmpty();
        assertThat(initialized.getRevision()).as("what the primary runs").isEqualTo(promoted);
        var primary = cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
        assertThat(primary.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("podinfo:1");
        assertThat(primary.isOwnedByUid(cluster.canary().at("/metadata/uid").asText())).isTrue();
        assertThat(primary.isOwnedByUid(first)).isFalse();
    }

    /** Nobody would ever let it go later. */
    @Test
    void orphanedTheAutoscalerOfThePrimaryHasItsOwnMinimum() {
        // Given
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .putObject("autoscalerRef")
                                .put("apiVersion", "autoscaling/v2")
                                .put("kind", "HorizontalPodAutoscaler")
                                .put("name", "scaler"));
        cluster.create(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaler}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}, minReplicas: 2, maxReplicas: 9}
                """);
        run(1);
        cluster.shift(5, 0);
        cluster.edit(
                Kind.AUTOSCALER,
                "scaler-primary",
                it -> {
                    it.spec().put("minReplicas", 9);
                    it.annotate("serinus.dev/held-minimum", "2 2026-01-01T00:00:00Z");
                });
        orphans();
        // When
        restore(delete());
        // Then
        var scaler = cluster.get(Kind.AUTOSCALER, "scaler-primary");
        assertThat(scaler.at("/spec/minReplicas").asInt()).isEqualTo(2);
        assertThat(scaler.annotations()).doesNotContainKey("serinus.dev/held-minimum");
    }

    @Test
    void orphanedItLeavesWhatServesEvenWhenTheCollectorIsDoneInTheMiddleOfIt() {
        // Given
        run(1);
        cluster.shift(5, 0);
        orphans();
        var canary = delete();
        cluster.serve("podinfo", 0);
        var waiting = cluster.ask(cluster.command(RouterAction.RESTORE, 20, canary));
        assertThat(waiting.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        cluster.serve("podinfo");
        // When: what held the collector up is gone, and it is faster than our last write
        cluster.interfere(ref -> ref.kind().equals(Kind.CANARY), this::collectorIsDone);
        var restored = cluster.ask(cluster.command(RouterAction.RESTORE, 20, canary));
        // Then
        assertThat(restored.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kind.CANARY, "podinfo")).isFalse();
        assertThat(made()).allMatch(this::exists);
        assertThat(selected("podinfo")).isEqualTo("podinfo-primary");
    }

    @Test
    void orphanedItLeavesWhatServesEvenWhenTheCollectorWasFaster() {
        // Given: nothing was kept that holds the collector up
        run(1);
        cluster.shift(5, 0);
        orphans();
        var canary = delete();
        kept().forEach(cluster.objects()::delete);
        collectorIsDone();
        // When
        var restored = restore(canary);
        // Then
        assertThat(restored.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(made()).allMatch(this::exists);
        assertThat(selected("podinfo")).isEqualTo("podinfo-primary");
    }

    @Test
    void orphanedItLeavesWhatServesEvenWhenNobodySawIt() {
        // Given: a collector that can rewrite what was kept, while nothing of ours runs
        run(1);
        cluster.shift(5, 0);
        var canary = delete();
        kept().forEach(this::collectorTakesTheCanaryOff);
        collectorIsDone();
        // When
        var restored = restore(canary);
        // Then
        assertThat(restored.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(made()).allMatch(this::exists);
        assertThat(kept()).isEmpty();
    }

    private void orphans() {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> it.metadata().withArrayProperty("finalizers").add("orphan"));
    }

    private List<Ref> kept() {
        return cluster.objects().list(Kind.CONTROLLER_REVISION, "test", Map.of()).stream()
                .map(ClusterObject::ref)
                .toList();
    }

    /** All references are taken off, and its finalizer. */
    private void collectorIsDone() {
        made().forEach(this::collectorTakesTheCanaryOff);
        collectorTakesTheCanaryOff(cluster.ref(Kind.SERVICE, "podinfo"));
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> {
                    ArrayNode all = it.metadata().withArrayProperty("finalizers");
                    for (int i = all.size() - 1; i >= 0; i--) {
                        if (all.path(i).asText().equals("orphan")) {
                            all.remove(i);
                        }
                    }
                });
    }

    @Test
    void theNextCanaryHasAFreshCookie() {
        // Given: its route was left behind
        sticky();
        String cookie = run(1).getCookies().getSession();
        assertThat(cookie).startsWith("stick=");
        cluster.edit(Kind.CANARY, "podinfo", RecreatedTest::unheld);
        cluster.objects().delete(cluster.ref(Kind.CANARY, "podinfo"));
        createdAgain();
        sticky();
        // When
        String fresh = run(1).getCookies().getSession();
        // Then
        assertThat(fresh).startsWith("stick=").isNotEqualTo(cookie);
        assertThat(cluster.get(ROUTE, "podinfo").at("/spec").toString())
                .doesNotContain(cookie.substring("stick=".length()));
    }

    private static void unheld(Edit canary) {
        canary.metadata().withArrayProperty("finalizers").removeAll();
    }

    @Test
    void whatIsLeftBehindBelongsToTheNextCanary() {
        // Given
        run(1);
        cluster.edit(Kind.CANARY, "podinfo", RecreatedTest::unheld);
        cluster.objects().delete(cluster.ref(Kind.CANARY, "podinfo"));
        createdAgain();
        // When
        run(1);
        // Then: the collector would take away what only the other one owned
        String uid = cluster.canary().at("/metadata/uid").asText();
        for (Ref ref : made()) {
            if (!ref.kind().equals(Kind.CONFIG_MAP) && !ref.kind().equals(Kind.SECRET)) {
                assertThat(cluster.get(ref.kind(), ref.name()).isOwnedByUid(uid))
                        .as("%s", ref)
                        .isTrue();
            }
        }
    }

    @Test
    void aCanaryThatGoesIsNoLongerWrittenFor() {
        // Given
        run(1);
        var canary = delete();
        int writes = cluster.writes();
        // When
        var late = cluster.send(cluster.command(RouterAction.SHIFT, 5, canary).setCanaryWeight(60));
        // Then
        assertThat(late.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(late.getBecause()).isEqualTo("canary podinfo.test is being deleted");
        assertThat(cluster.writes()).isEqualTo(writes);
    }

    @Test
    void aTargetThatServesMoreThanThePrimaryIsNotMadeSmaller() {
        // Given
        run(1);
        cluster.edit(Kind.DEPLOYMENT, "podinfo", it -> it.spec().put("replicas", 9));
        cluster.serve("podinfo");
        // When
        restore(delete());
        // Then
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt())
                .isEqualTo(9);
    }

    @Test
    void whatWasGivenBackIsNotTouchedAgain() {
        // Given
        cluster.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo, labels: {mine: "yes"}}
                spec:
                  selector: {app: podinfo, tier: front}
                  ports: [{name: http, port: 9898, targetPort: 9898}, {name: https, port: 443, targetPort: 8443}]
                """);
        var found = cluster.get(Kind.SERVICE, "podinfo");
        run(1);
        var canary = delete();
        // When: somebody writes to the Canary at the last moment, so that all is done again
        cluster.serve("podinfo");
        cluster.interfere(
                "podinfo",
                () -> cluster.edit(Kind.CANARY, "podinfo", it -> it.annotate("mine", "yes")));
        restore(canary);
        // Then
        var now = cluster.get(Kind.SERVICE, "podinfo");
        assertThat(now.at("/spec")).isEqualTo(found.at("/spec"));
        assertThat(now.labels()).isEqualTo(found.labels());
        assertThat(now.annotations()).isEqualTo(found.annotations());
        assertThat(cluster.has(Kind.CANARY, "podinfo")).isFalse();
    }
}
