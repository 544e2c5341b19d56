package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.provider.Answer;
import dev.serinus.watcher.metrics.provider.MetricsProvider;
import dev.serinus.watcher.metrics.provider.ProviderSettings;
import dev.serinus.watcher.metrics.provider.Providers;

import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets the canaries of a namespace that ask the same of the same provider, with the same settings
 * and credentials, share an answer. No answer is older than the question it answers: a question
 * shares what began after it came, or what is yet to begin, and that begins once a second at most.
 * So whoever asks after another waits up to a second for those who come meanwhile, and a provider
 * hears each question ten times in the shortest interval of checks, however many ask it. Safe for
 * use by many threads.
 */
final class SharedQuestions {

    /** From the begin of one to the begin of the next that is equal. */
    static final Duration PACE = Duration.ofSeconds(1);

    /** After so long those are dropped whose pace is over. */
    private static final Duration SWEEP = Duration.ofSeconds(10);

    /** Longer answers are let go of at once. */
    private static final int FEW_SAMPLES = 100;

    private final InstantSource clock;
    private final Sleeper sleeper;
    private final MeterRegistry meters;
    private final AtomicLong order = new AtomicLong();
    private final Map<Question, Place> places = new HashMap<>(); // guarded by this
    private Instant sweep = Instant.MAX; // when to drop next; guarded by this

    SharedQuestions(InstantSource clock, Sleeper sleeper, MeterRegistry meters) {
        this.clock = clock;
        this.sleeper = sleeper;
        this.meters = meters;
    }

    /**
     * What makes questions equal.
     *
     * @param namespace of the canary: what one may read, and its turns, are not another's
     * @param settings their digest, so that no credential is kept
     * @param kind which method of the provider is asked
     * @param query its digest, since a query may be long
     */
    private record Question(String namespace, String settings, String kind, String query) {}

    /** One asking; its answer is empty when whoever did it gave up. */
    private static final class Flight {
        private final CompletableFuture<Optional<Answer>> answer = new CompletableFuture<>();
    }

    private static final class Place {
        private @Nullable Flight coming;
        private @Nullable Flight begun;
        private long begunAs;
        private Instant begunAt = Instant.MIN;

        private boolean isOver(Instant now) {
            return coming == null
                    && (begun == null || begun.answer.isDone())
                    && begunAt.isBefore(now.minus(PACE));
        }
    }

    private interface Asking {
        Answer ask() throws InterruptedException;
    }

    /**
     * How the questions of one step are asked that has just come: whatever began before now may
     * have been measured before the step's traffic was set.
     */
    Providers.Sharing fromNow() {
        long came = order.incrementAndGet();
        return (canary, settings, provider) -> new Shared(canary, settings, provider, came);
    }

    private final class Shared implements MetricsProvider {
        private final CanaryKey canary;
        private final String settings;
        private final MetricsProvider provider;
        private final long came;

        private Shared(
                CanaryKey canary, ProviderSettings settings, MetricsProvider provider, long came) {
            this.canary = canary;
            this.settings = settings.digest();
            this.provider = provider;
            this.came = came;
        }

        @Override
        public Answer ask(String query) throws InterruptedException {
            return shared(question("ask", query), came, () -> provider.ask(query));
        }

        /** Two canaries seldom have their traffic since the same moment: nothing is shared. */
        @Override
        public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
                throws InterruptedException {
            var answer = provider.range(query, from, to, step);
            if (answer.isPresent()) {
                count("asked");
            }
            return answer;
        }

        @Override
        public boolean speaksPromQl() {
            return provider.speaksPromQl();
        }

        @Override
        public Duration late() {
            return provider.late();
        }

        @Override
        public Answer available() throws InterruptedException {
            return shared(question("available", ""), came, provider::available);
        }

        private Question question(String kind, String query) {
            return new Question(canary.namespace(), settings, kind, Revision.digest(query));
        }
    }

    /** The flight that answers; who leads it sees to it that it is done, after this wait. */
    private record Seat(Place place, Flight flight, boolean leads, Duration pause) {}

    private Answer shared(Question question, long came, Asking asking) throws InterruptedException {
        while (true) {
            Seat seat = seat(question, came);
            if (seat.leads()) {
                return led(seat, asking);
            }
            Optional<Answer> answer = answer(seat.flight());
            if (answer.isPresent()) {
                count("shared");
                return answer.get();
            }
        }
    }

    private Answer led(Seat seat, Asking asking) throws InterruptedException {
        try {
            if (seat.pause().isPositive()) {
                sleeper.sleep(seat.pause());
            }
            begin(seat);
            count("asked");
            Answer answer = asking.ask();
            seat.flight().answer.complete(Optional.of(answer));
            if (answer instanceof Answer.Samples some && some.samples().size() > FEW_SAMPLES) {
                forget(seat);
            }
            return answer;
        } catch (RuntimeException failed) {
            forget(seat);
            seat.flight().answer.completeExceptionally(failed);
            throw failed;
        } finally {
            if (!seat.flight().answer.isDone()) {
                forget(seat);
                seat.flight().answer.complete(Optional.empty());
            }
        }
    }

    private void count(String how) {
        meters.counter("serinus.watcher.metric.questions", "how", how).increment();
    }

    private static Optional<Answer> answer(Flight flight) throws InterruptedException {
        try {
            return flight.answer.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("whoever asked for all failed", failed.getCause());
        }
    }

    private synchronized Seat seat(Question question, long came) {
        Instant now = clock.instant();
        if (!now.isBefore(sweep) || now.isBefore(sweep.minus(SWEEP))) {
            places.values().removeIf(each -> each.isOver(now));
            sweep = now.plus(SWEEP);
        }
        Place place = places.computeIfAbsent(question, _ -> new Place());
        if (place.begun != null && place.begunAs > came) {
            return new Seat(place, place.begun, false, Duration.ZERO);
        }
        if (place.coming != null) {
            return new Seat(place, place.coming, false, Duration.ZERO);
        }
        var flight = new Flight();
        place.coming = flight;
        return new Seat(place, flight, true, pause(place, now));
    }

    /** Never more than the pace, also when a clock goes back. */
    private static Duration pause(Place place, Instant now) {
        if (place.begunAt.isBefore(now.minus(PACE))) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(now, place.begunAt.plus(PACE));
        return left.compareTo(PACE) < 0 ? left : PACE;
    }

    private synchronized void begin(Seat seat) {
        seat.place().coming = null;
        seat.place().begun = seat.flight();
        seat.place().begunAs = order.incrementAndGet();
        seat.place().begunAt = clock.instant();
    }

    private synchronized void forget(Seat seat) {
        Place place = seat.place();
        if (place.coming == seat.flight()) {
            place.coming = null;
        }
        if (place.begun == seat.flight()) {
            place.begun = null;
        }
    }
}
