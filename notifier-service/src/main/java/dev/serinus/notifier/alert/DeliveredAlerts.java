package dev.serinus.notifier.alert;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.DeliveredAlert;
import dev.serinus.schemas.outgoing.HookBody;
import dev.serinus.schemas.runtime.KeptRecords;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What was told already, by this process or another one: it is kept as soon as a receiver took it,
 * before anything else is told and before its record counts as handled. So a record that comes a
 * second time, after a crash or a rebalance, goes to those alone who missed it. Between a
 * receiver's answer and the moment when that is kept lies one write to Kafka: who dies there tells
 * it twice, with the same key.
 */
final class DeliveredAlerts {

    /** A record comes again for as long as Kafka has it, which is seven days. */
    private static final Duration KEPT = Duration.ofDays(8);

    private static final int MOST = 500;
    private static final int MOST_EVENTS = 50;

    private final KeptRecords<AlertDeliveries> kept;
    private final InstantSource clock;

    DeliveredAlerts(KeptRecords<AlertDeliveries> kept, InstantSource clock) {
        this.kept = kept;
        this.clock = clock;
    }

    /**
     * Names one alert to one receiver, the same after any restart; a decision may have several
     * alerts, so their text counts.
     */
    static String key(Alert alert, String receiver) {
        return HookBody.id(
                "%s/%d/%s/%s"
                        .formatted(
                                alert.getUid(),
                                alert.getSequence(),
                                receiver,
                                Revision.digest(alert.getBody().toString())));
    }

    /** What is known of one canary now; for one thread, while it handles one of its records. */
    Memory of(CanaryKey canary) throws InterruptedException {
        return new Memory(
                canary,
                kept.get(canary)
                        .orElseGet(
                                () ->
                                        AlertDeliveries.newBuilder()
                                                .setCanary(canary.toString())
                                                .build()));
    }

    /** What one canary's receivers were told. */
    final class Memory {
        private final CanaryKey canary;
        private AlertDeliveries now;

        private Memory(CanaryKey canary, AlertDeliveries now) {
            this.canary = canary;
            this.now = now;
        }

        boolean contains(String key) {
            return now.getEvents().contains(key)
                    || now.getDelivered().stream().anyMatch(told -> told.getKey().equals(key));
        }

        /** Returns once no crash can make it forgotten. */
        void add(String key) throws InterruptedException {
            var since = clock.instant().minus(KEPT);
            List<DeliveredAlert> all = new ArrayList<>(now.getDelivered());
            all.removeIf(told -> told.getAt().isBefore(since));
            all.add(new DeliveredAlert(key, clock.instant()));
            keep(AlertDeliveries.newBuilder(now).setDelivered(last(all, MOST)).build());
        }

        /** The same of an event, of which there are many more. */
        void addEvent(String key) throws InterruptedException {
            List<String> all = new ArrayList<>(now.getEvents());
            all.add(key);
            keep(AlertDeliveries.newBuilder(now).setEvents(last(all, MOST_EVENTS)).build());
        }

        private void keep(AlertDeliveries next) throws InterruptedException {
            kept.put(canary, next);
            now = next;
        }
    }

    private static <T> List<T> last(List<T> all, int most) {
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }
}
