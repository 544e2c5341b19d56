package dev.serinus.conformance.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class TimelineTest {

    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

    private final Timeline timeline = new Timeline(START);
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void close() {
        timeline.close();
    }

    @Test
    void theClockMovesOnlyWhenNothingIsLeftToDo() {
        timeline.at(START.plusSeconds(10), () -> note("alarm"));
        timeline.queue().add(() -> note("work"));

        boolean came = timeline.await(() -> done.contains("10 alarm"), Duration.ofMinutes(1));

        assertThat(came).isTrue();
        assertThat(done).containsExactly("0 work", "10 alarm");
    }

    @Test
    void workThatWaitsLetsOthersGoOnButNotItsOwnLane() throws InterruptedException {
        var one = timeline.queue();
        one.add(
                () -> {
                    note("one begins");
                    pause(5);
                    note("one ends");
                });
        one.add(() -> note("next in line"));
        timeline.queue().add(() -> note("other queue"));
        timeline.at(START.plusSeconds(3), () -> note("meanwhile"));

        timeline.sleep(Duration.ofSeconds(20));

        assertThat(done)
                .containsExactly(
                        "0 one begins",
                        "0 other queue",
                        "3 meanwhile",
                        "5 one ends",
                        "5 next in line");
        assertThat(timeline.instant()).isEqualTo(START.plusSeconds(20));
    }

    @Test
    void whatIsUrgentComesFirst() {
        timeline.queue().add(() -> note("work"));
        timeline.soon(() -> note("urgent"));

        timeline.await(() -> false, Duration.ZERO);

        assertThat(done).containsExactly("0 urgent", "0 work");
    }

    @Test
    void whatDoesNotComeInTimeIsNotSo() {
        timeline.at(START.plusSeconds(11), () -> note("late"));

        assertThat(timeline.await(() -> !done.isEmpty(), Duration.ofSeconds(10))).isFalse();
        assertThat(timeline.instant()).isEqualTo(START.plusSeconds(10));
        assertThat(timeline.await(() -> !done.isEmpty(), Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void workThatFailsStopsTheRun() {
        timeline.queue()
                .add(
                        () -> {
                            throw new IllegalStateException("a mistake of ours");
                        });

        assertThatThrownBy(() -> timeline.await(() -> false, Duration.ZERO))
                .hasMessageContaining("a mistake of ours");
    }

    private void note(String what) {
        done.add(Duration.between(START, timeline.instant()).toSeconds() + " " + what);
    }

    private void pause(long seconds) {
        try {
            timeline.sleep(Duration.ofSeconds(seconds));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }
}
