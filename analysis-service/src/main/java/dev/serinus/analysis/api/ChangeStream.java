package dev.serinus.analysis.api;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.serinus.analysis.fleet.Changes;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells one listener what changes, as server-sent events: first all rollouts, or what changed since
 * the event that the listener saw last. Nothing is kept for a listener but a number: one that reads
 * slowly is told the latest of each rollout when it reads again, and one that does not read at all
 * is given up.
 */
final class ChangeStream implements Publisher<byte[]> {

    /** Rollouts in one event: a page can show the first while the others are still on their way. */
    private static final int AT_ONCE = 500;

    /** A listener that takes nothing for so long is not there any more. */
    private static final Duration GIVEN_UP = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(ChangeStream.class);

    private static final int MOST_WANTED = Integer.MAX_VALUE / 2;

    private final FleetView fleet;
    private final Sight sight;
    private final @Nullable CanaryKey one;
    private final String lastEventId;
    private final Duration beat;
    private final Listeners listeners;

    /** One event of several that go out together. */
    private record Told(String type, Object data) {}

    /** Those who listen. */
    interface Listeners {

        /** False where there is no place for another, who then never leaves either. */
        boolean came();

        void left();
    }

    /** What a listener may see now, which may change while it listens. */
    interface Sight {

        /** Why it is over; empty while it goes on. */
        String over();

        /** Different when something else may be seen than before. */
        int version();

        boolean shows(CanaryKey canary);
    }

    /**
     * A stream that begins when somebody listens.
     *
     * @param one canary whose events are told too; null for none
     * @param lastEventId id of the event that was seen last; empty for none
     * @param beat how often it shows that it is there while nothing changes
     * @param listeners are told when somebody begins to listen, and when it is over
     */
    ChangeStream(
            FleetView fleet,
            Sight sight,
            @Nullable CanaryKey one,
            String lastEventId,
            Duration beat,
            Listeners listeners) {
        this.fleet = fleet;
        this.sight = sight;
        this.one = one;
        this.lastEventId = lastEventId;
        this.beat = beat;
        this.listeners = listeners;
    }

    @Override
    public void subscribe(Subscriber<? super byte[]> listener) {
        var telling = new Telling(listener);
        listener.onSubscribe(telling);
        if (!listeners.came()) {
            // Others came between the answer and now; whoever reads it tries again.
            listener.onComplete();
            return;
        }
        Thread.ofVirtual().name("change-stream").start(telling);
    }

    private final class Telling implements Subscription, Runnable {

        private final Subscriber<? super byte[]> listener;
        private final Semaphore wanted = new Semaphore(0);
        private final AtomicBoolean cancelled = new AtomicBoolean();
        private volatile @Nullable Thread thread;
        private long known;
        private int version;
        private long asked = System.nanoTime();
        private long sent = asked;

        Telling(Subscriber<? super byte[]> listener) {
            this.listener = listener;
        }

        @Override
        public void request(long count) {
            // A subscriber may ask for all there will ever be.
            int free = MOST_WANTED - Math.min(MOST_WANTED, wanted.availablePermits());
            wanted.release((int) Math.min(count, free));
        }

        @Override
        public void cancel() {
            cancelled.set(true);
            var telling = thread;
            if (telling != null) {
                telling.interrupt();
            }
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            try {
                // Whoever left before there was a thread to interrupt is told nothing.
                if (!cancelled.get()) {
                    tell();
                }
                if (!cancelled.get()) {
                    listener.onComplete();
                }
            } catch (InterruptedException gone) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error mistake) {
                // Without an end the connection would stay open, and silent, for ever.
                log.error("a listener to the stream cannot be told", mistake);
                listener.onError(mistake);
            } finally {
                listeners.left();
            }
        }

        private void tell() throws InterruptedException {
            send("retry: 2000\n\n");
            version = sight.version();
            if (!resumed() && !everything()) {
                return;
            }
            while (!cancelled.get()) {
                Changes changes = fleet.changes(known, one, beat);
                String because = over();
                if (!because.isEmpty()) {
                    send(event("over", "", Map.of("because", because)));
                    return;
                }
                if (!changes.complete() || version != sight.version()) {
                    version = sight.version();
                    if (!everything()) {
                        return;
                    }
                } else if (!told(changes) && System.nanoTime() - sent >= beat.toNanos()) {
                    // Not for each change of others, which are none of this listener's business.
                    send(": \n\n");
                }
            }
        }

