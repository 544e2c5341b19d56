package dev.serinus.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.forecast.Course;
import dev.serinus.analysis.forecast.Forecast;
import dev.serinus.analysis.forecast.ForecastStep;
import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.admission.Admissions;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/** What analysis forecasts of manifests, which it cannot read itself. */
class ForecastTest {

    private static final CanaryKey CANARY = new CanaryKey("plan", "test", "podinfo");
    private static final String METRIC =
            "\"metrics\": [{\"name\": \"request-success-rate\", \"thresholdRange\": {\"min\":"
                    + " 99}}]";

    @Test
    void weightsRiseByOneIntervalEachAndTheLastIsDrained() {
        var forecast = of(analysis("\"stepWeight\": 20, \"maxWeight\": 60"), Course.SOONEST);

        assertThat(weights(forecast)).containsExactly("0s 20", "60s 40", "120s 60", "180s 0");
        assertThat(forecast.end()).isEqualTo("Succeeded");
        assertThat(forecast.promotes()).isTrue();
        assertThat(forecast.lasts()).isEqualTo(Duration.ofMinutes(4));
        assertThat(forecast.checks()).isEqualTo(3);
        assertThat(forecast.most()).isEqualTo(Weight.percent(60));
    }

    @Test
    void theWorstIsEverythingInTimeButLateAndOneCheckLessThanTooMany() {
        var forecast = of(analysis("\"stepWeight\": 20, \"maxWeight\": 60"), Course.LATEST);

        assertThat(forecast.promotes()).isTrue();
        // Pods twice just before 600 s, four failed checks of 60 s, three steps, and the drain.
        assertThat(forecast.lasts()).isEqualTo(Duration.ofSeconds(2 * 599 + (4 + 3 + 1) * 60));
    }

    @Test
    void aReleaseThatFailsIsTakenBackAfterAsManyChecksAsTheThreshold() {
        var forecast = of(analysis("\"stepWeight\": 20, \"threshold\": 3"), Course.FAILING);

        assertThat(forecast.end()).isEqualTo("Failed");
        assertThat(forecast.promotes()).isFalse();
        assertThat(forecast.checks()).isEqualTo(3);
        assertThat(forecast.lasts()).isEqualTo(Duration.ofMinutes(3));
        assertThat(forecast.most()).isEqualTo(Weight.percent(20));
    }

    @Test
    void whatNobodyChecksIsPromotedHoweverBadItIs() {
        var forecast =
                of("\"analysis\": {\"interval\": \"1m\", \"stepWeight\": 50}", Course.FAILING);

        assertThat(forecast.promotes()).isTrue();
    }

    @Test
    void aRolloutHookAloneIsACheckToo() {
        var forecast =
                of(
                        """
                        "analysis": {"interval": "1m", "stepWeight": 50, "threshold": 2,
                          "webhooks": [{"name": "load", "url": "http://tester/"}]}\
                        """,
                        Course.FAILING);

        assertThat(forecast.end()).isEqualTo("Failed");
        assertThat(forecast.hookCalls()).isEqualTo(2);
    }

    @Test
    void eachHookIsCountedAndThoseThatAreToldOfEventsForEachOfThem() {
        var forecast =
                of(
                        """
                        "analysis": {"interval": "1m", "stepWeight": 50, "threshold": 2,
                          "webhooks": [
                            {"name": "load", "url": "http://tester/"},
                            {"name": "told", "type": "event", "url": "http://tester/"},
                            {"name": "back", "type": "rollback", "url": "http://tester/"},
                            {"name": "smoke", "type": "pre-rollout", "url": "http://tester/"}]}\
                        """,
                        Course.SOONEST);

        int told = forecast.calls().get(1);
        // Before the first weight and at both: it is asked whenever the run could be taken back.
        assertThat(forecast.calls()).containsExactly(2, told, 3, 1);
        assertThat(told).as("each weight, and begin and end").isGreaterThan(4);
        assertThat(forecast.hookCalls()).isEqualTo(6 + told);
    }

