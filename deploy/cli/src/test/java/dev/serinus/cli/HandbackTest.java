package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryScheduling;

import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

@EnableKubernetesMockClient(crud = true, https = false)
class HandbackTest {

    /** A hash that is not Flagger's: Serinus met the target first. */
    private static final String OURS = "a1b2c3d4e5";

    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init") // before each test
    private Estate estate;

    @BeforeEach
    void begin() {
        estate = new Estate(client, directory);
    }

    @Test
    void whatFlaggerKnowsIsHandedBackWithoutAWord() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("good", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        // When
        var told = estate.command("handback");
        // Then
        assertThat(told.out()).contains("shop/good handed back\n");
        assertThat(told.code()).isZero();
        assertThat(estate.marked()).isEmpty();
        assertThat(estate.canary("good").getMetadata().getFinalizers())
                .containsExactly("example.com/other");
        assertThat(estate.ownersOf("good")).as("Flagger's owners").containsExactly("Canary");
        assertThat(estate.canary("good").getMetadata().getAnnotations())
                .containsOnlyKeys("example.com/kept");
    }

    /** Nobody would keep it true: by it Flux would take for ready what Flagger just tries. */
    @Test
    void whatOnlySerinusSaysIsTakenOffTheStatus() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("good", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.says(
                "good",
                """
                observedGeneration: 4
                serinus:
                  run: 3
                  step: 17
                  waitingFor: "dry run: Succeeded"
                  paused: {by: ada, reason: lunch}
                  held: {because: it failed}
                conditions:
                - {type: Promoted, status: "True"}
                - {type: Ready, status: "True"}
                - {type: Reconciling, status: "False"}
                - {type: Stalled, status: "False"}
                - {type: Accepted, status: "True"}
                - {type: Hints, status: "True"}
                - {type: Others, status: "True"}
                """);
        // When
        estate.command("handback");
        // Then
        var canary = estate.canary("good");
        Map<String, Object> status = canary.get("status");
        assertThat(status)
                .containsOnlyKeys("phase", "lastAppliedSpec", "serinus", "conditions")
                .containsEntry("serinus", Map.of("run", 3, "step", 17))
                .containsEntry(
                        "conditions",
                        List.of(
                                Map.of("type", "Promoted", "status", "True"),
                                Map.of("type", "Others", "status", "True")));
        // When: done again
        String version = canary.getMetadata().getResourceVersion();
        estate.command("handback");
        // Then
        assertThat(estate.canary("good").getMetadata().getResourceVersion()).isEqualTo(version);
    }

    /** What it was is noted on it alone. */
    @Test
    void aMinimumThatWasRaisedForAWhileIsAsItWas() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("good", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.autoscaler("good-primary", 9, "2 2026-01-01T00:00:00Z");
        estate.autoscaler("late-primary", 7, "- 2026-01-01T00:00:00Z");
        estate.autoscaler("other", 5, "somebody else's");
        // When
        estate.command("handback");
        // Then
        assertThat(estate.minimums())
                .containsExactly("good-primary 2", "late-primary null", "other 5");
    }

    /** To Flagger they would be another version, and it would promote that to the primary. */
    @Test
    void theNodesOfACanarysPodsAreThoseOfItsUserAgain() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("good", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        var target = client.apps().deployments().inNamespace("shop").withName("good");
        var _ =
                target.edit(
                        it ->
                                new DeploymentBuilder(it)
                                        .editMetadata()
                                        .addToAnnotations(
                                                CanaryScheduling.ANNOTATION,
                                                "{\"nodeSelector\": {\"written\": {\"node-type\":"
                                                        + " \"spot\"}}}")
                                        .endMetadata()
                                        .editSpec()
                                        .editTemplate()
                                        .editSpec()
                                        .addToNodeSelector("node-type", "spot")
                                        .endSpec()
                                        .endTemplate()
                                        .endSpec()
                                        .build());
        // When
        var told = estate.command("handback");
        // Then
        assertThat(told.out()).contains("shop/good handed back\n");
        assertThat(estate.marked()).isEmpty();
        assertThat(target.get().getSpec().getTemplate().getSpec().getNodeSelector())
                .isNullOrEmpty();
    }

