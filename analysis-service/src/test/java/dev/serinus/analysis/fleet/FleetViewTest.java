package dev.serinus.analysis.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.ComparisonEvidence;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.MetricSample;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.Verdict;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

class FleetViewTest {

    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void samplesAreKeptOfTheLatestComparisonAndDigestsOfAll() {
        var view = new FleetView(10);
        view.event(CART, event(1, compared()));
        view.event(CART, event(2, compared()));
        view.event(CART, event(3, null));

        var history = view.history(CART);

        assertThat(history).extracting(RolloutEvent::getSequence).containsExactly(1L, 2L, 3L);
        assertThat(found(history.get(0)).getCanarySamples()).isEmpty();
        assertThat(found(history.get(0)).getOtherSamples()).isEmpty();
        assertThat(found(history.get(0)).getDigest()).isEqualTo("ab12");
        assertThat(found(history.get(1)).getCanarySamples()).hasSize(1);
        assertThat(history.get(2).getEvidence().getFirst().getComparison()).isNull();
    }

    @Test
    void samplesOfASilentSideAreNotKeptForEachEventEither() {
        var view = new FleetView(10);
        var silent =
                ComparisonEvidence.newBuilder(compared())
                        .setCanarySamples(List.of())
                        .setCanaryRequests(List.of(new MetricSample(AT, 9.0)))
                        .build();
        view.event(CART, event(1, silent));
        view.event(CART, event(2, silent));

        var before = found(view.history(CART).getFirst());

        assertThat(before.getOtherSamples()).isEmpty();
        assertThat(before.getCanaryRequests()).isEmpty();
        assertThat(found(view.history(CART).getLast()).getCanaryRequests()).hasSize(1);
    }

    private static ComparisonEvidence found(RolloutEvent event) {
        return Objects.requireNonNull(event.getEvidence().getFirst().getComparison());
    }

    private static ComparisonEvidence compared() {
        return ComparisonEvidence.newBuilder()
                .setWith("primary")
                .setJudge("ratio")
                .setClassification("PASS")
                .setFrom(AT)
                .setTo(AT)
                .setCanarySize(1)
                .setOtherSize(1)
                .setBecause("alike")
                .setDigest("ab12")
                .setCanarySamples(List.of(new MetricSample(AT, 1.0)))
                .setOtherSamples(List.of(new MetricSample(AT, 1.0)))
                .setCanaryRequests(List.of())
                .setOtherRequests(List.of())
                .build();
    }

    private static RolloutEvent event(long sequence, @Nullable ComparisonEvidence compared) {
        return RolloutEvent.newBuilder()
                .setCanary(CART.toString())
                .setUid("uid")
                .setRun(1)
                .setSequence(sequence)
                .setType("StepPassed")
                .setPhase("Progressing")
                .setRevision("b")
                .setStep(sequence)
                .setCanaryWeight(20)
                .setFailedChecks(0)
                .setMessage("The analysis passed.")
                .setEvidence(
                        List.of(
                                Evidence.newBuilder()
                                        .setCheck("latency")
                                        .setVerdict(Verdict.PASS)
                                        .setComparison(compared)
                                        .build()))
                .setAt(AT)
                .build();
    }
}
