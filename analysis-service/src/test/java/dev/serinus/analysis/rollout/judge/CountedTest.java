package dev.serinus.analysis.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is counted says what was measured, whatever came in whatever order. */
class CountedTest {

    private static final Instant START = Instant.parse("2026-11-29T10:00:00Z");

    private static MetricCounts counted(Limits limits, List<Verdict> verdicts) {
        var checks =
                List.of(
                        new Check(
                                "load",
                                null,
                                null,
                                OnUnknown.HOLD,
                                OnUnknown.HOLD,
                                null,
                                limits,
                                null));
        var counted = Counted.of(null, checks, Map.of(), START);
        for (int i = 0; i < verdicts.size(); i++) {
            counted = Counted.of(counted, checks, Map.of("load", verdicts.get(i)), at(i));
        }
        return Objects.requireNonNull(counted).of("load").orElseThrow();
    }

    private static Instant at(int check) {
        return START.plusSeconds(60L * check);
    }

    private static int count(List<Verdict> verdicts, Verdict verdict) {
        return (int) verdicts.stream().filter(verdict::equals).count();
    }

    @Property(tries = 500)
    void failuresAreAllThereWereAndARowIsSinceTheLastThatPassed(
            @ForAll @Size(max = 30) List<Verdict> verdicts,
            @ForAll @IntRange(max = 5) int tolerated,
            @ForAll @IntRange(min = 1, max = 5) int inARow) {
        var counts = counted(new Limits(tolerated, inARow, 3), verdicts);

        int failed = count(verdicts, Verdict.FAIL);
        int row =
                count(
                        verdicts.subList(verdicts.lastIndexOf(Verdict.PASS) + 1, verdicts.size()),
                        Verdict.FAIL);
        assertThat(counts.failed()).isEqualTo(failed);
        assertThat(counts.failedInARow()).isEqualTo(row);
        assertThat(counts.broken().isPresent()).isEqualTo(failed > tolerated || row >= inARow);
    }

    @Property(tries = 500)
    void whatNeverPassesHoldsFromTheFirstThatIsTooMuch(
            @ForAll @Size(max = 30) List<Boolean> failures,
            @ForAll @IntRange(max = 5) int tolerated) {
        List<Verdict> verdicts =
                failures.stream().map(it -> it ? Verdict.FAIL : Verdict.INCONCLUSIVE).toList();
        var counts = counted(new Limits(null, null, tolerated), verdicts);

        int unknown = count(verdicts, Verdict.INCONCLUSIVE);
        assertThat(counts.inconclusive()).isEqualTo(unknown);
        assertThat(counts.isUndecided()).isEqualTo(unknown > tolerated);
        int first = 0;
        for (int i = 0, seen = 0; i < verdicts.size() && seen <= tolerated; i++) {
            seen += verdicts.get(i) == Verdict.INCONCLUSIVE ? 1 : 0;
            first = i;
        }
        assertThat(counts.undecidedSince()).isEqualTo(unknown > tolerated ? at(first) : null);
    }

    @Property(tries = 500)
    void onlySoManyThatPassInARowLeadOutOfIt(
            @ForAll @Size(max = 30) List<Verdict> verdicts,
            @ForAll @IntRange(max = 5) int tolerated) {
        var limits = new Limits(null, null, tolerated);
        var before = counted(limits, verdicts);
        var after = before;
        for (int i = 0; i <= tolerated; i++) {
            boolean enough = after.passedInARow() >= tolerated;
            boolean was = after.isUndecided();
            after = after.and(Verdict.PASS, at(100 + i));

            assertThat(after.isUndecided()).isEqualTo(was && !enough);
        }

        assertThat(after.isUndecided()).isFalse();
        assertThat(before.settled().isUndecided()).isFalse();
        assertThat(before.settled().failed()).isEqualTo(before.failed());
    }
}