        /** Why it is over, asked once in a beat; empty while it goes on. */
        private String over() {
            if (System.nanoTime() - asked < beat.toNanos()) {
                return "";
            }
            asked = System.nanoTime();
            return sight.over();
        }

        /** True where the listener's last event is one of this view, and its sight is the same. */
        private boolean resumed() {
            String[] parts = lastEventId.split("-", -1);
            if (parts.length != 3
                    || !parts[0].equals(fleet.id())
                    || !parts[2].equals(Integer.toHexString(version))) {
                return false;
            }
            try {
                known = Long.parseLong(parts[1]);
                return known >= 0;
            } catch (NumberFormatException foreign) {
                return false;
            }
        }

        /**
         * The most urgent first, so that what a page shows first is what people look for. Who reads
         * slowly is told of each part what it is, and may be seen, when that part is sent.
         *
         * @return false where the login was over meanwhile
         */
        private boolean everything() throws InterruptedException {
            known = fleet.number();
            send(event("reset", "", Map.of()));
            List<CanaryKey> all =
                    fleet.list(each -> true).entrySet().stream()
                            .filter(each -> sight.shows(each.getKey()))
                            .sorted(Comparator.comparing(each -> Attention.of(each.getValue())))
                            .map(Map.Entry::getKey)
                            .toList();
            for (int from = 0; from < all.size(); from += AT_ONCE) {
                awaitDemand();
                String because = over();
                if (!because.isEmpty()) {
                    emit(event("over", "", Map.of("because", because)));
                    return false;
                }
                emit(part(all.subList(from, Math.min(all.size(), from + AT_ONCE))));
            }
            if (one != null && sight.shows(one)) {
                for (var each : fleet.history(one)) {
                    send(event("event", "", Views.EventView.of(each)));
                }
            }
            send(event("current", id(), Map.of()));
            return true;
        }

        private String part(List<CanaryKey> some) {
            List<Views.RolloutView> views =
                    some.stream()
                            .filter(sight::shows)
                            .flatMap(
                                    canary ->
                                            fleet.find(canary).stream()
                                                    .map(it -> Views.RolloutView.of(canary, it)))
                            .toList();
            return event("rollouts", "", views);
        }

        /**
         * False where nothing of it is for this listener. The last of it has the id: whoever lost
         * the others with the connection is told all of it again.
         */
        private boolean told(Changes changes) throws InterruptedException {
            known = changes.number();
            List<Told> all = new ArrayList<>();
            changes.gone().stream()
                    .filter(sight::shows)
                    .map(it -> new Views.GoneView(it.cluster(), it.namespace(), it.name()))
                    .forEach(it -> all.add(new Told("gone", it)));
            if (one != null && sight.shows(one)) {
                changes.events().forEach(it -> all.add(new Told("event", Views.EventView.of(it))));
            }
            changes.states().entrySet().stream()
                    .filter(each -> sight.shows(each.getKey()))
                    .forEach(each -> all.add(new Told("rollout", view(each))));
            if (all.isEmpty()) {
                return false;
            }
            var text = new StringBuilder();
            for (Told each : all.subList(0, all.size() - 1)) {
                text.append(event(each.type(), "", each.data()));
            }
            text.append(event(all.getLast().type(), id(), all.getLast().data()));
            send(text.toString());
            return true;
        }

        private static Views.RolloutView view(Map.Entry<CanaryKey, RolloutState> each) {
            return Views.RolloutView.of(each.getKey(), each.getValue());
        }

        private String id() {
            return fleet.id() + "-" + known + "-" + Integer.toHexString(version);
        }

        private void send(String text) throws InterruptedException {
            awaitDemand();
            emit(text);
        }

        private void awaitDemand() throws InterruptedException {
            if (!wanted.tryAcquire(GIVEN_UP.toMillis(), TimeUnit.MILLISECONDS)) {
                cancelled.set(true);
                listener.onComplete();
                throw new InterruptedException("nobody reads");
            }
        }

        private void emit(String text) {
            listener.onNext(text.getBytes(StandardCharsets.UTF_8));
            sent = System.nanoTime();
        }

        /** One that is part of something larger has no id, so that nobody goes on in its midst. */
        private static String event(String type, String id, Object data) {
            try {
                return "event: %s\n%sdata: %s\n\n"
                        .formatted(
                                type,
                                id.isEmpty() ? "" : "id: " + id + "\n",
                                Answers.JSON.writeValueAsString(data));
            } catch (JsonProcessingException ours) {
                throw new IllegalStateException("every view has a JSON form", ours);
            }
        }
    }
}