    @ParameterizedTest
    @CsvSource({
        "istio, '\"canaryReplicas\": \"proportional\"', 3",
        "kubernetes, '\"replicas\": \"weighted\"', 4",
        "istio, '\"threshold\": 5', 1"
    })
    void atWorstEachStepWaitsForItsPods(String provider, String sized, int waits) {
        var plan =
                """
                "provider": "%s", "analysis": {"interval": "1m", "stepWeights": [10, 30, 50],
                  %s, %s}\
                """
                        .formatted(provider, sized, METRIC);

        var best = of(plan, Course.SOONEST);
        var worst = of(plan, Course.LATEST);

        assertThat(weights(best)).startsWith("0s 10", "60s 30", "120s 50");
        assertThat(worst.promotes()).isTrue();
        // One more for the primary, and four checks that fail.
        assertThat(worst.lasts().minus(best.lasts()))
                .isEqualTo(Duration.ofSeconds((waits + 1) * 599 + 4 * 60));
    }

    @Test
    void whoMeetsTheCanaryIsSaidWhereAShareSaysLittle() {
        var tested =
                of(
                        analysis(
                                "\"iterations\": 2, \"match\": [{\"headers\": {\"x\":"
                                        + " {\"exact\": \"y\"}}}]"),
                        Course.SOONEST);
        var copied = of(analysis("\"iterations\": 2, \"mirror\": true"), Course.SOONEST);
        var beside = of(analysis("\"iterations\": 2"), Course.SOONEST);

        assertThat(shifts(tested))
                .containsExactly(
                        "MATCHED Requests that match meet the canary.",
                        "MATCHED Requests that match meet the canary.");
        assertThat(shifts(copied))
                .containsExactly(
                        "COPIES The canary gets copies of requests, which the primary answers.",
                        "COPIES The canary gets copies of requests, which the primary answers.",
                        "EVERYBODY The canary has 100 % of the traffic.");
        assertThat(shifts(beside))
                .containsExactly(
                        "NOBODY The canary runs beside the primary: no request meets it.",
                        "NOBODY The canary runs beside the primary: no request meets it.",
                        "EVERYBODY The canary has 100 % of the traffic.");
    }

    private static List<String> shifts(Forecast forecast) {
        return forecast.steps().stream()
                .filter(step -> step.type().equals("WeightShifted"))
                .map(step -> step.meets() + " " + step.message())
                .toList();
    }

    @Test
    void hooksTakeAllTheirTimeAtWorst() {
        var hooked =
                """
                "analysis": {"interval": "1m", "stepWeight": 100, "threshold": 1,
                  "webhooks": [{"name": "smoke", "type": "pre-rollout", "url": "http://tester/",
                    "timeout": "30s"}], %s}\
                """
                        .formatted(METRIC);

        var best = of(hooked, Course.SOONEST);
        var worst = of(hooked, Course.LATEST);

        assertThat(worst.promotes()).isTrue();
        assertThat(worst.lasts().minus(best.lasts()))
                .isBetween(Duration.ofSeconds(2 * 599 + 30), Duration.ofSeconds(2 * 599 + 60));
    }

    @Test
    void aBlueGreenReleaseHasNoShareBeforeEverybody() {
        var forecast = of(analysis("\"iterations\": 3"), Course.SOONEST);

        assertThat(forecast.promotes()).isTrue();
        assertThat(forecast.most()).isEqualTo(Weight.NONE);
        assertThat(forecast.checks()).isEqualTo(4);
    }

    @Test
    void whatIsSuspendedOrOnlyTriedIsForecastAsIfItWasNot() {
        var plain = analysis("\"stepWeight\": 50");

        assertThat(of(plain + ", \"suspend\": true, \"dryRun\": true", Course.SOONEST))
                .isEqualTo(of(plain, Course.SOONEST));
    }

    @Test
    void whoWaitsForOthersBeginsOnceTheseWerePromotedAndHaveSoaked() {
        var plain = analysis("\"stepWeight\": 50");
        var wave =
                plain
                        + ", \"after\": [{\"cluster\": \"us\", \"name\": \"api\", \"soak\":"
                        + " \"10m\"}]";

        var forecast = of(wave, Course.SOONEST);

        assertThat(forecast.promotes()).isTrue();
        assertThat(forecast.lasts())
                .isEqualTo(of(plain, Course.SOONEST).lasts().plus(Duration.ofMinutes(10)));
        assertThat(forecast.steps())
                .filteredOn(step -> step.type().equals("WaveWaits"))
                .singleElement()
                .extracting(ForecastStep::message)
                .asString()
                .matches(
                        "It waits for us/.*/api to be promoted with this release, and then 600"
                                + " s\\.");
    }

