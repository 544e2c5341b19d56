package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/**
 * What a canary waits for, with exactly what is needed there. The phase that people see follows
 * from it.
 */
public sealed interface Stage {

    /** The part of the canary's life that this is. */
    Part part();

    /** When it needs a timer; empty where only an event leads on. */
    default Optional<Instant> due() {
        return Optional.empty();
    }

    /** No valid spec was seen yet. */
    record Unknown() implements Stage {
        @Override
        public Part part() {
            return Part.NONE;
        }
    }

    /** Somebody was asked something. */
    record Asking(Question question, Ask ask) implements Stage {
        @Override
        public Part part() {
            return question.part();
        }

        @Override
        public Optional<Instant> due() {
            return Optional.of(ask.due());
        }
    }

    /** Something is to happen by itself, or the time is to pass. */
    record Waiting(Awaited awaited, Wait timer) implements Stage {
        @Override
        public Part part() {
            return awaited.part();
        }

        @Override
        public Optional<Instant> due() {
            return Optional.of(timer.next());
        }
    }

    /**
     * The first primary was not ready in time. It is still waited for, or a newer template; the
     * target goes on serving.
     */
    record InitializationFailed(String because) implements Stage {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /** Nothing to do until something changes. */
    record Resting() implements Stage {
        @Override
        public Part part() {
            return Part.REST;
        }
    }

    /** Restored; the object is about to go. */
    record Terminated() implements Stage {
        @Override
        public Part part() {
            return Part.DELETION;
        }
    }

    /**
     * The object is gone.
     *
     * @param left true where it is there, and another installation claims it; null otherwise
     */
    record Gone(@Nullable Boolean left) implements Stage {

        /** It is no more. */
        Gone() {
            this(null);
        }

        @Override
        public Part part() {
            return Part.NONE;
        }
    }

    /** The question that is open; null where none is. */
    default @Nullable Question question() {
        return this instanceof Asking asking ? asking.question() : null;
    }

    /** What it is waited for; null where nothing is. */
    default @Nullable Awaited awaited() {
        return this instanceof Waiting waiting ? waiting.awaited() : null;
    }

    /** Names the question or the wait; empty where there is neither. */
    default Optional<Long> step() {
        return switch (this) {
            case Asking asking -> Optional.of(asking.ask().step());
            case Waiting waiting -> Optional.of(waiting.timer().step());
            case Unknown _, InitializationFailed _, Resting _, Terminated _, Gone _ ->
                    Optional.empty();
        };
    }

    /** What logs call it. */
    default String label() {
        return switch (this) {
            case Asking(var question, var _) -> question.getClass().getSimpleName();
            case Waiting(var awaited, var _) -> awaited.getClass().getSimpleName();
            case Unknown _, InitializationFailed _, Resting _, Terminated _, Gone _ ->
                    getClass().getSimpleName();
        };
    }
}
