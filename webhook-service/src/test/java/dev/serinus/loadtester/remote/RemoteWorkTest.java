package dev.serinus.loadtester.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.loadtester.LoggedLines;
import dev.serinus.loadtester.remote.RemoteTest.Progress;
import dev.serinus.loadtester.task.Ended;
import dev.serinus.loadtester.task.Limits;
import dev.serinus.loadtester.task.Outcome;
import dev.serinus.loadtester.task.Run;
import dev.serinus.loadtester.task.RunFacts;
import dev.serinus.loadtester.task.Runs;
import dev.serinus.loadtester.task.Task;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.loadtester.task.Work;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Tests of a service that does what the test says. */
class RemoteWorkTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Deque<Progress> answers = new ArrayDeque<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch starting = new CountDownLatch(1);
    private final CountDownLatch asking = new CountDownLatch(1);
    private boolean hangs;
    private boolean foundAgain;
    private Duration interval = Duration.ofMillis(20);
    private Duration silence = LONG;

    private final Runs runs =
            new Runs(
                    new Limits(LONG, 10, 10, 100, 65_536, LONG, Map.of(), Path.of(".")),
                    InstantSource.system(),
                    _ -> {});

    @AfterEach
    void close() {
        runs.close();
    }

    @Test
    void whatIsAskedLessOftenThanItsPatienceIsAskedBeforeItIsGivenUp() throws Exception {
        interval = Duration.ofMillis(200);
        silence = Duration.ofMillis(100);
        answers.add(new Progress.Running());
        answers.add(new Progress.Over(0, "", ""));

        assertThat(ask().await().passed()).isTrue();
        assertThat(told).containsExactly("start", "progress", "progress");
    }

    @Test
    void aServiceThatIsSilentForTooLongIsGivenUp() throws Exception {
        silence = Duration.ofMillis(50);

        Ended how = ask().await();

        assertThat(how.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(how.because())
                .isEqualTo("thing timed out, after 50 milliseconds without an answer: away");
        assertThat(how.output()).isEqualTo("so far");
        assertThat(told).endsWith("progress", "stop");
    }

    @Test
    void whatIsStoppedWhileItIsStartedIsSaidToRunOnPerhaps() throws Exception {
        hangs = true;
        try (var log = new LoggedLines()) {
            Run run = ask();
            starting.await();
            runs.stop("test", "podinfo", "somebody stopped it");

            assertThat(run.await().outcome()).isEqualTo(Outcome.STOPPED);
            assertThat(run.await().because()).isEqualTo("somebody stopped it");
            assertThat(told).containsExactly("start", "stop unnamed");
            assertThat(log.count("test stopped while it was started, it may run on there"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true, UNKNOWN", "true, false, STOPPED", "false, true, STOPPED"})
    void onlyWhatIsFoundAgainGoesOnAndOnlyWhereTheLoadTesterEnds(
            boolean found, boolean ends, Outcome outcome) throws Exception {
        foundAgain = found;
        Run run = ask();
        asking.await();

        if (ends) {
            runs.close();
        } else {
            runs.stop("test", "podinfo", "somebody stopped it");
        }

        assertThat(run.await().outcome()).isEqualTo(outcome);
        assertThat(told.contains("stop")).isEqualTo(outcome == Outcome.STOPPED);
    }

    @Test
    void whatIsLostHasNotFailed() throws Exception {
        answers.add(new Progress.Lost("it is gone"));

        assertThat(ask().await().outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    private Run ask() throws Exception {
        return runs.ask(
                new Runs.Request(
                        Task.of("test", "podinfo", new Thing(), Map.of()),
                        RunFacts.UNKNOWN,
                        "",
                        "",
                        false,
                        false));
    }

    private final class Thing implements TaskType, RemoteTest {

        @Override
        public String title() {
            return "thing";
        }

        @Override
        public boolean isWaitedFor() {
            return true;
        }

        @Override
        public Work work(Task task) {
            return new RemoteWork(this);
        }

        @Override
        public String start() throws InterruptedException {
            told.add("start");
            starting.countDown();
            if (hangs) {
                new CountDownLatch(1).await();
            }
            return "17";
        }

        @Override
        public Progress progress(String id) {
            told.add("progress");
            asking.countDown();
            Progress next = answers.poll();
            return next == null ? new Progress.Unknown("away") : next;
        }

        @Override
        public String stop(String id) {
            told.add("stop");
            return "so far";
        }

        @Override
        public boolean stopUnnamed() {
            told.add("stop unnamed");
            return false;
        }

        @Override
        public boolean isFoundAgain() {
            return foundAgain;
        }

        @Override
        public Duration interval() {
            return interval;
        }

        @Override
        public Duration silence() {
            return silence;
        }
    }
}
