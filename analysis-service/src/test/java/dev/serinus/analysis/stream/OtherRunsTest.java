package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.analysis.replay.OtherManifest;
import dev.serinus.analysis.replay.OtherRun;
import dev.serinus.analysis.replay.OtherRun.How;
import dev.serinus.analysis.replay.OtherRuns;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs that the stream journalled, with another manifest. Weights are 30 and 60, a check a minute.
 */
class OtherRunsTest {

    private static final CanaryKey PODINFO = new CanaryKey("west", "test", "podinfo");

    private final Topics topics = new Topics(Bench.SETTINGS);
    private final PretendCluster cluster = new PretendCluster(PODINFO, 60_000);
    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void theSameManifestEndsEveryRunTheSameWay() {
        var runs = otherwise(journal(), List.of());

        assertThat(runs)
                .extracting(run -> run.was().how())
                .containsExactly(How.PROMOTED, How.ROLLED_BACK);
        assertThat(runs)
                .extracting(run -> run.would().how())
                .containsExactly(How.PROMOTED, How.ROLLED_BACK);
        assertThat(runs)
                .allSatisfy(run -> assertThat(run.would().after()).isEqualTo(run.was().after()));
        assertThat(runs).noneMatch(OtherRun::endsOtherwise);
        assertThat(runs).extracting(OtherRun::revision).containsExactly("b", "c");
        assertThat(runs).extracting(OtherRun::run).containsExactly(1L, 2L);
    }

    @Test
    void aLowerBoundWouldHavePromotedWhatWasTakenBack() {
        var run = otherwise(journal(), List.of("request-success-rate.min=98")).getLast();

        assertThat(run.was().how()).isEqualTo(How.ROLLED_BACK);
        assertThat(run.was().failedChecks()).isEqualTo(2);
        assertThat(run.would().how()).isEqualTo(How.PROMOTED);
        assertThat(run.would().canaryWeight()).isEqualTo(Weight.percent(60));
        assertThat(run.endsOtherwise()).isTrue();
    }

    @Test
    void aHigherBoundWouldHaveTakenBackWhatWasPromoted() {
        var run = otherwise(journal(), List.of("request-success-rate.min=99.95")).getFirst();

        assertThat(run.was().how()).isEqualTo(How.PROMOTED);
        assertThat(run.would().how()).isEqualTo(How.ROLLED_BACK);
        assertThat(run.would().because()).isNotEmpty();
    }

    @Test
    void aLowerThresholdEndsItSooner() {
        var run = otherwise(journal(), List.of("threshold=1")).getLast();

        assertThat(run.would().how()).isEqualTo(How.ROLLED_BACK);
        assertThat(run.would().after()).isLessThan(run.was().after());
        assertThat(run.endsOtherwise()).isFalse();
    }

    @Test
    void whatWasNotMeasuredThenIsNotKnown() {
        var run = otherwise(journal(), List.of("threshold=50")).getLast();

        assertThat(run.would().how()).isIn(How.NOT_KNOWN, How.GOES_ON);
        assertThat(run.endsOtherwise()).isFalse();
    }

    @Test
    void aRunThatIsStillGoingOnSaysSo() {
        bench.tell(cluster.created());
        settle(100);
        bench.tell(cluster.released("b"));

        var runs = otherwise(bench.read(topics.journal("west")), List.of());

        assertThat(runs).singleElement().extracting(run -> run.was().how()).isEqualTo(How.GOES_ON);
    }

    @Test
    void whatCannotChangeAnythingIsNotSaidToChangeNothing() {
        var runs = otherwise(journal(), List.of("request-sucess-rate.min=98"));

        assertThat(runs)
                .allSatisfy(
                        run -> {
                            assertThat(run.would().how()).isEqualTo(How.NOT_KNOWN);
                            assertThat(run.would().because())
                                    .contains("has no metric request-sucess-rate");
                        });
    }

    @Test
    void aRunThatSupersedesAnotherIsToldAsWell() {
        bench.tell(cluster.created());
        settle(100);
        bench.tell(cluster.released("b"));
        bench.settle(cluster, Duration.ofSeconds(30));
        bench.tell(cluster.released("c"));
        settle(100);

        var runs = otherwise(bench.read(topics.journal("west")), List.of());

        assertThat(runs).extracting(OtherRun::revision).containsExactly("b", "c");
        assertThat(runs)
                .extracting(run -> run.was().how())
                .containsExactly(How.GIVEN_UP, How.PROMOTED);
        assertThat(runs.getLast().would().how()).isEqualTo(How.NOT_KNOWN);
    }

    @Test
    void whatPeopleDidToTheCanaryIsPlayedToo() {
        bench.tell(cluster.created());
        settle(100);
        bench.tell(cluster.released("b"));
        bench.settle(cluster, Duration.ofSeconds(30));
        bench.tell(cluster.annotated());
        settle(100);

        var run = otherwise(bench.read(topics.journal("west")), List.of()).getFirst();

        assertThat(run.was().how()).isEqualTo(How.PROMOTED);
        assertThat(run.was().after()).isLessThan(Duration.ofMinutes(1));
        assertThat(run.would()).isEqualTo(run.was());
    }

    @Test
    void everythingThatIsWrongWithTheSettingsIsSaidAtOnce() {
        assertThatThrownBy(
                        () ->
                                OtherManifest.of(
                                        List.of(
                                                "treshold=2",
                                                "threshold=none",
                                                "a.max=x",
                                                "threshold=3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("treshold=2: can not be set")
                .hasMessageContaining("threshold=none: must be a whole number")
                .hasMessageContaining("a.max=x: must be a number")
                .message()
                .doesNotContain("threshold=3");
    }

    /** A good release at 99.9 % and one at 98.5 % that is taken back. */
    private List<JournalEntry> journal() {
        bench.tell(cluster.created());
        settle(100);
        bench.tell(cluster.released("b"));
        settle(99.9);
        bench.tell(cluster.released("c"));
        settle(98.5);
        return bench.read(topics.journal("west"));
    }

    private static List<OtherRun> otherwise(List<JournalEntry> journal, List<String> settings) {
        List<OtherRun> runs = new ArrayList<>();
        var other = new OtherRuns(OtherManifest.of(settings), runs::add);
        journal.forEach(other::take);
        other.end();
        assertThat(other.replayed().mismatches()).isEmpty();
        return runs;
    }

    private void settle(double rate) {
        cluster.successRate = rate;
        bench.settle(cluster, Duration.ofMinutes(10));
    }
}
