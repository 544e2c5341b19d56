package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.Check.Range;
import dev.serinus.analysis.rollout.judge.Counted;
import dev.serinus.analysis.rollout.judge.Limits;
import dev.serinus.analysis.rollout.judge.Measurement;
import dev.serinus.analysis.rollout.judge.MetricCounts;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.judge.Verdict;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.hook.HookType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Limits of a metric beside the threshold: the threshold is 6, and three steps are walked. */
class LimitsTest {

    private static final int THRESHOLD = 6;

    private final Map<String, Deque<Character>> answers = new HashMap<>();

    private static Check check(String name, @Nullable Limits limits) {
        return new Check(
                name,
                null,
                new Range(null, 500.0),
                OnUnknown.HOLD,
                OnUnknown.HOLD,
                null,
                limits,
                null);
    }

    private static Limits failures(int tolerated) {
        return new Limits(tolerated, null, null);
    }

    private static Limits inARow(int failures) {
        return new Limits(null, failures, null);
    }

    private static Limits inconclusive(int tolerated) {
        return new Limits(null, null, tolerated);
    }

    /** A release is to begin. */
    private SimulatedCluster released(Check... checks) {
        var cluster = new SimulatedCluster(spec(checks));
        cluster.create();
        cluster.run(Duration.ofMinutes(5));
        cluster.told.clear();
        cluster.metrics = (name, _) -> answer(name);
        return cluster;
    }

    private static Spec spec(Check... checks) {
        return Specs.checked(Specs.LINEAR, THRESHOLD, null, checks);
    }

    /** What a metric comes to in one check after the other: p, f, or ? for no data; then p. */
    private void comesTo(String metric, String verdicts) {
        Deque<Character> all = new ArrayDeque<>();
        verdicts.chars().forEach(one -> all.add((char) one));
        answers.put(metric, all);
    }

    private @Nullable Double answer(String metric) {
        var next = answers.getOrDefault(metric, new ArrayDeque<>()).poll();
        return switch (next == null ? 'p' : next) {
            case 'f' -> 900.0;
            case '?' -> null;
            default -> 100.0;
        };
    }

    private static MetricCounts counts(SimulatedCluster cluster) {
        return Objects.requireNonNull(cluster.rollout.run().counted()).of("latency").orElseThrow();
    }

    private static long checks(SimulatedCluster cluster, String type) {
        return cluster.history.stream().filter(event -> event.type().equals(type)).count();
    }

    // ---- failures

    @Test
    void asManyFailuresAsAreToleratedDoNotEndARun() {
        var cluster = released(check("latency", failures(2)));
        comesTo("latency", "fpf");

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(counts(cluster).failed()).isEqualTo(2);
    }

    @Test
    void oneFailureMoreThanIsToleratedTakesTheReleaseBackBeforeTheThresholdDoes() {
        var cluster = released(check("latency", failures(2)));
        comesTo("latency", "fpfpf");

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
        assertThat(checks(cluster, "CheckFailed")).isEqualTo(3);
        assertThat(cluster.told)
                .contains(
                        "W Rolling back podinfo.test latency failed 3 times, and its failureLimit"
                                + " is 2");
        assertThat(cluster.chats)
                .anyMatch(
                        chat ->
                                chat.severity() == Severity.ERROR
                                        && chat.message().contains("its failureLimit is 2"));
        assertThat(cluster.last("RollingBack").message()).startsWith("latency failed 3 times");
    }

    @Test
    void whereNoneIsToleratedTheFirstFailureOfThisMetricEndsTheRunAndThoseOfOthersDoNot() {
        var cluster = released(check("latency", failures(0)), check("load", null));
        comesTo("load", "ffff");
        comesTo("latency", "ppppf");

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(checks(cluster, "CheckFailed")).isEqualTo(5);
        assertThat(counts(cluster).failed()).isEqualTo(1);
    }

