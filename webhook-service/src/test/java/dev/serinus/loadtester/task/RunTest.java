package dev.serinus.loadtester.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.loadtester.command.CommandType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

class RunTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void endsByTheLimitThatComesFirstAndNamesIt() {
        assertThat(limit(run(CommandType.BASH, HOUR), DAY))
                .isEqualTo("after 1h0m0s, when no hook waited for it any more (its timeout)");
        assertThat(limit(run(CommandType.BASH, DAY), HOUR))
                .isEqualTo("after 1h0m0s (SERINUS_LOADTESTER_TIMEOUT)");
        assertThat(limit(run(CommandType.BASH, null), HOUR)).contains("SERINUS_LOADTESTER_TIMEOUT");
    }

    @Test
    void goesOnForWhoeverWaitsLongest() {
        Run run = run(CommandType.BASH, HOUR);

        assertThat(run.join(Duration.ofMinutes(1))).isTrue();
        assertThat(limit(run, DAY.plus(DAY))).startsWith("after 1h0m0s, when no hook");
        assertThat(run.join(DAY)).isTrue();
        assertThat(limit(run, DAY.plus(DAY))).startsWith("after 24h0m");
        assertThat(run.join(null)).isTrue();
        assertThat(limit(run, DAY.plus(DAY))).contains("SERINUS_LOADTESTER_TIMEOUT");
    }

    @Test
    void isNoAnswerToAnybodyOnceItsTimeIsOver() {
        Run run = run(CommandType.BASH, Duration.ofNanos(1));

        assertThat(run.left(System.nanoTime(), DAY).isOver()).isTrue();
        assertThat(run.join(DAY)).isFalse();
        run.stop("a later release asks for the same");
        assertThat(run.stopped()).isEmpty();
    }

    @Test
    void aLoadGoesOnThoughItsHookWasAnsweredLongAgo() {
        Run run = run(CommandType.CMD, Duration.ofNanos(1));

        assertThat(run.left(System.nanoTime(), HOUR).isOver()).isFalse();
    }

    private static String limit(Run run, Duration most) {
        return run.left(System.nanoTime(), most).limit();
    }

    private static Run run(CommandType type, @Nullable Duration awaited) {
        var task = Task.of("test", "podinfo", type, Map.of("cmd", "true"));
        return new Run(
                new Runs.Request(task, RunFacts.UNKNOWN, "", "", false, false, awaited),
                Instant.parse("2026-11-30T05:00:00Z"));
    }
}
