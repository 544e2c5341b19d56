package dev.serinus.notifier.alert;

import dev.serinus.schemas.outgoing.Sleeper;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * For how long a receiver that does not answer is asked again: pauses of 1 s, 2 s, 4 s and so on up
 * to 30 s, or what it asked for, until this time is over.
 *
 * @param nanos a time that no clock that is set changes, such as {@link System#nanoTime}
 */
public record Patience(Duration time, LongSupplier nanos, Sleeper sleeper) {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** Begins to count. */
    Round begin() {
        return new Round(nanos.getAsLong());
    }

    /** One alert's attempts. */
    final class Round {
        private final long began;
        private Duration next = Duration.ofSeconds(1);
        private Duration asked = Duration.ZERO;

        private Round(long began) {
            this.began = began;
        }

        /** A receiver asked to be left alone for so long. */
        void asked(@Nullable Duration other) {
            if (other != null && other.compareTo(asked) > 0) {
                asked = other;
            }
        }

        /** Waits until it is time for another attempt; false when there is to be none. */
        boolean pause() throws InterruptedException {
            Duration wanted = asked.compareTo(next) > 0 ? asked : next;
            Duration pause = wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
            Duration passed = Duration.ofNanos(nanos.getAsLong() - began);
            if (passed.plus(pause).compareTo(time) > 0) {
                return false;
            }
            sleeper.sleep(pause);
            next = next.multipliedBy(2);
            asked = Duration.ZERO;
            return true;
        }
    }
}
