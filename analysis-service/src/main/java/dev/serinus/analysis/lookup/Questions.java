package dev.serinus.analysis.lookup;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets a few look into Kafka at a time: what anybody may ask costs no more than that. */
public final class Questions {

    private static final int AT_A_TIME = 2;

    private final Semaphore turns = new Semaphore(AT_A_TIME, true);
    private final Duration patience;

    /**
     * With nobody before the door.
     *
     * @param patience how long one waits for the turn
     */
    public Questions(Duration patience) {
        this.patience = patience;
    }

    /** What is asked. */
    @FunctionalInterface
    public interface Question<T> {
        /** May take its time. */
        T answer() throws InterruptedException;
    }

    /** Asks when it is its turn; {@link LookupFailed} where that does not come. */
    public <T> T ask(Question<T> question) throws InterruptedException {
        if (!turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new LookupFailed("others look at the same time: try again");
        }
        try {
            return question.answer();
        } finally {
            turns.release();
        }
    }
}