    @Test
    void aRowOfFailuresEndsTheRunAndOneThatIsInterruptedDoesNot() {
        var cluster = released(check("latency", inARow(2)));
        comesTo("latency", "fpfpfp");
        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);

        comesTo("latency", "pff");
        cluster.image("c");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told)
                .contains(
                        "W Rolling back podinfo.test latency failed 2 times in a row, its"
                                + " consecutiveFailures");
    }

    @Test
    void noVerdictNeitherAddsToARowOfFailuresNorEndsIt() {
        var cluster = released(check("latency", inARow(2)));
        comesTo("latency", "f?f");

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void whereTheThresholdIsReachedAsWellItIsToldInFlaggersWords() {
        var cluster = released(check("latency", failures(THRESHOLD - 1)));
        comesTo("latency", "ffffff");

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.told)
                .contains("W Rolling back podinfo.test failed checks threshold reached 6")
                .noneMatch(line -> line.contains("failureLimit"));
    }

    @Test
    void countsBeginAnewWithARunAndGoOnFromStepToStep() {
        var cluster = released(check("latency", failures(3)));
        comesTo("latency", "fpfpfp");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(45));
        var halfway = counts(cluster);
        cluster.image("c");
        cluster.run(Duration.ofSeconds(3));
        var restarted = cluster.rollout.run().counted();
        cluster.run(Duration.ofMinutes(10));

        assertThat(halfway.failed()).isEqualTo(2);
        assertThat(restarted).isNull();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void anEditKeepsWhatWasCountedByNameAndTheNewLimitCounts() {
        var cluster = released(check("latency", failures(4)), check("load", failures(4)));
        comesTo("latency", "ffpf");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(35));
        cluster.edit(spec(check("load", null), check("latency", failures(2))));
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(checks(cluster, "CheckFailed")).isEqualTo(3);
        assertThat(Objects.requireNonNull(cluster.rollout.run().counted()).metrics()).hasSize(1);
    }

    @Test
    void withoutLimitsNothingIsCountedNorShown() {
        var cluster = released(check("latency", null));
        comesTo("latency", "f?p");

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.run().counted()).isNull();
        assertThat(StatusView.of(cluster.rollout).counted()).isNull();
        assertThat(new String(RolloutJson.write(cluster.rollout), UTF_8))
                .doesNotContain("counted", "limits");
    }

    @Test
    void whatWasCountedIsInTheEvidenceTheStatusAndTheState() {
        var cluster = released(check("latency", new Limits(2, 2, 3)));
        comesTo("latency", "f?p");
        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        var failed = cluster.last("CheckFailed").evidence().getFirst();
        assertThat(failed.counts())
                .isEqualTo(new MetricCounts("latency", 1, 1, 0, 0, new Limits(2, 2, 3), null));
        var unknown = cluster.last("CheckInconclusive").evidence().getFirst();
        assertThat(unknown.counts())
                .isEqualTo(new MetricCounts("latency", 1, 1, 1, 0, new Limits(2, 2, 3), null));
        assertThat(StatusView.of(cluster.rollout).counted())
                .isEqualTo(new Counted(List.of(counts(cluster))));
        assertThat(RolloutJson.read(RolloutJson.write(cluster.rollout), Rollout.class))
                .isEqualTo(cluster.rollout);
    }

    // ---- no verdict

    @Test
    void asManyWithoutAVerdictAsAreToleratedHoldNoLongerThanTheyLast() {
        var cluster = released(check("latency", inconclusive(2)));
        comesTo("latency", "??p");

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.chats).noneMatch(chat -> chat.severity() != Severity.INFO);
    }

    @Test
    void oneMoreHoldsForPeopleAndSaysWhatLeadsOut() {
        var cluster = released(check("latency", inconclusive(2)));
        comesTo("latency", "?p?p?pp?");

        cluster.image("b");
        cluster.run(Duration.ofSeconds(75));

        assertThat(cluster.weight()).isEqualTo(60);
        assertThat(cluster.rollout.waitingFor())
                .startsWith("resume, promote or abort, or latency to pass 3 times in a row, until ")
                .endsWith("latency had no verdict 3 times, and its inconclusiveLimit is 2");
        assertThat(Stalled.because(cluster.rollout)).contains("no verdict 3 times");
        assertThat(cluster.told)
                .filteredOn(line -> line.contains("had no verdict"))
                .containsExactly(
                        "W Halt podinfo.test advancement latency had no verdict 3 times, and its"
                                + " inconclusiveLimit is 2");
        assertThat(cluster.chats)
                .filteredOn(chat -> chat.severity() == Severity.WARN)
                .singleElement()
                .satisfies(chat -> assertThat(chat.message()).contains("until people decide"));
    }

    @Test
    void checksThatPassAsOftenInARowAsTheLimitLeadOutOfIt() {
        var cluster = released(check("latency", inconclusive(1)));
        comesTo("latency", "??p?pp");

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        // Three without a verdict, and two that passed and did not do: two in a row have to.
        assertThat(checks(cluster, "CheckInconclusive")).isEqualTo(5);
        assertThat(counts(cluster).inconclusive()).isZero();
    }

    @Test
    void whoeverResumesItLetsItGoOnAndItIsCountedAnew() {
        var cluster = released(check("latency", inconclusive(1)));
        comesTo("latency", "??pppppp");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(24));
        var held = cluster.rollout.waitingFor();

        cluster.ask(Action.RESUME);
        cluster.run(Duration.ofSeconds(1));
        var after = cluster.rollout;
        cluster.run(Duration.ofMinutes(10));

        assertThat(held).startsWith("resume, promote or abort");
        assertThat(after.waitingFor()).isEmpty();
        assertThat(checks(cluster, "CheckInconclusive")).isEqualTo(2);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.last("Resumed").actor()).isEqualTo("ada");
    }

    @Test
    void whilePeoplePauseItNoDeadlineEndsItAndResumingSettlesIt() {
        var cluster = released(check("latency", inconclusive(0)));
        comesTo("latency", "?");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));

        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofHours(2));
        var paused = cluster.rollout.phase();
        cluster.ask(Action.RESUME);
        cluster.run(Duration.ofMinutes(10));

        assertThat(paused).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whoeverPromotesItPromotesIt() {
        var cluster = released(check("latency", inconclusive(0)));
        comesTo("latency", "?????");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(24));

        cluster.ask(Action.PROMOTE);
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(checks(cluster, "PromotionForced")).isEqualTo(1);
    }

    @Test
    void whereNobodyAnswersItsChecksItEndsAtTheTimeThatWasToldAsWell() {
        var cluster = released(check("latency", inconclusive(0)));
        cluster.edit(Specs.withHooks(cluster.spec, List.of(Specs.hook("load", HookType.ROLLOUT))));
        comesTo("latency", "?");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));
        var until = Undecided.of(cluster.rollout).orElseThrow().until();

        cluster.silent = Set.of("load");
        cluster.run(Duration.between(cluster.now, until).minusSeconds(5));
        var before = cluster.rollout.phase();
        cluster.run(Duration.ofMinutes(1));

        assertThat(before).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void whereNothingLeadsOutOfItTheRunEndsAtTheTimeThatWasTold() {
        var cluster = released(check("latency", inconclusive(1)));
        // Each that passes ends the doubt of the check, and not that of the run.
        comesTo("latency", "?" + "?p".repeat(60));
        cluster.image("b");
        cluster.run(Duration.ofSeconds(30));
        var until = Undecided.of(cluster.rollout).orElseThrow().until();

        cluster.run(Duration.between(cluster.now, until).minusSeconds(5));
        var before = cluster.rollout.phase();
        cluster.run(Duration.ofSeconds(30));

        assertThat(before).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.last("RollingBack").message()).startsWith("no verdict since ");
    }

    @Test
    void aFailedMeasurementCountsAsEverWhileItHolds() {
        var cluster = released(check("latency", new Limits(0, null, 0)));
        comesTo("latency", "?f");

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        var failed = cluster.last("CheckFailed").evidence().getFirst();
        assertThat(failed.verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void aLimitThatIsRaisedLetsItGoOn() {
        var cluster = released(check("latency", inconclusive(0)));
        comesTo("latency", "?pp");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));
        cluster.edit(spec(check("latency", inconclusive(5))));
        cluster.run(Duration.ofSeconds(25));

        assertThat(cluster.rollout.waitingFor()).isEmpty();
        cluster.run(Duration.ofMinutes(10));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    /** It counts from the edit on, whatever the next check says. */
    @Test
    void aLimitBelowWhatHadNoVerdictHoldsTheRun() {
        var cluster = released(check("latency", inconclusive(5)));
        comesTo("latency", "???p");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(35));
        cluster.edit(spec(check("latency", inconclusive(1))));
        cluster.run(Duration.ofSeconds(1));

        var counts =
                Objects.requireNonNull(cluster.rollout.run().counted()).of("latency").orElseThrow();
        assertThat(counts.inconclusive()).isEqualTo(3);
        assertThat(counts.isUndecided()).isTrue();
    }

    /** Also when it passes: what happened is more than is tolerated now. */
    @Test
    void aLimitBelowWhatHasFailedEndsTheRunWithTheNextCheck() {
        var cluster = released(check("latency", failures(9)));
        comesTo("latency", "fffp");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(35));
        cluster.edit(spec(check("latency", failures(1))));
        cluster.run(Duration.ofMinutes(2));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.last("CheckFailed").message())
                .isEqualTo("latency failed 3 times, and its failureLimit is 1");
    }

    @Test
    void whatBecomesUndecidedInACheckThatFailsIsToldAndShown() {
        var cluster = released(check("latency", inconclusive(0)), check("load", null));
        comesTo("latency", "?");
        comesTo("load", "f");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));

        assertThat(checks(cluster, "CheckFailed")).isEqualTo(1);
        assertThat(holdsTold(cluster))
                .singleElement()
                .satisfies(words -> assertThat(words).contains("latency had no verdict once"));
        assertThat(cluster.rollout.waitingFor()).startsWith("resume, promote or abort");
    }

    @Test
    void eachMetricThatBecomesUndecidedIsToldOnce() {
        var cluster = released(check("latency", inconclusive(0)), check("load", inconclusive(1)));
        comesTo("latency", "????");
        comesTo("load", "p??p");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(50));

        assertThat(holdsTold(cluster)).hasSize(2);
        assertThat(holdsTold(cluster).getFirst())
                .contains("latency had no verdict once")
                .doesNotContain("load");
        assertThat(holdsTold(cluster).getLast())
                .contains("load had no verdict 2 times")
                .doesNotContain("latency");
    }

    private static List<String> holdsTold(SimulatedCluster cluster) {
        return cluster.chats.stream()
                .filter(chat -> chat.severity() == Severity.WARN)
                .map(Effect.Chat::message)
                .filter(words -> words.contains("until people decide"))
                .toList();
    }

    @Test
    void aHoldEndsWhenItWasToldAlthoughNoCheckHadAVerdictForLonger() {
        var cluster = released(check("latency", inconclusive(5)));
        comesTo("latency", "?".repeat(1_000));
        cluster.image("b");
        cluster.run(Duration.ofSeconds(75));
        var until = Undecided.of(cluster.rollout).orElseThrow().until();

        cluster.run(Duration.between(cluster.now, until).minusSeconds(5));
        var before = cluster.rollout.phase();
        cluster.run(Duration.ofSeconds(30));

        assertThat(before).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void aHoldEndsWhenItWasToldAlthoughChecksFailForAnotherMetric() {
        var cluster = released(check("latency", inconclusive(1)), check("load", null));
        comesTo("latency", "?" + "?p".repeat(500));
        cluster.image("b");
        cluster.run(Duration.ofSeconds(30));
        var until = Undecided.of(cluster.rollout).orElseThrow().until();
        cluster.run(Duration.between(cluster.now, until).minusSeconds(5));
        var before = cluster.rollout.phase();
        comesTo("load", "fff");
        cluster.run(Duration.ofSeconds(15));

        assertThat(before).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.last("RollingBack").message()).startsWith("no verdict since ");
    }

    @Test
    void anEditThatTakesTheMetricAwayEndsItsHold() {
        var cluster = released(check("latency", inconclusive(0)));
        comesTo("latency", "?");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));
        cluster.edit(spec());
        cluster.run(Duration.ofSeconds(1));

        assertThat(cluster.rollout.run().counted()).isNull();
        assertThat(cluster.rollout.waitingFor()).isEmpty();
        assertThat(Stalled.because(cluster.rollout)).isEmpty();
        cluster.run(Duration.ofMinutes(10));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    // ---- edits while metrics are asked

    @Test
    void anAnswerToTheMetricsOfBeforeAnEditIsNone() {
        var cluster = asking(check("latency", failures(0)));
        var asked = cluster.rollout;
        var edit =
                new RolloutEvent.CanarySeen(
                        cluster.now,
                        asked.uid(),
                        asked.generation() + 1,
                        spec(check("errors", failures(0)), check("latency", failures(0))),
                        false,
                        asked.manifest().claimed(),
                        null);

        var edited = RolloutMachine.next(asked, edit);
        var after =
                RolloutMachine.next(
                        edited.state(), answer(asked, asked.generation(), "latency", cluster));

        assertThat(edited.effects()).filteredOn(Effect.AskMetrics.class::isInstance).hasSize(1);
        assertThat(after.state()).isEqualTo(edited.state());
    }

    @Test
    void anAnswerToMetricsThatAreNotKnownYetIsHeldAgainstNoneAndCountsForNone() {
        var cluster = asking(check("latency", new Limits(0, null, 0)));
        var asked = cluster.rollout;

        var after =
                RolloutMachine.next(asked, answer(asked, asked.generation(), "errors", cluster))
                        .state();

        assertThat(after.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(after.traffic().failedChecks()).isZero();
        assertThat(after.run().counted()).isNull();
        assertThat(after.waitingFor())
                .contains("spec.analysis.metrics[0]: errors was measured, which is another metric");
    }

    /** Its limits, and its unit, may be others than those that are known. */
    @Test
    void anAnswerToAnEditThatIsNotKnownYetIsHeldAgainstNoneThoughItsMetricsHaveTheSameNames() {
        var cluster = asking(check("latency", new Limits(0, null, 0)));
        var asked = cluster.rollout;
        long next = asked.generation() + 1;

        var after = RolloutMachine.next(asked, answer(asked, next, "latency", cluster)).state();

        assertThat(after.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(after.traffic().failedChecks()).isZero();
        assertThat(after.run().counted()).isNull();
        assertThat(after.waitingFor())
                .contains("generation %d of the Canary was measured".formatted(next));
    }

    private SimulatedCluster asking(Check... checks) {
        var cluster = released(checks);
        cluster.image("b");
        while (!(cluster.rollout.stage().question() instanceof Question.Metrics)) {
            cluster.run(Duration.ofMillis(10));
        }
        return cluster;
    }

    /** Too much, of a metric that is first in the manifest. */
    private static RolloutEvent answer(
            Rollout asked, long generation, String name, SimulatedCluster cluster) {
        var ask = ((Stage.Asking) asked.stage()).ask();
        return new RolloutEvent.MetricsAnswered(
                cluster.now,
                new StepId(asked.uid(), asked.run().number(), ask.step(), ask.attempt()),
                generation,
                List.of(
                        new Measurement(
                                0,
                                name,
                                Measurement.Kind.TEMPLATE,
                                Measurement.Outcome.VALUE,
                                900.0,
                                "")));
    }
}
