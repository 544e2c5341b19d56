package dev.serinus.analysis.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.ComparisonEvidence;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.MetricSample;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.Verdict;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

    @Test
    void ofManyChangesOfOneCanaryTheLatestIsTold() throws Exception {
        var view = new FleetView(10);
        view.state(CART, state(1));
        long known = view.number();
        view.state(CART, state(2));
        view.state(CART, state(3));

        var changes = view.changes(known, null, Duration.ZERO);

        assertThat(changes.states()).containsExactly(Map.entry(CART, state(3)));
        assertThat(view.changes(changes.number(), null, Duration.ZERO).isEmpty()).isTrue();
    }

    @Test
    void aCanaryThatIsGoneIsToldOnceAndOneThatCameBackIsThere() throws Exception {
        var view = new FleetView(10);
        view.state(CART, state(1));
        long known = view.number();
        view.state(CART, null);
        var gone = view.changes(known, null, Duration.ZERO);
        view.state(CART, state(2));

        assertThat(gone.gone()).containsExactly(CART);
        assertThat(view.changes(known, null, Duration.ZERO).gone()).isEmpty();
        assertThat(view.changes(known, null, Duration.ZERO).states()).containsKey(CART);
    }

    @Test
    void whoeverKnowsLessThanIsRememberedOfThoseThatAreGoneBeginsAnew() throws Exception {
        var view = new FleetView(10);
        view.state(CART, state(1));
        long known = view.number();
        for (int i = 0; i <= 10_000; i++) {
            var canary = new CanaryKey("west", "shop", "app-" + i);
            view.state(canary, state(1));
            view.state(canary, null);
        }

        assertThat(view.changes(known, null, Duration.ZERO).complete()).isFalse();
        assertThat(view.changes(view.number() + 1, null, Duration.ZERO).complete()).isFalse();
    }

    @Test
    void theEventsOfOneCanaryAreToldFromWhereTheyAreKnown() throws Exception {
        var view = new FleetView(10);
        view.event(CART, event(1, null));
        long known = view.number();
        view.event(CART, event(2, null));

        assertThat(view.changes(known, CART, Duration.ZERO).events())
                .extracting(RolloutEvent::getSequence)
                .containsExactly(2L);
        assertThat(view.changes(known, null, Duration.ZERO).events()).isEmpty();
    }

    @Test
    void eventsSinceATimeAreFoundWhereClocksWentBackToo() {
        var view = new FleetView(4);
        for (long[] each : new long[][] {{1, 0}, {2, 50}, {3, 10}, {4, 60}, {5, 20}}) {
            view.event(CART, at(event(each[0], null), each[1], each[0] == 2 ? "ada" : "serinus"));
        }

        assertThat(sequences(view, 0, false)).containsExactly(5L, 4L, 3L, 2L);
        assertThat(sequences(view, 50, false)).containsExactly(4L, 2L);
        assertThat(sequences(view, 61, false)).isEmpty();
        assertThat(sequences(view, 0, true)).containsExactly(2L);
        view.event(CART, at(event(6, null), 70, "serinus"));
        assertThat(sequences(view, 0, true)).isEmpty();
    }

    private static List<Long> sequences(FleetView view, long seconds, boolean people) {
        return view.history(CART, AT.plusSeconds(seconds), people).stream()
                .map(RolloutEvent::getSequence)
                .toList();
    }

    private static RolloutEvent at(RolloutEvent event, long seconds, String actor) {
        return RolloutEvent.newBuilder(event)
                .setAt(AT.plusSeconds(seconds))
                .setActor(actor)
                .build();
    }

    private static RolloutState state(long sequence) {
        return RolloutState.newBuilder()
                .setCanary(CART.toString())
                .setUid("uid")
                .setRun(1)
                .setPhase("Progressing")
                .setRevision("b")
                .setPromotedRevision("a")
                .setCanaryWeight(30)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(4)
                .setSequence(sequence)
                .setWaitingFor("")
                .setProvider("")
                .setHeld(false)
                .setUpdatedAt(AT)
                .build();
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
