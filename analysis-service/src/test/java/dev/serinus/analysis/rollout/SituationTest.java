package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.records.Outputs;
import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.gate.GateLimit.OnTimeout;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertEvidence;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertSituation;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What alerts say of who has the traffic, and what is known of it then. */
class SituationTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void whatIsTakenBackSaysWhatTheCanaryHadAndThatItGoesToAPrimaryThatServes() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.metrics = (_, revision) -> revision.equals("b") ? 0.0 : 100.0;
        cluster.image("b");
        cluster.run(LONG);

        var told = last(cluster);

        assertThat(told.getStatus()).isEqualTo("failed");
        assertThat(told.getCanaryBasisPoints()).isEqualTo(2_000);
        assertThat(words(told)).isEqualTo("divided 2000 -> primary");
        assertThat(situation(told).getPrimaryRevision()).isEqualTo("a");
        assertThat(situation(told).getPrimaryReady()).isTrue();
        assertThat(situation(told).getStartedAt()).isBefore(told.getAt());
        assertThat(told.getEvidence()).extracting(AlertEvidence::getUnit).containsOnly("%");
    }

    @Test
    void aPrimaryThatDoesNotServeIsWaitedForWithTrafficWhereItIs() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));
        cluster.refusal = RolloutEvent.Outcome.RETRY; // so that nothing is rescued
        cluster.primaryServes(false);
        cluster.ask(Action.ABORT);
        cluster.run(Duration.ofSeconds(1));

        assertThat(situation(last(cluster)).getPrimaryServes()).isFalse();
        assertThat(last(cluster).getSituation().getTraffic()).isNotEqualTo("primary");
    }

    @Test
    void whatIsHeldSaysUntilWhenAndWhatPeopleCan() {
        var cluster = SimulatedCluster.initialized(Specs.holding(Specs.linear(), LONG));
        cluster.metrics = (_, revision) -> revision.equals("b") ? 0.0 : 100.0;
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));

        var told = last(cluster);

        assertThat(told.getStatus()).isEqualTo("held");
        assertThat(words(told)).isEqualTo("divided 2000 -> ");
        assertThat(situation(told).getHeldUntil()).isEqualTo(told.getAt().plus(LONG));
        assertThat(situation(told).getPossible()).contains("promote", "abort");
    }

    @Test
    void aRunThatNeverBeganHasLeftAllTrafficAtThePrimary() {
        var gate =
                Specs.hook("ask", HookType.CONFIRM_ROLLOUT, Duration.ofMinutes(3), OnTimeout.FAIL);
        var cluster = SimulatedCluster.initialized(Specs.linear(gate));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(LONG);

        assertThat(told(cluster))
                .filteredOn(facts -> facts.getSituation() != null)
                .extracting(facts -> facts.getStatus() + " " + words(facts))
                .containsExactly("waiting primary 0 -> ", "failed primary 0 -> ");
    }

    @Test
    void aClosedGateIsNamedWithItsEnd() {
        var gate =
                Specs.hook("ask", HookType.CONFIRM_ROLLOUT, Duration.ofMinutes(3), OnTimeout.FAIL);
        for (var spec : List.of(Specs.linear(gate), Specs.holding(Specs.linear(gate), LONG))) {
            var cluster = SimulatedCluster.initialized(spec);
            cluster.hooks = (_, _) -> false;
            cluster.image("b");
            cluster.run(Duration.ofMinutes(1));

            var told = last(cluster);

            assertThat(told.getStatus()).isEqualTo("waiting");
            assertThat(situation(told).getClosedGate()).isEqualTo("ask");
            assertThat(situation(told).getClosedUntil())
                    .isBetween(told.getAt(), told.getAt().plus(Duration.ofMinutes(3)));
            assertThat(situation(told).getClosedThen())
                    .isEqualTo(spec.ruled().holdsFailed() ? "hold" : "fail");
            assertThat(situation(told).getPossible()).contains("approve");
        }
    }

    @Test
    void aFirstPrimaryThatIsNotReadyLeavesTheTargetServing() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.neverReady.add("primary-a");
        cluster.create();
        cluster.run(Duration.ofHours(3));

        assertThat(words(last(cluster))).isEqualTo("target 0 -> ");
    }

    @Test
    void aPromotionWhosePrimaryIsNotReadyLeavesTrafficWhereItIs() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("primary-b");
        cluster.image("b");
        cluster.run(Duration.ofHours(1));

        var told = last(cluster);

        assertThat(told.getStatus()).isEqualTo("failed");
        assertThat(situation(told).getTraffic()).isNotEqualTo("primary");
        assertThat(situation(told).getPrimaryRevision()).isEqualTo("b");
        assertThat(situation(told).getPrimaryReady()).isFalse();
    }

    /** Its answer is out: the canary may have more than was read back. */
    @Test
    void whileTheRouterIsSilentNothingIsSaidToBeReadBack() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(4));
        cluster.refusal = RolloutEvent.Outcome.RETRY;
        cluster.run(Duration.ofSeconds(30));
        var asked = cluster.rollout.stage().question();
        cluster.ask(Action.ABORT);
        cluster.run(Duration.ofSeconds(1));

        assertThat(asked).isInstanceOf(Question.Shift.class);
        assertThat(situation(last(cluster)).getConfirmed()).isFalse();
        assertThat(situation(last(cluster)).getGoesTo()).isEqualTo("primary");
    }

    @Test
    void theEndOfAPromotionHasAllTrafficAtThePrimaryAndWhatBeginsHasNoSituation() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(LONG);

        assertThat(told(cluster))
                .extracting(facts -> facts.getStatus() + " " + words(facts))
                .containsExactly("started none", "succeeded primary 0 -> ");
        assertThat(situation(last(cluster)).getPrimaryRevision()).isEqualTo("b");
    }

    @Test
    void whatIsOnlyTriedHasNoSituation() {
        var cluster = SimulatedCluster.initialized(Specs.tried(Specs.linear(), true));
        cluster.metrics = (_, revision) -> revision.equals("b") ? 0.0 : 100.0;
        cluster.image("b");
        cluster.run(LONG);

        assertThat(told(cluster)).isNotEmpty().allMatch(facts -> facts.getSituation() == null);
    }

    private static String words(AlertFacts facts) {
        var it = facts.getSituation();
        return it == null
                ? "none"
                : it.getTraffic() + " " + it.getCanaryBasisPoints() + " -> " + it.getGoesTo();
    }

    private static AlertSituation situation(AlertFacts facts) {
        return Objects.requireNonNull(facts.getSituation(), "it has one");
    }

    private static AlertFacts last(SimulatedCluster cluster) {
        return told(cluster).getLast();
    }

    /** Facts of the alerts since the Canary was initialised, or all without that. */
    private static List<AlertFacts> told(SimulatedCluster cluster) {
        List<AlertFacts> told = new ArrayList<>();
        Rollout before = Rollout.of(SimulatedCluster.CANARY);
        for (int i = 0; i < cluster.journal.size(); i++) {
            var at = cluster.journal.get(i).at();
            var decision = cluster.decisions.get(i);
            Rollout after = decision.state();
            Outputs.records(after.uid(), before, after, at, decision.effects()).stream()
                    .filter(Alert.class::isInstance)
                    .map(record -> ((Alert) record).getBody())
                    .filter(ChatAlert.class::isInstance)
                    .map(chat -> ((ChatAlert) chat).getFacts())
                    .filter(facts -> facts != null && !facts.getStatus().equals("initialized"))
                    .forEach(told::add);
            before = after;
        }
        return told;
    }
}
