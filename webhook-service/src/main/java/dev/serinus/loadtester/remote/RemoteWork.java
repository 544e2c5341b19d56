package dev.serinus.loadtester.remote;

import dev.serinus.loadtester.remote.RemoteTest.NotStarted;
import dev.serinus.loadtester.remote.RemoteTest.Progress;
import dev.serinus.loadtester.task.BoundedOutput;
import dev.serinus.loadtester.task.Ended;
import dev.serinus.loadtester.task.Limits;
import dev.serinus.loadtester.task.Outcome;
import dev.serinus.loadtester.task.Run;
import dev.serinus.loadtester.task.Work;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * Starts a test elsewhere, asks about it until it has ended, and ends it there when its time is
 * over or somebody stops it.
 *
 * @param test what is started
 */
public record RemoteWork(RemoteTest test) implements Work {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteWork.class);

    @Override
    public Ended play(Run run, Limits limits) throws InterruptedException {
        if (!run.began(Thread.currentThread()::interrupt)) {
            return Ended.without(Outcome.STOPPED, run.stopped().orElse(""));
        }
        return new Playing(test, run, limits, System.nanoTime()).play();
    }

    private record Playing(RemoteTest test, Run run, Limits limits, long begun) {

        Ended play() throws InterruptedException {
            String id;
            try {
                id = test.start();
            } catch (NotStarted trouble) {
                return Ended.without(Outcome.NOT_STARTED, String.valueOf(trouble.getMessage()));
            }
            LOG.atInfo()
                    .addKeyValue("canary", run.task().canary())
                    .addKeyValue("type", run.task().type().title())
                    .addKeyValue("run", run.id())
                    .addKeyValue("test", id)
                    .log("test started");
            try {
                return asked(id);
            } catch (InterruptedException stopping) {
                test.stop(id);
                return ended(
                        Outcome.STOPPED, -1, run.stopped().orElse("the load tester is ending"), "");
            }
        }

        private Ended asked(String id) throws InterruptedException {
            long heard = System.nanoTime();
            String trouble = "";
            while (true) {
                Duration left = limits.timeout().minus(since(begun));
                Duration patience = test.silence().minus(since(heard));
                if (!left.isPositive()) {
                    test.stop(id);
                    return ended(
                            Outcome.TIMED_OUT,
                            1,
                            test.title() + " was stopped: its time was over",
                            "");
                }
                if (!patience.isPositive()) {
                    test.stop(id);
                    String because =
                            "%s timed out, after %s without an answer%s"
                                    .formatted(
                                            test.title(),
                                            words(test.silence()),
                                            trouble.isEmpty() ? "" : ": " + trouble);
                    return ended(Outcome.FAILED, 1, because, "");
                }
                Thread.sleep(least(test.interval(), left, patience));
                if (since(heard).compareTo(test.silence()) >= 0
                        || since(begun).compareTo(limits.timeout()) >= 0) {
                    continue;
                }
                switch (test.progress(id)) {
                    case Progress.Running() -> heard = System.nanoTime();
                    case Progress.Unknown(var because) -> trouble = because;
                    case Progress.Over(var exit, var because, var output) -> {
                        return ended(
                                exit == 0 ? Outcome.PASSED : Outcome.FAILED, exit, because, output);
                    }
                }
            }
        }

        private Ended ended(Outcome outcome, int exit, String because, String output) {
            return new Ended(
                    outcome,
                    exit,
                    because,
                    BoundedOutput.of(output, limits.mostOutput()),
                    since(begun));
        }
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static Duration least(Duration one, Duration other, Duration third) {
        Duration least = one.compareTo(other) < 0 ? one : other;
        return least.compareTo(third) < 0 ? least : third;
    }

    private static String words(Duration time) {
        return time.toMillisPart() == 0
                ? time.toSeconds() + " seconds"
                : time.toMillis() + " milliseconds";
    }
}
