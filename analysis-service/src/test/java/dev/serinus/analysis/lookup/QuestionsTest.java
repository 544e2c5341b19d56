package dev.serinus.analysis.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Who may look into Kafka at the same time. */
class QuestionsTest {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void end() {
        over.countDown();
        threads.close();
    }

    /** With two turns, one caller that asks much leaves the other turn to others. */
    @Test
    void oneCallerTakesOneTurnHoweverMuchItAsks() throws Exception {
        var questions = new Questions(2, Duration.ofHours(1));
        List<Future<String>> many = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            many.add(threads.submit(() -> questions.ask("mallory", this::untilOver)));
        }

        assertThat(questions.ask("ada", () -> "answered")).isEqualTo("answered");
        over.countDown();
        for (var each : many) {
            assertThat(each.get()).isEqualTo("over");
        }
        assertThat(questions.ask("mallory", () -> "again")).isEqualTo("again");
    }

    @Test
    void whoAsksTooMuchIsRefusedAtOnceAndNobodyElse() throws Exception {
        var questions = new Questions(2, Duration.ofHours(1));
        var refused = new CountDownLatch(2);
        List<Future<String>> many = new ArrayList<>();
        for (int n = 0; n < 10; n++) {
            many.add(
                    threads.submit(
                            () -> {
                                try {
                                    return questions.ask("mallory", this::untilOver);
                                } catch (LookupFailed tooMuch) {
                                    refused.countDown();
                                    return tooMuch.getMessage();
                                }
                            }));
        }

        refused.await(); // two of ten
        assertThat(questions.ask("ada", () -> "answered")).isEqualTo("answered");
        over.countDown();
        List<String> answers = new ArrayList<>();
        for (var each : many) {
            answers.add(each.get());
        }
        assertThat(answers)
                .filteredOn("you ask too much at the same time: try again"::equals)
                .hasSize(2);
    }

    @Test
    void whoGetsNoTurnInTimeIsTold() throws Exception {
        var questions = new Questions(1, Duration.ofMillis(1), "others think: try again");
        var begun = new CountDownLatch(1);
        var first =
                threads.submit(
                        () ->
                                questions.ask(
                                        "ada",
                                        () -> {
                                            begun.countDown();
                                            return untilOver();
                                        }));
        begun.await();

        assertThatThrownBy(() -> questions.ask("ada", () -> ""))
                .isInstanceOf(LookupFailed.class)
                .hasMessageStartingWith("you ask more than one thing");
        assertThatThrownBy(() -> questions.ask("ben", () -> ""))
                .isInstanceOf(LookupFailed.class)
                .hasMessage("others think: try again");
        over.countDown();
        assertThat(first.get()).isEqualTo("over");
    }

    private String untilOver() throws InterruptedException {
        over.await();
        return "over";
    }
}
