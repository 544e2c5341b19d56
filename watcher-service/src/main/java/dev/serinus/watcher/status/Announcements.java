package dev.serinus.watcher.status;

import dev.serinus.schemas.events.Announcement;
import dev.serinus.schemas.runtime.RecordHandler;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.Cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Writes what was announced to the cluster, first the status and then the event. While the API
 * server is away the announcements of a canary wait, in order; an announcement that is delivered
 * again changes nothing more.
 */
public final class Announcements implements RecordHandler<Announcement> {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final StatusWriter statuses;
    private final EventWriter events;
    private final MeterRegistry meters;

    public Announcements(
            Cluster cluster, KubernetesClient client, InstantSource clock, MeterRegistry meters) {
        var persistence = new Persistence(FIRST_PAUSE, meters);
        this.statuses = new StatusWriter(cluster, client, persistence, clock);
        this.events = new EventWriter(client, persistence);
        this.meters = meters;
    }

    @Override
    public void handle(CanaryKey canary, Announcement announcement) throws InterruptedException {
        if (announcement.getStatus() != null) {
            statuses.write(canary, announcement, announcement.getStatus());
            meters.counter("serinus.watcher.announcements", "kind", "status").increment();
        }
        if (announcement.getEvent() != null) {
            events.write(canary, announcement, announcement.getEvent());
            meters.counter("serinus.watcher.announcements", "kind", "event").increment();
        }
    }
}
