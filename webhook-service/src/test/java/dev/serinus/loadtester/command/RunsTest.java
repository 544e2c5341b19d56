package dev.serinus.loadtester.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serinus.loadtester.task.Ended;
import dev.serinus.loadtester.task.Limits;
import dev.serinus.loadtester.task.Outcome;
import dev.serinus.loadtester.task.Run;
import dev.serinus.loadtester.task.RunFacts;
import dev.serinus.loadtester.task.Runs;
import dev.serinus.loadtester.task.Task;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Real commands of a real shell. */
class RunsTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir Path directory;

    private final List<Run> told = new CopyOnWriteArrayList<>();
    private final Map<String, String> environment =
            new HashMap<>(Map.of("PATH", String.valueOf(System.getenv("PATH"))));

    @SuppressWarnings("NullAway.Init") // set before each
    private Runs runs;

    @BeforeEach
    void start() {
        runs = runs(LONG, 10);
    }

    @AfterEach
    void stop() {
        runs.close();
    }

    @Test
    void whatIsUnderWayIsNotStartedAgainAndWhatHasEndedIs() throws Exception {
        // Flagger's own test, with a file to wait for instead of a time.
        for (int round = 0; round < 2; round++) {
            for (int times = 0; times < 3; times++) {
                for (String each : List.of("a", "b")) {
                    ask(CommandType.CMD, "echo >> %s; until [ -e go ]; do sleep 0.05; done", each);
                }
            }
            Files.createFile(directory.resolve("go"));
            int ended = 2 * (round + 1);
            await().until(() -> told.size() == ended);
            Files.delete(directory.resolve("go"));
        }

        assertThat(lines("a")).isEqualTo(2);
        assertThat(lines("b")).isEqualTo(2);
    }

    @Test
    void theSameCommandOfAnotherCanaryRunsBesideIt() throws Exception {
        // In Flagger's load tester these two have one key, podinfo.testecho x.
        Run one = runs.ask(request(task("test", "podinfo", CommandType.BASH, "echo x")));
        Run other = runs.ask(request(task("testecho ", "podinfo", CommandType.BASH, "x")));

        assertThat(other.id()).isNotEqualTo(one.id());
        assertThat(one.await().passed()).isTrue();
        assertThat(other.await().exit()).isEqualTo(127);
    }

    @Test
    void aHookThatGaveUpFindsItsCommandStillRunningInsteadOfStartingASecondOne() throws Exception {
        Run first = ask(CommandType.BASH, "echo >> %s; until [ -e go ]; do sleep 0.05; done", "a");
        await().until(() -> Files.exists(directory.resolve("a")));

        Run second = ask(CommandType.BASH, "echo >> %s; until [ -e go ]; do sleep 0.05; done", "a");
        Files.createFile(directory.resolve("go"));

        assertThat(second).isSameAs(first);
        assertThat(second.await().passed()).isTrue();
        assertThat(lines("a")).isEqualTo(1);
    }

    @Test
    void theSameQuestionIsAnsweredOnceUnlessTheTestFailed() throws Exception {
        Run load = runs.ask(request(CommandType.CMD, "echo >> a", "", "msg_1"));
        load.await();
        Run again = runs.ask(request(CommandType.CMD, "echo >> a", "", "msg_1"));
        Run failed = runs.ask(request(CommandType.BASH, "exit 1", "", "msg_2"));
        failed.await();
        Run retried = runs.ask(request(CommandType.BASH, "exit 1", "", "msg_2"));

        assertThat(again).isSameAs(load);
        assertThat(retried).isNotSameAs(failed);
        retried.await();
        assertThat(lines("a")).isEqualTo(1);
    }

    @Test
    void theLoadOfALaterReleaseEndsThatOfTheEarlier() throws Exception {
        Run earlier = runs.ask(request(CommandType.CMD, "sleep 60", "85d557f47b", ""));
        Run same = runs.ask(request(CommandType.CMD, "sleep 60", "85d557f47b", ""));
        Run later = runs.ask(request(CommandType.CMD, "sleep 60", "6867868d58", ""));

        assertThat(same).isSameAs(earlier);
        assertThat(earlier.await().outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(later.ended()).isEmpty();
        assertThat(runs.stop("test", "podinfo", "enough")).isEqualTo(1);
        assertThat(later.await().because()).contains("enough");
    }

    @Test
    void atItsTimeOutACommandEndsWithAllThatItHasStarted() throws Exception {
        // Three processes have to start within it, also on a busy machine.
        runs = runs(Duration.ofSeconds(3), 10);
        // One in the background, one that has lost its parent, one that will not be asked to end.
        Run run =
                ask(
                        CommandType.BASH,
                        "sleep 1001 & echo $! >> %1$s; (sleep 1002 & echo $! >> %1$s); sh -c 'trap"
                                + " \"\" TERM; echo $$ >> %1$s; sleep 1003; sleep 1004'",
                        "pids");

        Ended how = run.await();

        assertThat(how.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(how.because()).isEqualTo("signal: killed after 3s (SERINUS_LOADTESTER_TIMEOUT)");
        List<String> pids = Files.readAllLines(directory.resolve("pids"));
        assertThat(pids).hasSize(3);
        await().untilAsserted(() -> assertThat(pids).noneMatch(RunsTest::isAlive));
    }

    @Test
    void whatACommandLeavesRunningHasTheRestOfItsTime() throws Exception {
        runs = runs(Duration.ofSeconds(6), 10);
        Run run = ask(CommandType.CMD, "sleep 1005 > /dev/null 2>&1 & echo $! > %s", "pid");

        assertThat(run.await().passed()).isTrue();

        String pid = Files.readString(directory.resolve("pid")).strip();
        assertThat(isAlive(pid)).isTrue();
        await().atMost(Duration.ofSeconds(30)).until(() -> !isAlive(pid));
    }

    @Test
    void aCommandSeesNoneOfTheEnvironmentButWhatItIsGiven() throws Exception {
        environment.put("GIVEN", "yes");
        runs = runs(LONG, 10);

        Ended how = ask(CommandType.BASH, "env; echo %s", "").await();

        assertThat(how.output().lines().map(line -> line.replaceFirst("=.*", "")))
                .containsExactlyInAnyOrder(
                        "PATH",
                        "GIVEN",
                        "CANARY_NAME",
                        "CANARY_NAMESPACE",
                        "PWD",
                        "SHLVL",
                        "_",
                        "");
    }

    @Test
    void outputIsBoundedAndItsBeginningAndEndAreKept() throws Exception {
        Ended how =
                ask(CommandType.BASH, "echo begin; yes | head -c 300000; echo end %s", "").await();

        assertThat(how.output())
                .hasSizeLessThan(70_000)
                .startsWith("begin\n")
                .contains("bytes are left out")
                .endsWith("end\n");
        assertThat(how.lastLines(2)).containsExactly("y", "end");
    }

    @Test
    void moreTestsThanMayRunTogetherWaitForTheirTurnAndThenSaySo() throws Exception {
        runs = runs(LONG, 1);
        Run running = ask(CommandType.BASH, "until [ -e go ]; do sleep 0.05; done; echo %s", "");
        Run impatient = ask(CommandType.BASH, "echo impatient %s", "");

        assertThat(impatient.await().outcome()).isEqualTo(Outcome.NO_TURN);
        assertThatThrownBy(() -> fill(40)).isInstanceOf(Runs.Refused.class);
        Files.createFile(directory.resolve("go"));
        assertThat(running.await().passed()).isTrue();
    }

    @Test
    void loadsKeepNoTestFromRunningAndOneThatHasNoTurnIsRefusedAtOnce() throws Exception {
        runs = runs(LONG, 4);
        for (String each : List.of("a", "b")) {
            runs.ask(of("shop", CommandType.CMD, "sleep 60; echo " + each));
        }

        assertThatThrownBy(() -> runs.ask(of("shop", CommandType.CMD, "sleep 60")))
                .isInstanceOf(Runs.Refused.class)
                .hasMessage("2 tasks that no hook waits for run, 2 of them of this namespace");
        for (String each : List.of("a", "b")) {
            runs.ask(of("test", CommandType.CMD, "sleep 60; echo " + each));
        }
        assertThatThrownBy(() -> runs.ask(of("other", CommandType.CMD, "sleep 60")))
                .isInstanceOf(Runs.Refused.class)
                .hasMessage("4 tasks that no hook waits for run, 0 of them of this namespace");
        assertThat(runs.ask(of("shop", CommandType.BASH, "echo")).await().passed()).isTrue();
    }

    @Test
    void theLoadOfALaterReleaseHasTheTurnOfTheEarlier() throws Exception {
        runs = runs(LONG, 1);
        Run earlier = runs.ask(request(CommandType.CMD, "sleep 60", "85d557f47b", ""));

        Run later = runs.ask(request(CommandType.CMD, "sleep 60", "6867868d58", ""));

        assertThat(earlier.await().outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(later.ended()).isEmpty();
    }

    @Test
    void theTestsOfOneNamespaceLeaveTurnsToThoseOfOthers() throws Exception {
        runs = runs(LONG, 4);
        for (int each = 0; each < 10; each++) {
            runs.ask(of("shop", CommandType.BASH, "sleep 60; echo " + each));
        }

        Run other = runs.ask(of("test", CommandType.BASH, "echo"));

        assertThat(other.await().passed()).isTrue();
        assertThatThrownBy(() -> runs.ask(of("shop", CommandType.BASH, "echo")))
                .isInstanceOf(Runs.Refused.class)
                .hasMessage("10 tasks run or wait, 10 of them of this namespace");
    }

    @Test
    void whatCannotBeStartedLeavesItsPlace() throws Exception {
        var nowhere = task("test", "pod\0info", CommandType.BASH, "true");

        for (int each = 0; each < 30; each++) {
            Ended how = runs.ask(request(nowhere)).await();

            assertThat(how.outcome()).isEqualTo(Outcome.NOT_STARTED);
            assertThat(how.because()).isEqualTo("bash cannot be started: IllegalArgumentException");
        }
    }

    @Test
    void aCommandThatCannotBeWatchedIsEnded() throws Exception {
        // No clock counts as far as that.
        runs = runs(Duration.ofSeconds(Long.MAX_VALUE), 10);

        Ended how = ask(CommandType.BASH, "echo $$ > %s; sleep 1007", "pid").await();

        assertThat(how.because()).contains("ArithmeticException");
        // It may have been ended before it could write who it is.
        await().until(
                        () ->
                                ProcessHandle.allProcesses()
                                        .map(process -> process.info().commandLine().orElse(""))
                                        .noneMatch(line -> line.contains("sleep 1007")));
    }

    @Test
    void ofManyThatHaveEndedTheLastAreRememberedWhileTheFirstStillRuns() throws Exception {
        Run first = ask(CommandType.CMD, "sleep 60; echo %s", "");
        for (int each = 0; each < 300; each++) {
            runs.ask(request(task("test", "\0" + each, CommandType.BASH, "true"))).await();
        }

        await().untilAsserted(() -> assertThat(runs.all()).hasSize(201).endsWith(first));
    }

    @Test
    void anEndingLoadTesterLetsTestsEndAndLoadNot() throws Exception {
        Run load = ask(CommandType.CMD, "sleep 60; echo %s", "");
        Run test = ask(CommandType.BASH, "sleep 0.3; echo %s", "");

        runs.drain(Duration.ofSeconds(20));
        assertThat(test.ended()).hasValueSatisfying(how -> assertThat(how.passed()).isTrue());
        runs.close();

        assertThat(load.await().outcome()).isEqualTo(Outcome.STOPPED);
        assertThatThrownBy(() -> ask(CommandType.CMD, "echo %s", ""))
                .isInstanceOf(Runs.Refused.class)
                .hasMessageContaining("ending");
    }

    @Test
    void aProgramThatIsNotThereIsNamedAsFlaggerNamesIt() throws Exception {
        environment.put("PATH", directory.toString());
        runs = runs(LONG, 10);

        Ended how = ask(CommandType.HELM, "version %s", "").await();

        assertThat(how.because()).isEqualTo("exec: \"helm\": executable file not found in $PATH");
    }

    private void fill(int count) throws Exception {
        for (int each = 0; each < count; each++) {
            ask(CommandType.CMD, "echo fill %s", String.valueOf(each));
        }
    }

    private Run ask(CommandType type, String format, String argument) throws Exception {
        return runs.ask(request(type, format.formatted(argument), "", ""));
    }

    @Test
    void aCommandEndsWhenNoHookWaitsForItAnyMore() throws Exception {
        var task = task("test", "podinfo", CommandType.BASH, "sleep 1001");

        Ended how =
                runs.ask(
                                new Runs.Request(
                                        task,
                                        RunFacts.UNKNOWN,
                                        "",
                                        "",
                                        false,
                                        false,
                                        Duration.ofMillis(500)))
                        .await();

        assertThat(how.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(how.because())
                .isEqualTo(
                        "signal: killed after 500ms, when no hook waited for it any more (its"
                                + " timeout)");
        // The hook is answered as Flagger's load tester does.
        assertThat(task.type().failure(task, how))
                .isEqualTo("command sleep 1001 failed: : signal: killed");
    }

    @Test
    void theSameQuestionIsNotAnsweredByARunWhoseTimeIsOver() throws Exception {
        // Told to end it goes on until it sees the file: all of that is the time of its end.
        var task =
                task(
                        "test",
                        "podinfo",
                        CommandType.BASH,
                        "trap 'touch ending; until [ -e go ]; do sleep 0.05; done' TERM;"
                                + " [ -e ending ] || while :; do sleep 0.05; done");
        Run former = runs.ask(awaited(task, Duration.ofSeconds(3)));
        await().atMost(LONG).until(() -> Files.exists(directory.resolve("ending")));

        Run again = runs.ask(awaited(task, LONG));

        assertThat(again).isNotSameAs(former);
        assertThat(again.await().passed()).isTrue();
        assertThat(former.await().outcome()).isEqualTo(Outcome.TIMED_OUT);
    }

    private static Runs.Request awaited(Task task, Duration waits) {
        return new Runs.Request(task, RunFacts.UNKNOWN, "", "msg_1", false, false, waits);
    }

    private static Runs.Request request(
            CommandType type, String text, String checksum, String question) {
        var task = task("test", "podinfo", type, text);
        return new Runs.Request(task, RunFacts.UNKNOWN, checksum, question, false, false);
    }

    private static Runs.Request of(String namespace, CommandType type, String text) {
        return request(task(namespace, "podinfo", type, text));
    }

    private static Runs.Request request(Task task) {
        return new Runs.Request(task, RunFacts.UNKNOWN, "", "", false, false);
    }

    private static Task task(String namespace, String name, CommandType type, String command) {
        return Task.of(namespace, name, type, Map.of("cmd", command));
    }

    private long lines(String file) throws IOException {
        return Files.readAllLines(directory.resolve(file)).size();
    }

    private static boolean isAlive(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isPresent();
    }

    private Runs runs(Duration timeout, int mostAtOnce) {
        return new Runs(
                new Limits(
                        timeout,
                        mostAtOnce,
                        mostAtOnce,
                        20,
                        65_536,
                        Duration.ofMillis(500),
                        environment,
                        directory),
                InstantSource.system(),
                told::add);
    }
}