    @Test
    void comparisonsAndLimitsEndLikeOtherChecks() {
        var compared =
                """
                "analysis": {"interval": "1m", "stepWeight": 50, "threshold": 2, "metrics": [
                  {"name": "request-duration", "compare": {"direction": "increase"}},
                  {"name": "request-success-rate", "thresholdRange": {"min": 99},
                    "consecutiveFailures": 1}]}\
                """;

        assertThat(of(compared, Course.SOONEST).promotes()).isTrue();
        var failing = of(compared, Course.FAILING);
        assertThat(failing.end()).isEqualTo("Failed");
        assertThat(failing.checks()).isEqualTo(1);
    }

    @Test
    void withoutAnalysisItGoesToEverybodyAtOnce() {
        var forecast =
                of(analysis("\"stepWeight\": 50") + ", \"skipAnalysis\": true", Course.SOONEST);

        assertThat(forecast.promotes()).isTrue();
        assertThat(forecast.checks()).isZero();
        assertThat(forecast.most()).isEqualTo(Weight.NONE);
    }

    @ParameterizedTest
    @EnumSource(Course.class)
    void everyCourseEnds(Course course) {
        for (String plan :
                List.of(
                        "\"stepWeight\": 1, \"maxWeight\": 100",
                        "\"stepWeights\": [1, 10, 100], \"stepWeightPromotion\": 20",
                        "\"iterations\": 100",
                        "\"iterations\": 5, \"mirror\": true",
                        "\"iterations\": 5, \"match\": [{\"headers\": {\"x\": {\"exact\":"
                                + " \"y\"}}}]",
                        "\"stepWeight\": 10, \"delay\": \"30s\"")) {
            var forecast = of(analysis(plan), course);

            assertThat(forecast.end())
                    .as(plan)
                    .isEqualTo(course == Course.FAILING ? "Failed" : "Succeeded");
            assertThat(forecast.waitingFor()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"istio", "kubernetes", "linkerd", "nginx", "gatewayapi:v1"})
    void everyMeshHasItsOwnSteps(String provider) {
        var forecast =
                of(
                        analysis("\"iterations\": 2")
                                + ", \"provider\": \"%s\"".formatted(provider)
                                + ", \"ingressRef\": {\"apiVersion\": \"networking.k8s.io/v1\","
                                + " \"kind\": \"Ingress\", \"name\": \"podinfo\"}",
                        Course.SOONEST);

        assertThat(forecast.promotes()).isTrue();
        assertThat(forecast.lasts()).isPositive();
    }

    private static String analysis(String plan) {
        return "\"analysis\": {\"interval\": \"1m\", %s, %s}".formatted(plan, METRIC);
    }

    private static List<String> weights(Forecast forecast) {
        return forecast.steps().stream()
                .filter(step -> step.message().matches("The (canary|primary) has .*"))
                .map(step -> step.after().toSeconds() + "s " + step.canaryWeight())
                .toList();
    }

    private static Forecast of(String fields, Course course) {
        return Forecast.of(CANARY, spec(fields), course);
    }

    private static RolloutSpec spec(String fields) {
        var json =
                """
                {"apiVersion": "flagger.app/v1beta1", "kind": "Canary",
                 "metadata": {"namespace": "test", "name": "podinfo"},
                 "spec": {"targetRef": {"apiVersion": "apps/v1", "kind": "Deployment",
                   "name": "podinfo"}, "service": {"port": 9898,
                   "gatewayRefs": [{"name": "web", "namespace": "test"}]}, %s}}\
                """
                        .formatted(fields);
        try {
            var canary = CanaryReader.read(new ObjectMapper().readTree(json)).resource();
            var admission = Admissions.admit(canary, Installation.named("plan"));
            assertThat(admission).isInstanceOf(Admission.Admitted.class);
            return ((Admission.Admitted) admission).spec();
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(json, wrong);
        }
    }
}
