package dev.serinus.loadtester.command;

import dev.serinus.loadtester.task.BoundedOutput;
import dev.serinus.loadtester.task.Ended;
import dev.serinus.loadtester.task.Limits;
import dev.serinus.loadtester.task.Outcome;
import dev.serinus.loadtester.task.Run;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Has a command run to its end, or to that of its time. */
record Execution(Limits limits) {

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    Ended of(Run run, List<String> words) throws IOException, InterruptedException {
        Map<String, String> environment = new TreeMap<>(limits.environment());
        // Whose it is, for scripts.
        environment.put("CANARY_NAME", run.task().name());
        environment.put("CANARY_NAMESPACE", run.task().namespace());
        if (run.stopped().isPresent()) {
            return Ended.without(Outcome.STOPPED, run.stopped().get());
        }
        if (ProcessGroup.program(words.getFirst(), environment).isEmpty()) {
            return Ended.without(
                    Outcome.NOT_STARTED,
                    "exec: \"%s\": executable file not found in $PATH".formatted(words.getFirst()));
        }
        long begun = System.nanoTime();
        LOG.atInfo()
                .addKeyValue("canary", run.task().canary())
                .addKeyValue("type", run.task().type().title())
                .addKeyValue("run", run.id())
                .log("command started");
        var group = ProcessGroup.start(words, environment, limits.directory());
        try {
            return watched(run, group, begun);
        } catch (Throwable broken) {
            // Nobody would end it any more.
            group.kill();
            throw broken;
        }
    }

    private Ended watched(Run run, ProcessGroup group, long begun) throws InterruptedException {
        if (!run.began(group::kill)) {
            group.kill();
        }
        var output = new BoundedOutput(limits.mostOutput());
        // Not a virtual one: a read of a pipe keeps its carrier.
        Thread reader = Thread.ofPlatform().daemon().start(() -> read(group.output(), output));
        // As in Flagger, what still writes belongs to the command.
        boolean inTime = isInTime(run, begun, group::await) && isInTime(run, begun, reader::join);
        if (inTime) {
            endLater(group, limits.timeout().minusNanos(System.nanoTime() - begun));
        } else {
            group.end();
            reader.join(Duration.ofSeconds(1));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        return ended(run, begun, inTime, group, output.text(), took);
    }

    /** What is waited for, for so long at most; says whether it came. */
    @FunctionalInterface
    private interface Wait {
        boolean within(Duration time) throws InterruptedException;
    }

    /** Its time grows where another hook asks for the same and waits longer. */
    private boolean isInTime(Run run, long begun, Wait wait) throws InterruptedException {
        for (var left = run.left(begun, limits.timeout());
                !left.isOver();
                left = run.left(begun, limits.timeout())) {
            if (wait.within(left.time())) {
                return true;
            }
        }
        return false;
    }

    private Ended ended(
            Run run, long begun, boolean inTime, ProcessGroup group, String output, Duration took) {
        if (run.stopped().isPresent()) {
            String because = Ended.KILLED + ": " + run.stopped().get();
            return new Ended(Outcome.STOPPED, -1, because, output, took);
        }
        if (!inTime) {
            String limit = run.left(begun, limits.timeout()).limit();
            return new Ended(Outcome.TIMED_OUT, -1, Ended.KILLED + " " + limit, output, took);
        }
        int exit = group.exit();
        return exit == 0
                ? new Ended(Outcome.PASSED, 0, "", output, took)
                : new Ended(Outcome.FAILED, exit, "exit status " + exit, output, took);
    }

    /** What a command left running without a word has the rest of its time. */
    private static void endLater(ProcessGroup group, Duration left) {
        if (!group.isLeft()) {
            return;
        }
        Thread.startVirtualThread(
                () -> {
                    try {
                        long last = System.nanoTime() + left.toNanos();
                        while (group.isLeft() && System.nanoTime() < last) {
                            Thread.sleep(LOOK);
                        }
                        if (group.isLeft()) {
                            group.end();
                        }
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static void read(InputStream from, BoundedOutput to) {
        byte[] bytes = new byte[8192];
        try {
            for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
                to.write(bytes, count);
            }
        } catch (IOException closed) {
            LOG.atDebug().setCause(closed).log("the output of a command was closed");
        }
    }
}
