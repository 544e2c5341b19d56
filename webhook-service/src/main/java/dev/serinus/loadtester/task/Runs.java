package dev.serinus.loadtester.task;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All tasks that run or have run. Of one task of one canary a single one runs at a time: whoever
 * asks for it again meanwhile gets that one. What was asked for a later release replaces it.
 */
public final class Runs implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
    private static final int REMEMBERED = 200;
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final Limits limits;
    private final InstantSource clock;
    private final Consumer<Run> listener;
    private final Turns turns;
    private final Map<Task, Run> running = new HashMap<>(); // guarded by this
    private final Remembered remembered = new Remembered(REMEMBERED); // guarded by this
    private boolean closed; // guarded by this

    /** The listener is told of each run that has ended. */
    public Runs(Limits limits, InstantSource clock, Consumer<Run> listener) {
        this.limits = limits;
        this.clock = clock;
        this.listener = listener;
        this.turns = new Turns(limits);
    }

    /**
     * What somebody asks to have run.
     *
     * @param facts how far the rollout is
     * @param checksum of the release that it is for; empty where nobody said
     * @param question the same for the same call of a hook; empty where nobody said
     * @param output whether the answer is to have the output
     * @param logged whether the log is to have it
     * @param awaited how long whoever asks waits for its end; null for as long as it takes
     */
    public record Request(
            Task task,
            RunFacts facts,
            String checksum,
            String question,
            boolean output,
            boolean logged,
            @Nullable Duration awaited) {

        /** By whom waits as long as it takes. */
        public Request(
                Task task,
                RunFacts facts,
                String checksum,
                String question,
                boolean output,
                boolean logged) {
            this(task, facts, checksum, question, output, logged, null);
        }
    }

    /** Too many tasks wait, or the load tester ends. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String because) {
            super(because);
        }
    }

    /**
     * The run that answers a request: one that is under way already, one that has answered the same
     * question, or a new one.
     */
    public Run ask(Request request) throws Refused, TaskType.Unusable {
        Task task = request.task();
        Work work = task.type().work(task);
        Run former;
        Run run;
        synchronized (this) {
            if (closed) {
                throw new Refused("the load tester is ending");
            }
            former = running.get(task);
            if (former != null
                    && isOfSameRelease(former, request)
                    && isOfSameRun(former, request)
                    && former.join(request.awaited())) {
                return former;
            }
            Optional<Run> answered = remembered.ofQuestion(request.question());
            if (answered.isPresent() && isAnswer(answered.get(), request)) {
                return answered.get();
            }
            Optional<String> refusal = turns.refusal(task, running.keySet());
            if (refusal.isPresent()) {
                throw new Refused(refusal.get());
            }
            run = new Run(request, clock.instant());
            running.put(task, run);
            remembered.add(run);
        }
        try {
            if (former != null) {
                former.stop(
                        isOfSameRelease(former, request)
                                ? "a later run or phase of the release asks for the same"
                                : "a later release asks for the same");
            }
            Thread.ofVirtual()
                    .name("run " + task.canary())
                    .start(() -> play(run, work, request.logged()));
        } catch (Throwable broken) {
            end(run, broken(run, broken));
            throw broken;
        }
        return run;
    }

    private static boolean isOfSameRelease(Run run, Request request) {
        return run.checksum().isEmpty()
                || request.checksum().isEmpty()
                || run.checksum().equals(request.checksum());
    }

    /**
     * What began for another run of the rollout, or in another phase of it, is no answer to this.
     * Loads decide nothing, and go on.
     */
    private static boolean isOfSameRun(Run run, Request request) {
        RunFacts one = run.facts();
        RunFacts other = request.facts();
        return !request.task().type().isWaitedFor()
                || ((one.run() == 0 || other.run() == 0 || one.run() == other.run())
                        && (one.phase().isEmpty()
                                || other.phase().isEmpty()
                                || one.phase().equals(other.phase())));
    }

    /**
     * A test that failed is played again when it is asked again: that is what retries are for. So
     * is one that is ending before its time, or since its time is over.
     */
    private static boolean isAnswer(Run run, Request request) {
        return run.task().equals(request.task())
                && (!request.task().type().isWaitedFor()
                        || run.ended()
                                .map(Ended::passed)
                                .orElseGet(
                                        () ->
                                                run.stopped().isEmpty()
                                                        && run.join(request.awaited())));
    }

    private void play(Run run, Work work, boolean logged) {
        long begun = System.nanoTime();
        Ended how;
        try {
            how = played(run, work);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            how = Ended.without(Outcome.STOPPED, run.stopped().orElse("the load tester is ending"));
        } catch (Throwable broken) {
            // Whatever it is, somebody waits for an answer and others for the place.
            how = broken(run, broken);
        }
        end(run, how);
        // Of a load nobody waits for the answer, and a release may be over before the next one.
        boolean lacks = how.lacksProgram();
        var line =
                LOG.atLevel(lacks ? Level.WARN : Level.INFO)
                        .addKeyValue("canary", run.task().canary())
                        .addKeyValue("type", run.task().type().title())
                        .addKeyValue("run", run.id())
                        .addKeyValue("outcome", how.outcome())
                        .addKeyValue("because", how.because())
                        .addKeyValue("took", Duration.ofNanos(System.nanoTime() - begun));
        if (lacks && !how.program().isEmpty()) {
            line = line.addKeyValue("program", how.program());
        }
        (logged ? line.addKeyValue("output", how.output()) : line).log("task ended");
        listener.accept(run);
    }

    private Ended played(Run run, Work work) throws IOException, InterruptedException {
        if (!turns.await(run.task())) {
            return Ended.without(
                    Outcome.NO_TURN,
                    "it had no turn within %d s: %d tasks may run at once, half of them of one namespace"
                            .formatted(limits.patience().toSeconds(), limits.mostAtOnce()));
        }
        try {
            return run.left(System.nanoTime(), limits.timeout()).isOver()
                    ? Ended.without(Outcome.NO_TURN, "its turn came when no hook waited any more")
                    : work.play(run, limits);
        } finally {
            turns.leave(run.task());
        }
    }

    /** The text of an input-output failure says what is missing; that of others may quote. */
    private static Ended broken(Run run, Throwable trouble) {
        String because =
                trouble instanceof IOException
                        ? String.valueOf(trouble.getMessage())
                        : trouble.getClass().getSimpleName();
        LOG.atWarn()
                .addKeyValue("run", run.id())
                .addKeyValue("because", because)
                .log("task broken off");
        return Ended.without(
                Outcome.NOT_STARTED, run.task().type().title() + " cannot be started: " + because);
    }

    private void end(Run run, Ended how) {
        synchronized (this) {
            running.remove(run.task(), run);
        }
        run.end(how);
        synchronized (this) {
            remembered.forget();
        }
    }

    /**
     * The last run of a task that has ended, for the same release, of those that another call has
     * asked for; empty where there is none.
     */
    public synchronized Optional<Run> lastEnded(Request request) {
        return remembered.all().stream()
                .filter(run -> run.task().equals(request.task()))
                .filter(run -> run.ended().isPresent() && isOfSameRelease(run, request))
                .filter(
                        run ->
                                request.question().isEmpty()
                                        || !run.question().equals(request.question()))
                .findFirst();
    }

    /** The run of this name, while it is remembered. */
    public synchronized Optional<Run> find(String id) {
        return remembered.find(id);
    }

    /** Those that are remembered, the last first. */
    public synchronized List<Run> all() {
        return remembered.all();
    }

    /** Ends all that runs of a canary, and says how many that were. */
    public int stop(String namespace, String name, String because) {
        List<Run> those;
        synchronized (this) {
            those =
                    running.values().stream()
                            .filter(run -> run.task().namespace().equals(namespace))
                            .filter(run -> run.task().name().equals(name))
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
            while (run.task().type().isWaitedFor()
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
        left.forEach(Run::leave);
        awaitEnds(left);
    }

    /** What runs elsewhere is ended there meanwhile. */
    private static void awaitEnds(List<Run> left) {
        long last = System.nanoTime() + ENDING.toNanos();
        try {
            for (Run run : left) {
                run.await(Duration.ofNanos(Math.max(0, last - System.nanoTime())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
