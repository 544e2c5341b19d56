package dev.serinus.analysis.lookup;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets a few look into Kafka at a time, or think, and one of each caller: what anybody may ask
 * costs no more than that, and keeps nobody else from asking.
 */
public final class Questions {

    /** Of one caller, with the one that is answered: more are refused at once. */
    private static final int MOST_OF_ONE = 8;

    private final Semaphore turns;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    private final Duration patience;
    private final String others;

    /**
     * With nobody before the door, where questions are looks into Kafka.
     *
     * @param atATime how many are answered at the same time
     * @param patience how long one waits for the turn
     */
    public Questions(int atATime, Duration patience) {
        this(atATime, patience, "others look at the same time: try again");
    }

    /**
     * The same of other questions.
     *
     * @param others what is said to whoever waited for others in vain
     */
    public Questions(int atATime, Duration patience, String others) {
        this.others = others;
        this.turns = new Semaphore(atATime, true);
        this.patience = patience;
    }

    /** What is asked. */
    @FunctionalInterface
    public interface Question<T> {
        /** May take its time. */
        T answer() throws InterruptedException;
    }

    /** Those of one caller; as long as there are some. */
    private record Line(Semaphore turn, int length) {}

    /**
     * Asks when it is its turn; {@link LookupFailed} where that does not come.
     *
     * @param caller who asks
     */
    public <T> T ask(String caller, Question<T> question) throws InterruptedException {
        Line line =
                lines.compute(
                        caller,
                        (_, there) ->
                                there == null
                                        ? new Line(new Semaphore(1, true), 1)
                                        : new Line(there.turn(), there.length() + 1));
        try {
            if (line.length() > MOST_OF_ONE) {
                throw new LookupFailed("you ask too much at the same time: try again");
            }
            long end = System.nanoTime() + patience.toNanos();
            take(line.turn(), end, "you ask more than one thing at the same time: try again");
            try {
                take(turns, end, others);
                try {
                    return question.answer();
                } finally {
                    turns.release();
                }
            } finally {
                line.turn().release();
            }
        } finally {
            lines.computeIfPresent(
                    caller,
                    (_, there) ->
                            there.length() == 1
                                    ? null
                                    : new Line(there.turn(), there.length() - 1));
        }
    }

    private static void take(Semaphore turn, long end, String otherwise)
            throws InterruptedException {
        if (!turn.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw new LookupFailed(otherwise);
        }
    }
}
