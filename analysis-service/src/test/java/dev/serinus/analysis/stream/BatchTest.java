package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class BatchTest {

    private static final long NOW = 1_000;
    private static final long LATER = NOW + Duration.ofMillis(10).toNanos();

    private final Batch batch = new Batch();

    private boolean decided(boolean todo, long nanos) {
        batch.took();
        return batch.isToBeCommitted(todo, nanos);
    }

    @Test
    void whatWasDecidedIsCommittedWithTheLastRecordEvenIfThatAsksForNothing() {
        batch.polled(3);

        assertThat(decided(true, NOW)).isFalse();
        assertThat(decided(true, NOW)).isFalse();
        assertThat(decided(false, NOW)).isTrue();
    }

    @Test
    void nothingIsCommittedWhereNothingIsToBeDone() {
        batch.polled(1);

        assertThat(decided(false, NOW)).isFalse();
    }

    @Test
    void aCommandDoesNotWaitForALongBatchToEnd() {
        batch.polled(1_000);

        assertThat(decided(true, NOW)).isFalse();
        assertThat(decided(false, LATER - 1)).isFalse();
        assertThat(decided(false, LATER)).isTrue();
        assertThat(decided(true, LATER)).isFalse();
    }

    @Test
    void withoutAnythingPolledEachDecisionIsCommittedAtOnce() {
        assertThat(batch.isToBeCommitted(true, NOW)).as("a timer").isTrue();
        assertThat(decided(true, NOW)).as("a record that waited for its cluster").isTrue();
    }

    @Test
    void recordsThatWentToAnotherInstanceHoldUpNothing() {
        batch.polled(5);
        decided(true, NOW);

        batch.polled(1);

        assertThat(decided(false, NOW)).isTrue();
    }
}
