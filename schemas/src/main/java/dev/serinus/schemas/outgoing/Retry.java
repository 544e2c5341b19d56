package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Repeats an attempt as Flagger does: pauses of 1 s, 2 s, 4 s and so on up to 30 s, or what the
 * other side asked for with a 429 or 503, which is cut at 30 s too so that a call has a longest
 * duration.
 */
public final class Retry {

    /** The longest pause. */
    public static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private Retry() {}

    /** One attempt. */
    @FunctionalInterface
    public interface Attempt {
        Reply make() throws InterruptedException;
    }

    /** The last reply, and how many attempts it took. */
    public record Outcome(Reply last, int attempts) {}

    /** Makes one attempt and, while they are worth repeating, up to {@code retries} more. */
    public static Outcome upTo(int retries, Sleeper sleeper, Attempt attempt)
            throws InterruptedException {
        for (int made = 1; ; made++) {
            Reply reply = attempt.make();
            if (!reply.worthRepeating() || made > retries) {
                return new Outcome(reply, made);
            }
            sleeper.sleep(pause(made, reply));
        }
    }

    private static Duration pause(int made, Reply reply) {
        Duration asked = asked(reply);
        Duration pause = asked != null ? asked : Duration.ofSeconds(1L << Math.min(made - 1, 5));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static @Nullable Duration asked(Reply reply) {
        return switch (reply) {
            case Reply.Answered(int status, _, Duration after, _, _, _, _)
                    when status == 429 || status == 503 ->
                    after;
            case Reply.Answered _, Reply.Unanswered _, Reply.NoTurn _ -> null;
        };
    }
}
