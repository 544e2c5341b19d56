package dev.serinus.watcher.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.events.ComparedMetric;
import dev.serinus.schemas.events.ComparisonStatus;
import dev.serinus.schemas.events.HeldFailure;
import dev.serinus.schemas.events.JudgedMetric;
import dev.serinus.schemas.events.JudgementStatus;
import dev.serinus.schemas.events.MetricCounts;
import dev.serinus.schemas.events.PausedBy;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.StatusUpdate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;

class StatusPatchTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private static StatusUpdate.Builder update() {
        return StatusUpdate.newBuilder()
                .setPhase("Progressing")
                .setCanaryWeight(30)
                .setFailedChecks(0)
                .setIterations(0)
                .setPromoted("Unknown")
                .setMessage("New revision detected, progressing canary analysis.")
                .setProblems(List.of())
                .setRun(1)
                .setStep(2)
                .setRevision("b")
                .setWaitingFor("")
                .setObservedGeneration(1);
    }

    private static ObjectNode ofClaimed(
            JsonNode before, StatusUpdate update, long sequence, Instant now) {
        return StatusPatch.of(before, true, update, sequence, now);
    }

    @Test
    void whatStallsIsAConditionUntilItIsOver() {
        // Given
        var canary = JsonNodeFactory.instance.objectNode();
        var stalled = update().setStalled("the route is not accepted: no such gateway").build();
        // When
        canary.set("conditions", ofClaimed(canary, stalled, 1, NOW).path("conditions"));
        // Then
        assertThat(condition(canary, "Stalled"))
                .isEqualTo("True Waiting the route is not accepted: no such gateway");
        assertThat(condition(canary, "Promoted"))
                .isEqualTo(
                        "Unknown Progressing New revision detected, progressing canary analysis.");
        // When
        canary.set("conditions", ofClaimed(canary, update().build(), 2, NOW).path("conditions"));
        // Then
        assertThat(condition(canary, "Stalled")).isEqualTo("False Resumed Nothing is in the way.");
    }

    @Test
    void whatIsOnlyTriedLeavesFlaggersFieldsAndWhatTheyAreKnownBy() {
        // Given: somebody released it, and Flagger's fields say how that ended
        var canary = JsonNodeFactory.instance.objectNode();
        canary.put("phase", "Succeeded");
        canary.putArray("conditions").addObject().put("type", "Promoted").put("status", "True");
        // When
        var tried =
                StatusPatch.of(
                        canary,
                        false,
                        update().setDryRun(true).setWaitingFor("the next interval").build(),
                        7,
                        NOW);
        // Then
        assertThat(tried.fieldNames()).toIterable().containsOnly("conditions", "serinus");
        assertThat(tried.at("/conditions/0/status").asText()).isEqualTo("True");
        assertThat(tried.at("/serinus/waitingFor").asText())
                .isEqualTo("dry run: Progressing, waiting for the next interval");
        assertThat(tried.at("/serinus/dryRun/canaryWeight").doubleValue()).isEqualTo(30);
        assertThat(tried.at("/serinus/run").longValue()).isZero();
        assertThat(StatusPatch.sequence(tried)).isEqualTo(7);
        // When
        var released = ofClaimed(tried, update().build(), 8, NOW);
        // Then
        assertThat(released.path("phase").asText()).isEqualTo("Progressing");
        assertThat(released.at("/serinus/dryRun").isNull()).isTrue();
    }

    @Test
    void aWeightBetweenWholePercentsIsRoundedForFlaggerAndExactForUs() {
        var canary = JsonNodeFactory.instance.objectNode();

        var fine =
                ofClaimed(
                        canary,
                        update().setCanaryWeight(1).setCanaryBasisPoints(50).build(),
                        1,
                        NOW);
        var whole = ofClaimed(fine, update().setCanaryBasisPoints(3_000).build(), 2, NOW);

        assertThat(fine.path("canaryWeight").intValue()).isEqualTo(1);
        assertThat(fine.at("/serinus/canaryWeight").doubleValue()).isEqualTo(0.5);
        assertThat(whole.path("canaryWeight").intValue()).isEqualTo(30);
        assertThat(whole.at("/serinus/canaryWeight").isNull()).isTrue();
    }

    @Test
    void theBaselinesShareIsShownAsLongAsItHasOne() {
        var canary = JsonNodeFactory.instance.objectNode();

        var with = ofClaimed(canary, update().setBaselineBasisPoints(1_250).build(), 1, NOW);
        var without = ofClaimed(with, update().build(), 2, NOW);

        assertThat(with.at("/serinus/baselineWeight").doubleValue()).isEqualTo(12.5);
        assertThat(without.at("/serinus/baselineWeight").isNull()).isTrue();
    }

    @Test
    void whatAComparisonFoundIsWrittenWholeAndTakenAwayWithTheRun() {
        var compared =
                update().setComparison(
                                ComparisonStatus.newBuilder()
                                        .setFrom(NOW.minusSeconds(600))
                                        .setAt(NOW)
                                        .setVerdict("FAIL")
                                        .setMetrics(
                                                List.of(
                                                        ComparedMetric.newBuilder()
                                                                .setName("latency")
                                                                .setClassification("HIGH")
                                                                .setCanarySize(20)
                                                                .setPrimarySize(21)
                                                                .setEffect(1.2)
                                                                .setDigest("ab")
                                                                .build()))
                                        .build())
                        .build();

        var patch = ofClaimed(JsonNodeFactory.instance.objectNode(), compared, 1, NOW);
        var next = ofClaimed(patch, update().build(), 2, NOW);

        assertThat(patch.path("canaryAnalysis").toString())
                .isEqualTo(
                        "{\"from\":\"2026-11-25T11:50:00Z\",\"at\":\"2026-11-25T12:00:00Z\","
                            + "\"verdict\":\"FAIL\",\"score\":null,\"metrics\":[{\"name\":\"latency\","
                            + "\"classification\":\"HIGH\",\"canarySize\":20,\"primarySize\":21,"
                            + "\"effect\":1.2,\"digest\":\"ab\"}]}");
        assertThat(next.path("canaryAnalysis").isNull()).isTrue();
        assertThat(
                        ofClaimed(JsonNodeFactory.instance.objectNode(), update().build(), 1, NOW)
                                .has("canaryAnalysis"))
                .isFalse();
    }

    @Test
    void eachMetricOfTheLastCheckIsWrittenWithItsValueBoundsAndVerdict() {
        var judged =
                update().setJudgement(
                                new JudgementStatus(
                                        NOW,
                                        "FAIL",
                                        List.of(
                                                new JudgedMetric(
                                                        "request-success-rate",
                                                        69.17,
                                                        99.0,
                                                        null,
                                                        "FAIL",
                                                        "69.17 < 99.00"),
                                                new JudgedMetric(
                                                        "latency",
                                                        Double.NaN,
                                                        null,
                                                        500.0,
                                                        "PASS",
                                                        ""))))
                        .build();

        var patch = ofClaimed(JsonNodeFactory.instance.objectNode(), judged, 1, NOW);
        var next = ofClaimed(patch, update().build(), 2, NOW);

        assertThat(patch.path("canaryAnalysis").toString())
                .isEqualTo(
                        "{\"at\":\"2026-11-25T12:00:00Z\",\"verdict\":\"FAIL\",\"checks\":["
                                + "{\"name\":\"request-success-rate\",\"value\":69.17,\"min\":99.0,"
                                + "\"verdict\":\"FAIL\",\"because\":\"69.17 < 99.00\"},"
                                + "{\"name\":\"latency\",\"max\":500.0,\"verdict\":\"PASS\"}]}");
        assertThat(next.path("canaryAnalysis").isNull()).isTrue();
    }

    @Test
    void whatWasCountedBesideLimitsIsWrittenWithOrWithoutAComparison() {
        var counts =
                MetricCounts.newBuilder()
                        .setName("latency")
                        .setFailed(1)
                        .setFailureLimit(2)
                        .setFailedInARow(0)
                        .setInconclusive(3)
                        .setPassedInARow(1)
                        .build();
        var both =
                update().setCounts(List.of(counts))
                        .setComparison(
                                ComparisonStatus.newBuilder()
                                        .setFrom(NOW)
                                        .setAt(NOW)
                                        .setVerdict("PASS")
                                        .setMetrics(List.of())
                                        .build())
                        .build();
        var alone = update().setCounts(List.of(counts)).build();

        var first = ofClaimed(JsonNodeFactory.instance.objectNode(), both, 1, NOW);
        var second = ofClaimed(first, alone, 2, NOW);
        var third = ofClaimed(second, update().build(), 3, NOW);

        var limits =
                "[{\"name\":\"latency\",\"failed\":1,\"failureLimit\":2,\"failedInARow\":0,"
                        + "\"inconclusive\":3}]";
        assertThat(first.at("/canaryAnalysis/limits")).hasToString(limits);
        assertThat(first.at("/canaryAnalysis/verdict").asText()).isEqualTo("PASS");
        assertThat(second.path("canaryAnalysis"))
                .hasToString(
                        "{\"limits\":%s,\"from\":null,\"at\":null,\"verdict\":null,\"score\":null,\"metrics\":null}"
                                .formatted(limits));
        assertThat(third.path("canaryAnalysis").isNull()).isTrue();
    }

    @Test
    void aCanaryThatNeverStalledNorBrokeARuleSaysNothingOfEither() {
        var canary = JsonNodeFactory.instance.objectNode();

        var patch = ofClaimed(canary, update().build(), 1, NOW);

        assertThat(patch.path("conditions").findValuesAsText("type"))
                .containsExactly("Promoted", "Ready", "Reconciling");
    }

    /** What kstatus makes of conditions: whoever stalls has failed, whoever reconciles goes on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Initialized     | True    | ''         | ''  | True    | False | absent
                    Succeeded       | True    | ''         | ''  | True    | False | absent
                    Initializing    | Unknown | ''         | ''  | Unknown | True  | absent
                    Progressing     | Unknown | ''         | ''  | Unknown | True  | absent
                    Waiting         | Unknown | ''         | ''  | Unknown | True  | absent
                    WaitingPromotion| Unknown | ''         | ''  | Unknown | True  | absent
                    Promoting       | Unknown | ''         | ''  | Unknown | True  | absent
                    Finalising      | Unknown | ''         | ''  | Unknown | True  | absent
                    Terminating     | Unknown | ''         | ''  | Unknown | True  | absent
                    Failed          | False   | ''         | ''  | False   | False | True
                    Progressing     | Unknown | no gateway | ''  | Unknown | False | True
                    Succeeded       | True    | ''         | bad | False   | False | True
                    Progressing     | Unknown | ''         | bad | False   | False | True
                    ''              | ''      | ''         | bad | False   | False | True
                    """)
    void toolsKnowHowItIs(
            String phase,
            String promoted,
            String stalled,
            String problem,
            String ready,
            String reconciling,
            String stalls) {
        var update =
                update().setPhase(phase)
                        .setPromoted(promoted)
                        .setStalled(stalled)
                        .setProblems(
                                problem.isEmpty()
                                        ? List.of()
                                        : List.of(new Problem("spec.analysis", problem)))
                        .build();

        var patch = ofClaimed(JsonNodeFactory.instance.objectNode(), update, 1, NOW);

        assertThat(condition(patch, "Ready").split(" ")[0]).isEqualTo(ready);
        assertThat(condition(patch, "Reconciling").split(" ")[0]).isEqualTo(reconciling);
        assertThat(condition(patch, "Stalled").split(" ")[0]).isEqualTo(stalls);
        assertThat(patch.path("conditions").valueStream())
                .as("the API server takes no condition without a reason")
                .noneMatch(it -> it.path("reason").asText().isEmpty());
    }

    @Test
    void whatReconcilesSaysWhatItWaitsFor() {
        var update = update().setWaitingFor("approval by board").build();

        var patch = ofClaimed(JsonNodeFactory.instance.objectNode(), update, 1, NOW);

        assertThat(condition(patch, "Reconciling"))
                .isEqualTo("True Progressing Waiting for approval by board");
    }

    @Test
    void aFailedReleaseStallsAndADryRunLeavesItSo() {
        // Given
        var failed =
                ofClaimed(
                        JsonNodeFactory.instance.objectNode(),
                        update().setPhase("Failed").setPromoted("False").setMessage("no").build(),
                        1,
                        NOW);
        // When
        var tried = ofClaimed(failed, update().setDryRun(true).build(), 2, NOW);
        // Then
        assertThat(tried.path("conditions")).isEqualTo(failed.path("conditions"));
        assertThat(condition(tried, "Stalled")).isEqualTo("True Failed no");
    }

    @Test
    void whatIsOnlyTriedBesideAnotherControllerIsNoReadiness() {
        var flaggers = JsonNodeFactory.instance.objectNode().put("phase", "Progressing");

        var tried = StatusPatch.of(flaggers, false, update().setDryRun(true).build(), 2, NOW);

        assertThat(tried.path("conditions")).isEmpty();
    }

    /** It may begin another release at any time, of which nobody would tell these conditions. */
    @Test
    void ofARestOfAnotherControllerADryRunSaysNothingEither() {
        // Given: as an earlier release wrote it
        var flaggers = JsonNodeFactory.instance.objectNode().put("phase", "Succeeded");
        flaggers.put("observedGeneration", 3).putObject("serinus").put("step", 0);
        flaggers.putArray("conditions")
                .add(written("Promoted"))
                .add(written("Ready"))
                .add(written("Stalled"))
                .add(written("Others"));
        // When
        var tried = StatusPatch.of(flaggers, false, update().setDryRun(true).build(), 2, NOW);
        // Then
        assertThat(tried.path("conditions").valueStream().map(it -> it.path("type").asText()))
                .containsExactly("Promoted", "Others");
        assertThat(tried.path("observedGeneration").isNull()).isTrue();
    }

    /** The numbers of runs and steps stay when a Canary is handed back; the claim does not. */
    @Test
    void ofWhatWasHandedBackASecondDryRunSaysNothing() {
        // Given
        var handedBack = JsonNodeFactory.instance.objectNode().put("phase", "Progressing");
        handedBack.putObject("serinus").put("run", 3).put("step", 12).put("sequence", 40);
        // When
        var tried = StatusPatch.of(handedBack, false, update().setDryRun(true).build(), 41, NOW);
        // Then
        assertThat(tried.path("conditions")).isEmpty();
        assertThat(tried.has("observedGeneration")).isFalse();
        assertThat(tried.at("/serinus/step").longValue()).isEqualTo(12);
    }

    private static ObjectNode written(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("status", "True");
    }

    @Test
    void whatKeepsATriedRunFromGoingOnKeepsNothingThatServes() {
        // Given
        var served =
                ofClaimed(
                        JsonNodeFactory.instance.objectNode(),
                        update().setPhase("Succeeded")
                                .setPromoted("True")
                                .setMessage("yes")
                                .build(),
                        1,
                        NOW);
        // When
        var tried =
                ofClaimed(
                        served,
                        update().setDryRun(true).setStalled("a metric has no verdict").build(),
                        2,
                        NOW);
        // Then
        assertThat(tried.path("conditions")).isEqualTo(served.path("conditions"));
    }

    @Test
    void theGenerationThatWasLookedAtIsToldWhetherItIsInForceOrNot() {
        var canary = JsonNodeFactory.instance.objectNode();

        var refused = ofClaimed(canary, update().setSeenGeneration(3).build(), 1, NOW);
        var older = ofClaimed(canary, update().build(), 1, NOW);

        assertThat(refused.path("observedGeneration").asInt()).isEqualTo(3);
        assertThat(refused.at("/serinus/observedGeneration").asInt()).isEqualTo(1);
        assertThat(older.path("observedGeneration").asInt())
                .as("of an analysis that knows one generation only")
                .isEqualTo(1);
    }

    @Test
    void whoHoldsItIsWrittenAndTakenAway() {
        // Given
        var held =
                update().setHeld(
                                HeldFailure.newBuilder()
                                        .setBecause("board said no")
                                        .setGate("PROMOTE")
                                        .setWebhook("board")
                                        .build())
                        .setPaused(new PausedBy("ada", "lunch"))
                        .build();
        // When
        var patch = ofClaimed(JsonNodeFactory.instance.objectNode(), held, 1, NOW);
        var next = ofClaimed(patch, update().build(), 2, NOW);
        // Then
        assertThat(patch.at("/serinus/held"))
                .hasToString(
                        "{\"because\":\"board said"
                                + " no\",\"gate\":\"PROMOTE\",\"webhook\":\"board\"}");
        assertThat(patch.at("/serinus/paused"))
                .hasToString("{\"by\":\"ada\",\"reason\":\"lunch\"}");
        assertThat(next.at("/serinus/held").isNull()).isTrue();
        assertThat(next.at("/serinus/paused").isNull()).isTrue();
    }

    @Test
    void aRefusedSpecWithoutAPhaseSaysWhatItWaitsFor() {
        var update =
                update().setPhase("")
                        .setPromoted("")
                        .setMessage("")
                        .setProblems(List.of(new Problem("spec.analysis.mirror", "not a list")))
                        .setWaitingFor("a spec that obeys the rules")
                        .build();

        var patch = ofClaimed(JsonNodeFactory.instance.objectNode(), update, 1, NOW);

        assertThat(patch.has("phase")).isFalse();
        assertThat(condition(patch, "Accepted"))
                .isEqualTo("False InvalidSpec spec.analysis.mirror: not a list");
        assertThat(patch.path("serinus").path("waitingFor").asText())
                .isEqualTo("a spec that obeys the rules");
    }

    private static String condition(JsonNode status, String type) {
        for (var each : status.path("conditions")) {
            if (each.path("type").asText().equals(type)) {
                return "%s %s %s"
                        .formatted(
                                each.path("status").asText(),
                                each.path("reason").asText(),
                                each.path("message").asText());
            }
        }
        return "absent";
    }

    @Test
    void hintsAreAConditionUntilTheManifestIsMended() {
        // Given
        var canary = JsonNodeFactory.instance.objectNode();
        var mended = update().setHints(List.of()).build();
        var hinted =
                update().setHints(List.of("spec.service.hosts[0]: no Service", "spec.x: nothing"))
                        .build();
        // When, Then
        assertThat(condition(ofClaimed(canary, mended, 1, NOW), "Hints")).isEqualTo("absent");
        canary.set("conditions", ofClaimed(canary, hinted, 2, NOW).path("conditions"));
        assertThat(condition(canary, "Hints"))
                .isEqualTo("True Manifest spec.service.hosts[0]: no Service; spec.x: nothing");
        assertThat(condition(canary, "Ready")).as("it goes on all the same").startsWith("Unknown");
        assertThat(condition(canary, "Stalled")).isEqualTo("absent");
        // When, Then: by a release that knows of none
        var silent = ofClaimed(canary, update().build(), 3, NOW.plusSeconds(60));
        assertThat(silent.path("conditions").findValues("type"))
                .containsOnlyOnceElementsOf(canary.path("conditions").findValues("type"));
        assertThat(condition(silent, "Hints")).isEqualTo(condition(canary, "Hints"));
        // When, Then
        canary.set("conditions", ofClaimed(canary, mended, 4, NOW).path("conditions"));
        assertThat(condition(canary, "Hints"))
                .isEqualTo("False NoHints The manifest works as it says.");
    }

    @Test
    void aCookieIsWrittenTakenAwayOrLeftAsItIs() {
        // Given
        var before = JsonNodeFactory.instance.objectNode();
        before.put("sessionAffinityCookie", "stick=a")
                .put("primarySessionAffinityCookie", "stay=b");
        var update =
                update().setSessionAffinityCookie("")
                        .setPreviousSessionAffinityCookie("stick=a")
                        .build();
        // When
        var patch = ofClaimed(before, update, 1, NOW);
        // Then
        assertThat(patch.path("sessionAffinityCookie").isNull()).isTrue();
        assertThat(patch.path("previousSessionAffinityCookie").asText()).isEqualTo("stick=a");
        assertThat(patch.has("primarySessionAffinityCookie")).isFalse();
    }
}