    /** Kuma's route has no namespace: its note says whose it is. */
    @Test
    void whatIsTheWholeClustersIsHandedBackWithTheCanaryThatHasIt() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("good", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.trafficRoute("good", "good.shop uid");
        estate.trafficRoute("other", "other.elsewhere uid");
        // When
        estate.command("handback");
        // Then
        assertThat(estate.trafficRoutes()).containsExactly("other other.elsewhere uid");
    }

    @Test
    void whatAServiceOrARevisionOfKnativeReleasesIsComparedToo() throws Exception {
        // Given
        estate.knative("served", "served-00002", "served-00001");
        estate.service("turned", "two", "one");
        estate.service("even", "one", "one");
        // When
        var told = estate.command("handback", "--check");
        // Then
        assertThat(told.out())
                .contains(
                        "its target shows revision served-00002, its primary is served-00001",
                        "its target leads to {\"version\":\"two\"}, its primary to"
                                + " {\"version\":\"one\"}")
                .doesNotContain("shop/even would be refused");
    }

    @Test
    void aFailedReleaseThatFlaggerWouldReleaseAgainIsNamed() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("bad", "Failed", OURS, "app:2", "app:1");
        var before = estate.marked();
        // When
        var told = estate.command("handback", "--check");
        // Then
        assertThat(told.out())
                .contains("shop/bad would be refused: its target runs app:2, its primary app:1")
                .contains("though it failed")
                .contains("put the target back to what the primary runs first, or use --force");
        assertThat(told.code()).isEqualTo(1);
        assertThat(estate.marked()).isEqualTo(before);
    }

    @Test
    void onlyForceHandsAFailedReleaseBackAndTheOthersGoWithoutIt() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("bad", "Failed", OURS, "app:2", "app:1");
        estate.canary("good", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        // When
        var refused = estate.command("handback");
        // Then
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("shop/bad is refused").contains("shop/good handed back");
        assertThat(estate.marked())
                .containsExactly(
                        "Canary/bad",
                        "ControllerRevision/bad-primary-1",
                        "Deployment/bad",
                        "Deployment/bad-primary",
                        "Service/bad");
        assertThat(estate.canary("bad").getMetadata().getFinalizers()).contains(Canaries.FINALIZER);
        // When
        var forced = estate.command("handback", "--force");
        // Then
        assertThat(forced.out()).contains("shop/bad handed back, and Flagger starts a rollout");
        assertThat(estate.marked()).isEmpty();
    }

    @Test
    void aConfigThatFailedIsADifferenceToo() throws Exception {
        // Given
        estate.settings("red", "blue");
        estate.canary("bad", "Failed", OURS, "app:2", "app:2");
        // When
        var told = estate.command("handback", "--check");
        // Then
        assertThat(told.out())
                .contains(
                        "its target reads ConfigMap settings, whose copy for the primary differs");
        assertThat(told.code()).isEqualTo(1);
    }

    @Test
    void aReleaseThatFlaggerKnowsFailedIsHandedBackWithAWord() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("bad", "Failed", Estate.FLAGGERS, "app:2", "app:1");
        // When
        var told = estate.command("handback");
        // Then
        assertThat(told.out())
                .contains("shop/bad handed back; its target runs app:2, its primary app:1");
        assertThat(told.code()).isZero();
        assertThat(estate.marked()).isEmpty();
    }

    @Test
    void aRolloutUnderWayThatFlaggerWouldBeginAgainIsRefused() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("half", "Progressing", OURS, "app:2", "app:1");
        // When
        var told = estate.command("handback");
        // Then
        assertThat(told.out()).contains("shop/half is refused").contains("let the rollout end");
        assertThat(estate.canary("half").getMetadata().getFinalizers())
                .contains(Canaries.FINALIZER);
    }

    @Test
    void whatIsBeingDeletedIsLeftToSerinus() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("going", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.delete("going");
        // When
        var told = estate.command("handback");
        // Then
        assertThat(told.out()).contains("shop/going is being deleted; let Serinus finish that");
        assertThat(estate.marked()).contains("Canary/going", "Service/going");
    }

    @Test
    void weightsThatFlaggerCannotReadAreRefused() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("good", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.stepBy("good", 0.5, 10.0);
        // When
        var told = estate.command("handback");
        // Then
        assertThat(told.out())
                .contains("shop/good is refused: spec.analysis.stepWeights is no whole percent");
        assertThat(told.code()).isEqualTo(1);
    }

    @Test
    void aMetricWithoutABoundThatFlaggerKnowsIsRefused() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("good", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.canary("bounded", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.compare("good", Map.of());
        estate.compare("bounded", Map.of("thresholdRange", Map.of("max", 500)));
        // When
        var told = estate.command("handback");
        // Then
        assertThat(told.out())
                .contains("shop/good is refused: spec.analysis.metrics[0] has no bound but")
                .doesNotContain("shop/bounded is refused");
    }

    @Test
    void aMetricThatFlaggerWouldAskOtherwiseIsRefused() throws Exception {
        // Given
        estate.settings("blue", "blue");
        for (var name : List.of("plain", "asked", "shop", "named", "gone")) {
            estate.canary(name, "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        }
        estate.metricTemplate("t-plain", Map.of("type", "datadog"));
        estate.metricTemplate(
                "t-asked",
                Map.of("type", "prometheus", "auth", Map.of("bearerTokenFile", "token")));
        estate.metricTemplate("t-shop", Map.of("type", "webhook"));
        for (var name : List.of("plain", "asked", "shop", "gone")) {
            estate.metric(name, Map.of("name", "m", "templateRef", Map.of("name", "t-" + name)));
        }
        estate.metric("named", Map.of("name", "orders"));
        // When
        var told = estate.command("handback", "--check");
        // Then
        assertThat(told.out())
                .contains(
                        "shop/asked would be refused: spec.analysis.metrics[0] uses MetricTemplate"
                                + " shop/t-asked, whose spec.provider.auth Flagger passes over",
                        "shop/shop would be refused: spec.analysis.metrics[0] uses MetricTemplate"
                                + " shop/t-shop, whose provider webhook Flagger does not know",
                        "shop/named would be refused: spec.analysis.metrics[0] means the"
                                + " MetricTemplate of its name",
                        "shop/plain would be handed back\n",
                        "shop/gone would be handed back\n");
    }

    @Test
    void whatSteersRoutesOfTheUsersOwnIsRefused() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("good", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.steerOwnRoute("good");
        // When
        var told = estate.command("handback");
        // Then
        assertThat(told.out()).contains("shop/good is refused: it steers routes of your own");
        assertThat(told.code()).isEqualTo(1);
        assertThat(estate.marked()).contains("Canary/good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alb", "emissary"})
    void aProviderThatFlaggerDoesNotKnowIsRefused(String provider) throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("good", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.provider("good", provider);
        // When
        var check = estate.command("handback", "--check");
        var told = estate.command("handback");
        // Then
        assertThat(check.out()).contains("shop/good would be refused: Flagger does not know");
        assertThat(told.out())
                .contains(
                        "shop/good is refused: Flagger does not know its provider %s"
                                .formatted(provider));
        assertThat(told.code()).isEqualTo(1);
        assertThat(estate.marked()).contains("Canary/good");
    }

    @Test
    void sharesByPodsAreNamedAndWhatLeadsToTheirCanaryStaysInHand() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("asks", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.shareByPods("asks");
        estate.canary("leads", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        estate.leadToCanary("leads");
        // When
        var told = estate.command("handback");
        // Then
        assertThat(told.code()).isEqualTo(1);
        assertThat(told.out())
                .contains("shop/asks is refused: Flagger passes over spec.analysis.replicas")
                .contains("shop/leads is refused: Service leads leads to pods of the canary");
        assertThat(estate.marked()).contains("Service/leads");
    }
}
