package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.AlertSituation;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/** Who has the traffic, in words: what was not read back is not said to be so. */
class SituationTextTest {

    private static final Instant AT = Instant.parse("2026-11-30T04:05:06Z");

    @Test
    void whatIsOverSaysSo() {
        assertThat(now("failed", of("primary", 0)))
                .isEqualTo("All traffic is at the primary (a). Nothing to do for the traffic.");
        assertThat(now("failed", of("divided", 3_050).setGoesTo("primary")))
                .isEqualTo(
                        "All traffic goes back to the primary (a) now: the canary has 30.5 % of the"
                                + " traffic. Nothing to do, unless another message says that it"
                                + " cannot be done.");
        assertThat(now("succeeded", of("primary", 0)))
                .isEqualTo("All traffic is at the primary (a).");
    }

    @Test
    void whatWasOnlyAskedForIsNotSaidToBeSo() {
        assertThat(now("failed", of("primary", 0).setConfirmed(false).setGoesTo("primary")))
                .startsWith(
                        "All traffic goes back to the primary (a) now: the canary had no traffic"
                                + " when it was last read back.");
        assertThat(
                        now(
                                "progressing",
                                of("divided", 2_000).setConfirmed(false).setGoesTo("divided")))
                .isEqualTo(
                        "Another share was asked for, and is not read back yet: the canary had 20 %"
                                + " of the traffic when it was last read back.");
        assertThat(now("progressing", of("unknown", 0).setGoesTo("primary")))
                .isEqualTo("All traffic goes to the primary now; where it is was not read back.");
        assertThat(now("failed", of("later", 0)))
                .isEqualTo("Where the traffic is was not read back.");
    }

    @Test
    void aPrimaryThatNeedsPeopleIsNamed() {
        assertThat(
                        now(
                                "progressing",
                                of("divided", 3_000)
                                        .setGoesTo("primary")
                                        .setPrimaryServes(false)
                                        .setPrimaryReady(false)))
                .isEqualTo(
                        "All traffic goes back to the primary (a) as soon as that serves: the"
                            + " canary has 30 % of the traffic. The primary does not serve: look at"
                            + " its pods.");
        assertThat(now("failed", of("primary", 0).setPrimaryReady(false)))
                .isEqualTo(
                        "All traffic is at the primary (a). The primary serves, but not with all of"
                                + " its pods: look at them.");
        assertThat(
                        now(
                                "progressing",
                                of("canary", 10_000)
                                        .setPrimaryServes(false)
                                        .setPrimaryReady(false)))
                .isEqualTo(
                        "The canary has all traffic. The primary does not serve: look at its"
                                + " pods.");
        assertThat(now("failed", of("target", 0).setPrimaryServes(false).setPrimaryReady(false)))
                .isEqualTo(
                        "The target goes on serving as before: no traffic was moved, and nothing is"
                                + " released.");
    }

    @Test
    void whatIsHeldSaysHowLongAndWhatPeopleCan() {
        assertThat(
                        now(
                                "held",
                                of("divided", 3_000)
                                        .setHeldUntil(AT.plusSeconds(3_600))
                                        .setPossible(List.of("pause", "resume", "abort"))))
                .isEqualTo(
                        "The canary has 30 % of the traffic, and the primary (a) the rest. It stays"
                                + " so until somebody decides, or is taken back after 1h0m0s."
                                + " People can resume or abort.");
    }

    @Test
    void aClosedGateIsNamedWithHowItOpensAndWhatHappensOtherwise() {
        var possible = List.of("pause", "approve");
        assertThat(
                        gate(
                                of("divided", 3_000)
                                        .setClosedGate("load-test")
                                        .setClosedUntil(AT.plusSeconds(1_800))
                                        .setClosedThen("fail")
                                        .setPossible(possible)))
                .isEqualTo(
                        "load-test is closed. It opens when its webhook says yes, by deploy/serinus"
                            + " approve prod/shop/podinfo --gate load-test, or in the dashboard:"
                            + " https://serinus.example/#/rollouts/prod/shop/podinfo. When it is"
                            + " still closed after 30m0s, the release is taken back.");
        assertThat(gate(of("divided", 3_000).setClosedGate("load-test")))
                .isEqualTo(
                        "load-test is closed. It opens when its webhook says yes. Until then the"
                                + " release waits, however long.");
    }

    @Test
    void aDigestNamesTheGateThatIsClosed() {
        String said = "Canary is waiting for approval.";
        var facts = facts("waiting", of("divided", 3_000).setClosedGate("load-test").build());

        assertThat(Digest.line(new ChatAlert(Severity.WARN, said, List.of(), facts)))
                .isEqualTo(said + " (gate load-test)");
        assertThat(Digest.line(new ChatAlert(Severity.WARN, said, List.of(), null)))
                .isEqualTo(said);
    }

    /** Whoever writes a manifest writes no command for others. */
    @Test
    void aNameThatAShellReadsIsInNoCommand() {
        assertThat(
                        gate(
                                of("divided", 3_000)
                                        .setClosedGate("a; rm -r .")
                                        .setPossible(List.of("approve"))))
                .startsWith("a; rm -r . is closed. It opens when its webhook says yes, or in the")
                .doesNotContain("--gate");
    }

    @Test
    void copiesAndMatchingRequestsAreNoShare() {
        assertThat(now("waiting", of("divided", 0).setMirrored(true)))
                .isEqualTo("The canary has copies of requests, and the primary (a) answers.");
        assertThat(now("waiting", of("divided", 1_000).setBaselineBasisPoints(1_000)))
                .isEqualTo(
                        "The canary has 10 % of the traffic, the baseline 10 %, and the primary (a)"
                                + " the rest.");
        assertThat(now("waiting", of("divided", 10_000).setMatched(true)))
                .isEqualTo("The canary has the requests that match, and the primary (a) the rest.");
    }

    @Test
    void aReleaseBeforeThatDidNotSayHasNoFields() {
        assertThat(fields("failed", null)).isEmpty();
    }

    private static AlertSituation.Builder of(String traffic, int canary) {
        return AlertSituation.newBuilder()
                .setTraffic(traffic)
                .setCanaryBasisPoints(canary)
                .setPrimaryServes(true)
                .setPrimaryReady(true)
                .setPrimaryRevision("a");
    }

    private static String now(String status, AlertSituation.Builder situation) {
        return field("Now", status, situation);
    }

    private static String gate(AlertSituation.Builder situation) {
        return field("Gate", "waiting", situation);
    }

    private static String field(String name, String status, AlertSituation.Builder situation) {
        return fields(status, situation.build()).stream()
                .filter(field -> field.getName().equals(name))
                .map(AlertField::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static AlertFacts facts(String status, @Nullable AlertSituation situation) {
        return AlertFacts.newBuilder()
                .setStatus(status)
                .setRun(7)
                .setPhase("Progressing")
                .setRevision("b")
                .setCanaryBasisPoints(3_000)
                .setFailedChecks(5)
                .setIteration(0)
                .setAt(AT)
                .setSituation(situation)
                .build();
    }

    private static List<AlertField> fields(String status, @Nullable AlertSituation situation) {
        return Subject.of(
                        new CanaryKey("prod", "shop", "podinfo"),
                        facts(status, situation),
                        Subject.Release.UNKNOWN,
                        "https://serinus.example")
                .standing();
    }
}
