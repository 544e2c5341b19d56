package dev.serinus.loadtester.task;

import dev.serinus.schemas.canary.Durations;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One run of a task, from when it was asked for. */
public final class Run {

    private final String id = UUID.randomUUID().toString();
    private final Runs.Request request;
    private final Instant asked;
    private final CompletableFuture<Ended> end = new CompletableFuture<>();
    private @Nullable Runnable ending;
    private @Nullable String stopped;
    private boolean left;
    private @Nullable String toldTo;
    private final long asking = System.nanoTime();
    private @Nullable Duration awaited; // since asking; null for as long as it takes
    private boolean over;

    Run(Runs.Request request, Instant asked) {
        this.request = request;
        this.asked = asked;
        this.awaited = request.task().type().isWaitedFor() ? request.awaited() : null;
    }

    /**
     * Somebody else asks for it, and waits so long; for as long as it takes when null. False when
     * its time is over: then it is no answer any more.
     */
    synchronized boolean join(@Nullable Duration waits) {
        if (over) {
            return false;
        }
        if (waits == null) {
            awaited = null;
        } else if (awaited != null) {
            Duration until = sinceAsking().plus(waits);
            awaited = until.compareTo(awaited) > 0 ? until : awaited;
        }
        return true;
    }

    private Duration sinceAsking() {
        return Duration.ofNanos(System.nanoTime() - asking);
    }

    /**
     * How much longer it may take: until its own limit, and as long as anybody waits for it. Once
     * its time is over it stays so.
     *
     * @param begun when it began, by {@link System#nanoTime}
     * @param most the load tester's own limit
     */
    public synchronized TimeLeft left(long begun, Duration most) {
        Duration own = most.minusNanos(System.nanoTime() - begun);
        Duration others = awaited == null ? null : awaited.minus(sinceAsking());
        var left =
                others == null || others.compareTo(own) > 0
                        ? new TimeLeft(
                                own,
                                "after %s (SERINUS_LOADTESTER_TIMEOUT)"
                                        .formatted(Durations.print(most)))
                        : new TimeLeft(
                                others,
                                "after %s, when no hook waited for it any more (its timeout)"
                                        .formatted(Durations.print(waited())));
        over |= left.isOver();
        return left;
    }

    private Duration waited() {
        return awaited == null ? Duration.ZERO : awaited.truncatedTo(ChronoUnit.MILLIS);
    }

    public String id() {
        return id;
    }

    public Task task() {
        return request.task();
    }

    /** Of the release that it was asked for; empty where the hook did not say. */
    public String checksum() {
        return request.checksum();
    }

    /** The same for the same call of a hook; empty where nobody said. */
    public String question() {
        return request.question();
    }

    public Instant asked() {
        return asked;
    }

    /** Whether the answer to the hook is to have the output. */
    public boolean isOutputWanted() {
        return request.output();
    }

    /** How it ended; empty while it runs or waits for its turn. */
    public Optional<Ended> ended() {
        return end.isDone() ? Optional.of(end.join()) : Optional.empty();
    }

    /** Waits for its end, which comes by its time-out at the latest. */
    public Ended await() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException broken) {
            throw new IllegalStateException("a run always ends with a value", broken);
        }
    }

    /** Waits for its end, and says whether it came. */
    public boolean await(Duration atMost) throws InterruptedException {
        try {
            end.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException broken) {
            throw new IllegalStateException("a run always ends with a value", broken);
        }
    }

    void end(Ended how) {
        end.complete(how);
    }

    /** How far the rollout is, as the hook said. */
    public RunFacts facts() {
        return request.facts();
    }

    /**
     * To be called once it can be ended by {@code ending}, which is not to wait. False when it was
     * stopped before.
     */
    public synchronized boolean began(Runnable ending) {
        this.ending = ending;
        return stopped == null;
    }

    /** Why somebody stopped it; empty when nobody did. */
    public synchronized Optional<String> stopped() {
        return Optional.ofNullable(stopped);
    }

    /**
     * Whether this call of a hook is the one that is told how it ended, as it is when it is made
     * again: of each run one is.
     */
    public synchronized boolean isToldTo(String question) {
        if (toldTo == null) {
            toldTo = question;
            return true;
        }
        return !question.isEmpty() && toldTo.equals(question);
    }

    /** Whether it was stopped since the load tester ends, and for nothing else. */
    public synchronized boolean isLeft() {
        return left;
    }

    /** Ends it before its time. */
    void stop(String because) {
        stop(because, false);
    }

    /** The load tester ends: what another one finds again may go on elsewhere. */
    void leave() {
        stop("the load tester is ending", true);
    }

    /** Who sees that it was stopped knows that it was told so, too. */
    private synchronized void stop(String because, boolean leaving) {
        if (stopped != null || over || end.isDone()) {
            return;
        }
        stopped = because;
        left = leaving;
        if (ending != null) {
            ending.run();
        }
    }
}
