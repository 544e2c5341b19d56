package dev.serinus.loadtester.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.loadtester.command.CommandType;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class RememberedTest {

    private static final Instant NOW = Instant.parse("2026-11-30T05:00:00Z");

    private final Remembered remembered = new Remembered(3);

    @Test
    void theOldestThatEndedIsForgottenAndNoneThatRuns() {
        Run running = add("test", 0);
        Run[] ended =
                IntStream.range(1, 6).mapToObj(each -> ended("test", each)).toArray(Run[]::new);

        assertThat(remembered.all()).containsExactly(ended[4], ended[3], ended[2], running);
        assertThat(remembered.find(running.id())).contains(running);
        assertThat(remembered.find(ended[0].id())).isEmpty();
        assertThat(remembered.ofQuestion(ended[0].question())).isEmpty();
        assertThat(remembered.ofQuestion(ended[4].question())).contains(ended[4]);
    }

    @Test
    void theManyOfANamespaceDriveOutNoneOfAnother() {
        Run other = ended("test", 0);
        Stream.of(1, 2, 3, 4, 5).forEach(each -> ended("shop", each));

        assertThat(remembered.all()).hasSize(3).contains(other);
    }

    private Run ended(String namespace, int number) {
        Run run = add(namespace, number);
        run.end(Ended.without(Outcome.PASSED, ""));
        remembered.forget();
        return run;
    }

    private Run add(String namespace, int number) {
        var task = Task.of(namespace, "podinfo", CommandType.BASH, Map.of("cmd", "echo " + number));
        var run =
                new Run(
                        new Runs.Request(task, RunFacts.UNKNOWN, "", "msg_" + number, false, false),
                        NOW);
        remembered.add(run);
        return run;
    }
}
