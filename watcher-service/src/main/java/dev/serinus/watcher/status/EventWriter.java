package dev.serinus.watcher.status;

import dev.serinus.schemas.events.Announcement;
import dev.serinus.schemas.events.ClusterEvent;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.temporal.ChronoUnit;

/**
 * Writes Kubernetes events about Canaries. An event is named after its announcement, so writing it
 * again is refused, which is fine; none is merged into another or dropped.
 */
final class EventWriter {

    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

    private final KubernetesClient client;
    private final Persistence persistence;

    EventWriter(KubernetesClient client, Persistence persistence) {
        this.client = client;
        this.persistence = persistence;
    }

    void write(CanaryKey canary, Announcement announcement, ClusterEvent event)
            throws InterruptedException {
        var object = event(canary, announcement, event);
        try {
            persistence.ask(
                    canary,
                    "create event",
                    () ->
                            client.v1()
                                    .events()
                                    .inNamespace(canary.namespace())
                                    .resource(object)
                                    .create());
        } catch (KubernetesClientException answer) {
            if (answer.getCode() == 404 || Persistence.isTerminating(answer)) {
                LOG.atInfo()
                        .addKeyValue("canary", canary)
                        .addKeyValue("sequence", announcement.getSequence())
                        .log("the namespace is gone, its event is not written");
            } else if (answer.getCode() != 409) {
                throw new IllegalStateException(
                        "the API server refuses the event of announcement %d of %s with %d: %s"
                                .formatted(
                                        announcement.getSequence(),
                                        canary,
                                        answer.getCode(),
                                        answer.getMessage()),
                        answer);
            }
        }
    }

    /** As Flagger writes it: reason Synced, component flagger, about the Canary. */
    static Event event(CanaryKey canary, Announcement announcement, ClusterEvent event) {
        String at = announcement.getAt().truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(canary.namespace())
                .withName(announcement.getUid() + "-" + announcement.getSequence())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("flagger.app/v1beta1")
                .withKind("Canary")
                .withNamespace(canary.namespace())
                .withName(canary.name())
                .withUid(announcement.getUid())
                .endInvolvedObject()
                .withType(event.getType())
                .withReason("Synced")
                .withMessage(event.getMessage())
                .withNewSource()
                .withComponent("flagger")
                .endSource()
                .withReportingComponent("flagger")
                .withFirstTimestamp(at)
                .withLastTimestamp(at)
                .withCount(1)
                .build();
    }
}
