package dev.serinus.analysis.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.serinus.analysis.AvroSamples;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.RolloutEvent;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.CanaryGone;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.CanaryRejected;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.HeldFailure;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.PriorStatus;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.events.TimerFired;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.hook.Point;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

class InputsTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    /** Fields that stay behind, each for a reason; every other one must reach the machine. */
    private static final Set<String> LEFT_BEHIND =
            Set.of(
                    // The record key says it already, and the reader checks that they agree.
                    "*.canary",
                    // Times of producers are evidence: the stamp is the time of a decision.
                    "Change.observedAt",
                    "MetricResult.answeredAt",
                    // How a metric is asked, and what an autoscaler is, is for those who act.
                    "Change.body.spec.autoscalerKind",
                    "Change.body.spec.metrics[].query",
                    "Change.body.spec.metrics[].template",
                    "Change.body.spec.metrics[].templateNamespace",
                    // Which generation was used, and how it went, is for people who look it up.
                    "Change.body.generation of CanaryGone",
                    "WebhookResult.generation",
                    "WebhookResult.status",
                    "WebhookResult.tookMillis",
                    "RouterResult.generation",
                    "RouterResult.action",
                    "RouterResult.writes",
                    // Of a RETRY only: shown by a test of its own.
                    "RouterResult.unseen",
                    // Whole percents, where the same is there in hundredths.
                    "Change.body.prior.canaryWeight",
                    "Change.body.spec.maxWeight",
                    "Change.body.spec.maxWeightWritten",
                    "Change.body.spec.stepWeight",
                    "Change.body.spec.stepWeights",
                    "Change.body.spec.stepWeights[]",
                    "Change.body.spec.stepWeightPromotion",
                    "RouterResult.canaryWeight",
                    // Where the checks beside weights are there, this is 0.
                    "Change.body.spec.iterations",
                    // A word that Flagger does not know is no phase: shown by a test of its own.
                    "Change.body.prior.phase",
                    // Nor is one that is not known a gate: shown by a test of its own.
                    "Change.body.prior.held.gate",
                    "Change.body.prior.held.webhook");

    static Stream<SpecificRecord> inputs() {
        return Stream.of(
                change(CanaryObserved.class),
                change(CanaryRejected.class),
                change(CanaryGone.class),
                change(WorkloadObserved.class),
                new AvroSamples().of(MetricResult.class),
                new AvroSamples().of(WebhookResult.class),
                new AvroSamples().of(RouterResult.class),
                new AvroSamples().of(Action.class),
                new AvroSamples().of(TimerFired.class));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void everyFieldReachesTheMachineButThoseLeftBehindForAReason(SpecificRecord input) {
        RolloutEvent event = Inputs.event(input, AT);

        AvroSamples.variants(input)
                .forEach(
                        (path, variant) ->
                                assertThat(Inputs.event(variant, AT).equals(event))
                                        .as("%s%s is left behind", name(input), path)
                                        .isEqualTo(isLeftBehind(input, path)));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void theTimeOfAnEventIsItsStamp(SpecificRecord input) {
        assertThat(Inputs.event(input, AT).at()).isEqualTo(AT);
    }

    @Test
    void whenToAskAgainIsTold() {
        var retry = RouterResult.newBuilder(new AvroSamples().of(RouterResult.class));

        assertThat(Inputs.event(retry.setRetryAfterMillis(30_000L).build(), AT))
                .extracting("pause")
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(Inputs.event(retry.setRetryAfterMillis(null).build(), AT))
                .extracting("pause")
                .isNull();
    }

    @Test
    void aClusterThatCouldNotBeAskedIsNoDifficultyOfIts() {
        var retry =
                RouterResult.newBuilder(new AvroSamples().of(RouterResult.class))
                        .setOutcome(RouterOutcome.RETRY);

        assertThat(Inputs.event(retry.setUnseen(true).build(), AT))
                .extracting("outcome")
                .isEqualTo(RolloutEvent.Outcome.UNSEEN);
        assertThat(Inputs.event(retry.setUnseen(false).build(), AT))
                .extracting("outcome")
                .isEqualTo(RolloutEvent.Outcome.RETRY);
    }

    @Test
    void wholePercentsCountWhereTheRecordKnowsNoFinerOnes() {
        var result =
                RouterResult.newBuilder(new AvroSamples().of(RouterResult.class))
                        .setCanaryWeight(20)
                        .setCanaryBasisPoints(null)
                        .build();
        var sample = new AvroSamples().of(CanaryObserved.class);
        var seen =
                CanaryObserved.newBuilder(sample)
                        .setSpec(
                                RolloutSpec.newBuilder(sample.getSpec())
                                        .setFineWeights(null)
                                        .setStepWeights(List.of(5, 30))
                                        .build())
                        .build();

        assertThat(((RolloutEvent.RouterAnswered) Inputs.event(result, AT)).read())
                .extracting(RolloutEvent.Read::canaryWeight)
                .isEqualTo(Weight.percent(20));
        assertThat(
                        ((RolloutEvent.CanarySeen) Inputs.event(change(seen), AT))
                                .spec()
                                .strategy()
                                .stepWeights())
                .containsExactly(Weight.percent(5), Weight.percent(30));
    }

    @Test
    void targetAndPrimaryAreToldApart() {
        WorkloadObserved primary =
                WorkloadObserved.newBuilder(new AvroSamples().of(WorkloadObserved.class))
                        .setRole(Role.PRIMARY)
                        .build();

        assertThat(Inputs.event(change(primary), AT)).isInstanceOf(RolloutEvent.PrimarySeen.class);
    }

    @ParameterizedTest
    @MethodSource("phases")
    void phasesAreReadByFlaggersWords(Phase phase) {
        CanaryObserved seen = new AvroSamples().of(CanaryObserved.class);
        SpecificRecord prior = seen.getPrior();
        prior.put(prior.getSchema().getField("phase").pos(), phase.text());

        var event = (RolloutEvent.CanarySeen) Inputs.event(change(seen), AT);

        assertThat(event.prior()).isNotNull();
        assertThat(event.prior().phase()).isEqualTo(phase);
    }

    @Test
    void whatIsNoInputIsRefused() {
        assertThatThrownBy(() -> Inputs.event(new AvroSamples().of(StepId.class), AT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("StepId");
    }

    @Test
    void theGateThatStayedClosedIsKnownByItsName() {
        for (Point point : Point.values()) {
            assertThat(held(point.name()))
                    .isEqualTo(new RolloutEvent.Held("no", new WaitingGate(point, "board")));
        }
        assertThat(held("ANOTHER"))
                .as("what is held is held, whatever it is")
                .isEqualTo(new RolloutEvent.Held("no", null));
    }

    private static RolloutEvent.@Nullable Held held(String gate) {
        var sample = new AvroSamples().of(CanaryObserved.class);
        var prior =
                PriorStatus.newBuilder(requireNonNull(sample.getPrior()))
                        .setHeld(
                                HeldFailure.newBuilder()
                                        .setBecause("no")
                                        .setGate(gate)
                                        .setWebhook("board")
                                        .build())
                        .build();
        var seen = CanaryObserved.newBuilder(sample).setPrior(prior).build();
        var event = (RolloutEvent.CanarySeen) Inputs.event(change(seen), AT);
        return requireNonNull(event.prior()).held();
    }

    static Stream<Phase> phases() {
        return Stream.of(Phase.values());
    }

    private static Change change(Class<? extends SpecificRecord> body) {
        return change(new AvroSamples().of(body));
    }

    private static Change change(SpecificRecord body) {
        return Change.newBuilder(new AvroSamples().of(Change.class)).setBody(body).build();
    }

    private static String name(SpecificRecord input) {
        return input.getSchema().getName();
    }

    private static boolean isLeftBehind(SpecificRecord input, String path) {
        boolean gone =
                input instanceof Change change
                        && change.getBody() instanceof CanaryGone
                        && path.equals(".body.generation");
        return gone || LEFT_BEHIND.contains("*" + path) || LEFT_BEHIND.contains(name(input) + path);
    }
}
