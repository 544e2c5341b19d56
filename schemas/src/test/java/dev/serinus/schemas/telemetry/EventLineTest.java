package dev.serinus.schemas.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.Verdict;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;

class EventLineTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RollingBack | 5 | Halt checkout.shop advancement success rate 87.20% < 99%"
                        + " | shop/checkout run 3: rolling back to the primary: success rate 87.20%"
                        + " < 99% (5 failed checks)",
                "CheckFailed | 1 | Halt checkout.shop advancement success rate 87.20% < 99%"
                        + " | shop/checkout run 3: check failed (1 so far): success rate 87.20% <"
                        + " 99%",
                "WeightShifted | 0 | The canary has 20 % of the traffic."
                        + " | shop/checkout run 3: The canary has 20 % of the traffic.",
                "Promoted | 0 | The primary runs revision b."
                        + " | shop/checkout run 3: promoted: The primary runs revision b.",
                "GateReopened | 0 | Somebody came. | shop/checkout run 3: gate reopened: Somebody"
                        + " came."
            })
    void sayWhichCanaryWhatAndWhy(String type, int failed, String message, String line) {
        assertThat(EventLine.of(event(type, failed, message).build())).isEqualTo(line);
    }

    @Test
    void whatPassedIsShownWithItsBounds() {
        var passed =
                event("StepPassed", 0, "The analysis passed.")
                        .setEvidence(
                                List.of(
                                        evidence("request-success-rate", 99.5, 99.0, null),
                                        evidence("request-duration", 120.0, null, 500.0)))
                        .build();

        assertThat(EventLine.of(passed))
                .isEqualTo(
                        "shop/checkout run 3: checks passed: request-success-rate 99.50, at least"
                                + " 99, request-duration 120, at most 500");
    }

    @Test
    void whatWouldHaveHappenedSaysSoInFront() {
        var tried = event("Promoted", 0, "Dry run: The primary runs revision b.");

        assertThat(EventLine.of(tried.setDryRun(true).build()))
                .isEqualTo("shop/checkout run 3: dry run: promoted: The primary runs revision b.");
    }

    @Test
    void whoeverActedIsNamedAndSerinusIsNot() {
        var event = event("Paused", 0, "Friday.");

        assertThat(EventLine.of(event.setActor("ada").build()))
                .endsWith("paused: Friday. (by ada)");
        assertThat(EventLine.of(event.setActor("serinus").build())).endsWith("paused: Friday.");
    }

    private static Evidence evidence(
            String check, double value, @Nullable Double min, @Nullable Double max) {
        return Evidence.newBuilder()
                .setCheck(check)
                .setValue(value)
                .setMin(min)
                .setMax(max)
                .setVerdict(Verdict.PASS)
                .setBecause("")
                .build();
    }

    private static RolloutEvent.Builder event(String type, int failed, String message) {
        return RolloutEvent.newBuilder()
                .setCanary("production/shop/checkout")
                .setUid("uid")
                .setRun(3)
                .setSequence(4)
                .setType(type)
                .setPhase("Progressing")
                .setRevision("b")
                .setStep(4)
                .setCanaryWeight(20)
                .setFailedChecks(failed)
                .setMessage(message)
                .setEvidence(List.of())
                .setAt(Instant.parse("2026-11-22T10:00:00Z"));
    }
}
