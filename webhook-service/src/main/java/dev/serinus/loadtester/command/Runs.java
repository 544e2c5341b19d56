package dev.serinus.loadtester.command;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * All commands that run or have run. Of one command of one canary a single one runs at a time:
 * whoever asks for it again meanwhile gets that one. What was asked for a later release replaces
 * it.
 */
public final class Runs implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
    private static final int REMEMBERED = 200;
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Limits limits;
    private final InstantSource clock;
    private final Consumer<Run> listener;
    private final Semaphore turns;
    private final Map<Command, Run> running = new HashMap<>();
    private final Map<String, Run> byId = new HashMap<>();
    private final Map<String, Run> byQuestion = new HashMap<>();
    private final Deque<Run> remembered = new ArrayDeque<>();
    private boolean closed;

    /** The listener is told of each run that has ended. */
    public Runs(Limits limits, InstantSource clock, Consumer<Run> listener) {
        this.limits = limits;
        this.clock = clock;
        this.listener = listener;
        this.turns = new Semaphore(limits.mostAtOnce(), true);
    }

    /**
     * Closes this process' environment, which may hold passwords, to the commands: they are of the
     * same user. To be called once, before any command runs.
     */
    public static void hideEnvironment() {
        if (!Posix.hideOwnProcess()) {
            LOG.atWarn()
                    .log(
                            "this system lets commands read the environment of the load tester:"
                                    + " keep secrets out of it");
        }
    }

    /**
     * What somebody asks to have run.
     *
     * @param checksum of the release that it is for; empty where nobody said
     * @param question the same for the same call of a hook; empty where nobody said
     * @param output whether the answer is to have the output
     * @param logged whether the log is to have it
     */
    public record Request(
            Command command, String checksum, String question, boolean output, boolean logged) {}

    /** Too many commands wait, or the load tester ends. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String because) {
            super(because);
        }
    }

    /**
     * The run that answers a request: one that is under way already, one that has answered the same
     * question, or a new one. Words that cannot be read are an {@link IllegalArgumentException}.
     */
    public Run ask(Request request) throws Refused {
        Command command = request.command();
        List<String> words = command.words();
        Run former;
        Run run;
        synchronized (this) {
            if (closed) {
                throw new Refused("the load tester is ending");
            }
            former = running.get(command);
            if (former != null && isOfSameRelease(former, request)) {
                return former;
            }
            Run answered = byQuestion.get(request.question());
            if (answered != null && isAnswer(answered, command)) {
                return answered;
            }
            if (running.size() >= limits.mostWaiting()) {
                throw new Refused(running.size() + " commands run or wait");
            }
            run = new Run(request, clock.instant());
            running.put(command, run);
            remember(run);
        }
        if (former != null) {
            former.stop("a later release asks for the same");
        }
        Thread.ofVirtual()
                .name("run " + command.canary())
                .start(() -> play(run, words, request.logged()));
        return run;
    }

    private static boolean isOfSameRelease(Run run, Request request) {
        return run.checksum().isEmpty()
                || request.checksum().isEmpty()
                || run.checksum().equals(request.checksum());
    }

    /** A test that failed is played again when it is asked again: that is what retries are for. */
    private static boolean isAnswer(Run run, Command command) {
        return run.command().equals(command)
                && (!command.type().isWaitedFor() || run.ended().map(Ended::passed).orElse(true));
    }

    private void remember(Run run) {
        byId.put(run.id(), run);
        if (!run.question().isEmpty()) {
            byQuestion.put(run.question(), run);
        }
        remembered.addLast(run);
        while (remembered.size() > REMEMBERED && remembered.getFirst().ended().isPresent()) {
            Run oldest = remembered.removeFirst();
            byId.remove(oldest.id());
            byQuestion.remove(oldest.question(), oldest);
        }
    }

    private void play(Run run, List<String> words, boolean logged) {
        long begun = System.nanoTime();
        Ended how;
        try {
            how = played(run, words);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            how = Ended.without(Outcome.STOPPED, "the load tester is ending");
        }
        synchronized (this) {
            running.remove(run.command(), run);
        }
        run.end(how);
        var line =
                LOG.atInfo()
                        .addKeyValue("canary", run.command().canary())
                        .addKeyValue("type", run.command().type().title())
                        .addKeyValue("run", run.id())
                        .addKeyValue("outcome", how.outcome())
                        .addKeyValue("because", how.because())
                        .addKeyValue("took", Duration.ofNanos(System.nanoTime() - begun));
        (logged ? line.addKeyValue("output", how.output()) : line).log("command ended");
        listener.accept(run);
    }

    private Ended played(Run run, List<String> words) throws InterruptedException {
        Duration wait = run.command().type().isWaitedFor() ? limits.patience() : limits.timeout();
        if (!turns.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            return Ended.without(
                    Outcome.NO_TURN,
                    "it had no turn within %d s: %d commands run"
                            .formatted(wait.toSeconds(), limits.mostAtOnce()));
        }
        try {
            return watched(run, words);
        } catch (IOException trouble) {
            return Ended.without(
                    Outcome.NOT_STARTED,
                    words.getFirst() + " cannot be started: " + trouble.getMessage());
        } finally {
            turns.release();
        }
    }

    private Ended watched(Run run, List<String> words) throws IOException, InterruptedException {
        Map<String, String> environment = new TreeMap<>(limits.environment());
        environment.putAll(run.command().facts());
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
                .addKeyValue("canary", run.command().canary())
                .addKeyValue("type", run.command().type().title())
                .addKeyValue("run", run.id())
                .log("command started");
        var group = ProcessGroup.start(words, environment, limits.directory());
        if (!run.began(group)) {
            group.kill();
        }
        var output = new BoundedOutput(limits.mostOutput());
        // Not a virtual one: a read of a pipe keeps its carrier.
        Thread reader = Thread.ofPlatform().daemon().start(() -> read(group.output(), output));
        boolean inTime = group.await(limits.timeout());
        Duration left = limits.timeout().minusNanos(System.nanoTime() - begun);
        // As in Flagger, what still writes belongs to the command.
        inTime = inTime && left.isPositive() && reader.join(left);
        if (inTime) {
            endLater(group, left);
        } else {
            group.end();
            reader.join(Duration.ofSeconds(1));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        return ended(run, inTime, group, output.text(), took);
    }

    private static Ended ended(
            Run run, boolean inTime, ProcessGroup group, String output, Duration took)
            throws InterruptedException {
        if (run.stopped().isPresent()) {
            String because = Ended.KILLED + ": " + run.stopped().get();
            return new Ended(Outcome.STOPPED, -1, because, output, took);
        }
        if (!inTime) {
            return new Ended(Outcome.TIMED_OUT, -1, Ended.KILLED, output, took);
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

    /** The run of this name, while it is remembered. */
    public synchronized Optional<Run> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Those that are remembered, the last first. */
    public synchronized List<Run> all() {
        List<Run> all = new ArrayList<>(remembered);
        return all.reversed();
    }

    /** Ends all that runs of a canary, and says how many that were. */
    public int stop(String namespace, String name, String because) {
        List<Run> those;
        synchronized (this) {
            those =
                    running.values().stream()
                            .filter(run -> run.command().namespace().equals(namespace))
                            .filter(run -> run.command().name().equals(name))
                            .toList();
        }
        those.forEach(run -> run.stop(because));
        return those.size();
    }

    /** Takes no more; those that a hook waits for may end within this time. */
    public void drain(Duration patience) throws InterruptedException {
        List<Run> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(running.values());
        }
        long last = System.nanoTime() + patience.toNanos();
        for (Run run : left) {
            while (run.command().type().isWaitedFor()
                    && run.ended().isEmpty()
                    && System.nanoTime() < last) {
                Thread.sleep(Duration.ofMillis(20));
            }
        }
    }

    /** Ends all that still runs. */
    @Override
    public void close() {
        List<Run> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(running.values());
        }
        left.forEach(run -> run.stop("the load tester is ending"));
    }
}
