package dev.serinus.webhook.hook;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Reply;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks a hook until its answer is there. One that answers 202 with a {@code Location} on its own
 * host is asked there, one that answers 202 with {@code Retry-After} and says that it has followed
 * our preference is asked the same again, so that a long test needs no long connection. Any other
 * 202 is an answer, as in Flagger. An address that was named and is not known there says nothing
 * about the test: what it names may be yet to appear, and later whoever named it began anew, and is
 * asked the same again. All of it takes the time of one attempt at most, and nobody's turn while it
 * waits.
 *
 * <p>Services that start jobs name an address in a 202 without having heard of our preference.
 * Where that address is not for us, the 202 is the answer, as in Flagger, and their job is not
 * started again.
 */
record LongAnswer(OutgoingClient client, Sleeper sleeper, InstantSource clock, CanaryKey canary) {

    private static final Duration USUAL = Duration.ofSeconds(2);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int ACCEPTED = 202;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NO_SUCH_METHOD = 405;
    private static final int GONE = 410;

    /** Whoever names an address that it never knows is not asked for ever. */
    private static final int MOST_BEGUN_ANEW = 3;

    /** For so long an address may be unknown at first: what it names may appear a moment later. */
    private static final Duration APPEARING = Duration.ofSeconds(10);

    /** Left for the last question, so that an answer just before the end counts. */
    private static final Duration LAST = Duration.ofSeconds(1);

    /** How a call is made at an address that the hook names, in the time that is left. */
    @FunctionalInterface
    interface Calls {
        /** The first call when there is no address. */
        Call at(@Nullable URI address, Duration left);
    }

    /**
     * The answer of one attempt.
     *
     * @param preferred the call says that we prefer to be answered later
     */
    Reply of(Calls calls, URI address, Duration timeout, boolean preferred)
            throws InterruptedException {
        Instant end = clock.instant().plus(timeout);
        URI asked = null;
        // By when the address has to be known; null once it was.
        Instant appears = null;
        int begunAnew = 0;
        Reply reply = client.send(canary, calls.at(null, timeout));
        Reply first = reply;
        boolean applied = reply instanceof Reply.Answered it && isApplied(it);
        while (reply instanceof Reply.Answered answered) {
            boolean unknown = asked != null && isForgotten(answered);
            if (!applied && appears != null && isNotForUs(answered, appears)) {
                return first;
            }
            if (unknown && !isBefore(appears) && begunAnew < MOST_BEGUN_ANEW) {
                begunAnew++;
                asked = null;
            } else if (answered.status() == ACCEPTED) {
                Optional<URI> next = next(asked == null ? address : asked, answered);
                if (asked == null && !isToBeAsked(answered, next, preferred)) {
                    return reply;
                }
                appears = asked == null ? appears(end) : null;
                asked = next.orElse(asked);
            } else if (!unknown || !isBefore(appears)) {
                return reply;
            }
            reply = again(calls, asked, answered, end, timeout, applied);
            if (!applied && appears != null && reply instanceof Reply.Unanswered) {
                return first;
            }
        }
        return reply;
    }

    /** Not after the last question. */
    private Instant appears(Instant end) {
        Instant usual = clock.instant().plus(APPEARING);
        Instant last = end.minus(LAST);
        return last.isBefore(usual) ? last : usual;
    }

    /** Whoever has not heard of the preference may start something at each call. */
    private static boolean isToBeAsked(
            Reply.Answered answered, Optional<URI> next, boolean preferred) {
        return isApplied(answered)
                ? next.isPresent() || answered.retryAfter() != null
                : next.isPresent() && preferred;
    }

    /** An address that was never known to whoever asks as we do. */
    private boolean isNotForUs(Reply.Answered answered, Instant appears) {
        return switch (answered.status()) {
            case UNAUTHORIZED, FORBIDDEN, NO_SUCH_METHOD -> true;
            case NOT_FOUND, GONE -> !isBefore(appears);
            default -> false;
        };
    }

    private boolean isBefore(@Nullable Instant time) {
        return time != null && clock.instant().isBefore(time);
    }

    private static boolean isForgotten(Reply.Answered answered) {
        return answered.status() == NOT_FOUND || answered.status() == GONE;
    }

    private static Optional<URI> next(URI from, Reply.Answered answered) {
        return answered.location() == null
                ? Optional.empty()
                : Addresses.onSameSite(from, answered.location());
    }

    private static boolean isApplied(Reply.Answered answered) {
        return answered.applied() != null
                && answered.applied().toLowerCase(Locale.ROOT).contains("respond-async");
    }

    /** The next answer; a connection that breaks while a test runs says nothing about the test. */
    private Reply again(
            Calls calls,
            @Nullable URI asked,
            Reply.Answered last,
            Instant end,
            Duration timeout,
            boolean applied)
            throws InterruptedException {
        Duration pause = pause(last);
        while (true) {
            Duration wait = Duration.between(clock.instant(), end).minus(LAST);
            if (!wait.isPositive()) {
                return new Reply.Unanswered(
                        "its answer was not there within %s, the timeout of the hook"
                                .formatted(Durations.print(timeout)),
                        // Else the next attempt would start the test again beside this one.
                        applied);
            }
            sleeper.sleep(pause.compareTo(wait) < 0 ? pause : wait);
            Duration left = Duration.between(clock.instant(), end);
            Reply reply = client.send(canary, calls.at(asked, left));
            boolean isBroken =
                    reply instanceof Reply.NoTurn
                            || (reply instanceof Reply.Unanswered && reply.worthRepeating())
                            || (asked != null && isBusy(reply));
            if (!isBroken) {
                return reply;
            }
            pause = USUAL;
        }
    }

    /** Whoever says so of an address has not looked for the answer. */
    private static boolean isBusy(Reply reply) {
        return reply instanceof Reply.Answered answered
                && switch (answered.status()) {
                    case 429, 502, 503, 504 -> true;
                    default -> false;
                };
    }

    private static Duration pause(Reply.Answered answered) {
        Duration asked = answered.retryAfter() == null ? USUAL : answered.retryAfter();
        if (asked.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
