package dev.serinus.loadtester.remote;

import dev.serinus.loadtester.remote.RemoteTest.NotStarted;
import dev.serinus.loadtester.remote.RemoteTest.Progress;
import dev.serinus.loadtester.task.BoundedOutput;
import dev.serinus.loadtester.task.Ended;
import dev.serinus.loadtester.task.Limits;
import dev.serinus.loadtester.task.Outcome;
import dev.serinus.loadtester.task.Run;
import dev.serinus.loadtester.task.TimeLeft;
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
                return Ended.without(trouble.outcome(), String.valueOf(trouble.getMessage()));
            } catch (InterruptedException stopping) {
                return stoppedUnnamed();
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
                if (goesOn()) {
                    return Ended.without(
                            Outcome.UNKNOWN,
                            "the load tester is ending, %s %s goes on".formatted(test.title(), id));
                }
                return ended(Outcome.STOPPED, -1, because(), test.stop(id));
            }
        }

        private boolean goesOn() {
            return run.isLeft() && test.isFoundAgain();
        }

        private String because() {
            return run.stopped().orElse("the load tester is ending");
        }

        private Ended stoppedUnnamed() throws InterruptedException {
            if (goesOn()) {
                return Ended.without(Outcome.UNKNOWN, because());
            }
            if (!test.stopUnnamed()) {
                LOG.atWarn()
                        .addKeyValue("canary", run.task().canary())
                        .addKeyValue("type", run.task().type().title())
                        .addKeyValue("run", run.id())
                        .log("test stopped while it was started, it may run on there");
            }
            return Ended.without(Outcome.STOPPED, because());
        }

        private Ended asked(String id) throws InterruptedException {
            long heard = System.nanoTime();
            while (true) {
                orStopped();
                TimeLeft left = left();
                if (left.isOver()) {
                    return ended(
                            Outcome.TIMED_OUT,
                            1,
                            test.title() + " was stopped: its time was over " + left.limit(),
                            test.stop(id));
                }
                // Where it is asked less often than that it is asked once before it is given up.
                Thread.sleep(
                        least(test.interval(), left.time(), test.silence().minus(since(heard))));
                if (left().isOver()) {
                    continue;
                }
                switch (test.progress(id)) {
                    case Progress.Running() -> heard = System.nanoTime();
                    case Progress.Unknown(var because) -> {
                        if (since(heard).compareTo(test.silence()) >= 0) {
                            return ended(Outcome.FAILED, 1, silent(because), test.stop(id));
                        }
                    }
                    case Progress.Lost(var because) -> {
                        return Ended.without(Outcome.UNKNOWN, because);
                    }
                    case Progress.Over(var exit, var because, var output) -> {
                        return ended(
                                exit == 0 ? Outcome.PASSED : Outcome.FAILED, exit, because, output);
                    }
                }
            }
        }

        private TimeLeft left() {
            return run.left(begun, limits.timeout());
        }

        /** An interrupt may be lost in a client of others. */
        private void orStopped() throws InterruptedException {
            if (run.stopped().isPresent()) {
                Thread.interrupted();
                throw new InterruptedException("the run was stopped");
            }
        }

        private String silent(String because) {
            return "%s timed out, after %s without an answer: %s"
                    .formatted(test.title(), words(test.silence()), because);
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
        least = least.compareTo(third) < 0 ? least : third;
        return least.isNegative() ? Duration.ZERO : least;
    }

    private static String words(Duration time) {
        return time.toMillisPart() == 0
                ? time.toSeconds() + " seconds"
                : time.toMillis() + " milliseconds";
    }
}
