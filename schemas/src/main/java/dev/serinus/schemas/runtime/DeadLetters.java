package dev.serinus.schemas.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Sets records aside with the reason, on the dead-letter topic of a cluster. Returns only when the
 * letter is safe: a record is never dropped without one.
 */
final class DeadLetters {

    /** Stands in for a key that names no canary of the cluster. */
    static final String NOBODY = "unknown";

    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final Topic<CanaryKey, DeadLetter> topic;
    private final String cluster;
    private final String service;
    private final Outbox outbox;
    private final InstantSource clock;

    DeadLetters(
            Topic<CanaryKey, DeadLetter> topic,
            String cluster,
            String service,
            Outbox outbox,
            InstantSource clock) {
        this.topic = topic;
        this.cluster = cluster;
        this.service = service;
        this.outbox = outbox;
        this.clock = clock;
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever stands in the way, the record is not dropped
    void setAside(ConsumerRecord<byte[], byte[]> record, String reason)
            throws InterruptedException {
        CanaryKey canary =
                canary(record.key()).orElseGet(() -> new CanaryKey(cluster, NOBODY, NOBODY));
        log.atWarn()
                .addKeyValue("canary", canary)
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("because", reason)
                .log("record set aside as a dead letter");
        var unusable =
                new SetAside(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.key(),
                        record.value());
        List<DeadLetter> letters = unusable.letters(service, reason, clock.instant());
        var pause = new Backoff();
        while (true) {
            try {
                outbox.send(topic, canary, letters.getFirst());
                return;
            } catch (InterruptedException stopped) {
                throw stopped;
            } catch (Throwable refused) {
                // With its wrapping a record may exceed what the broker takes.
                if (isTooLarge(refused) && letters.size() > 1) {
                    letters = letters.subList(1, letters.size());
                } else {
                    refused(canary, refused);
                    pause.next();
                }
            }
        }
    }

    private static boolean isTooLarge(Throwable refused) {
        return refused instanceof RecordTooLargeException
                || refused instanceof RecordBatchTooLargeException;
    }

    private void refused(CanaryKey canary, Throwable refused) {
        log.atError()
                .addKeyValue("canary", canary)
                .addKeyValue("topic", topic.name())
                .addKeyValue("because", Trouble.reason(refused))
                .log("dead letter refused, trying again");
    }

    /** The canary of our cluster that a key names. */
    private Optional<CanaryKey> canary(byte @Nullable [] key) {
        if (key == null || key.length > SetAside.KEY_BEGINNING) {
            return Optional.empty();
        }
        try {
            return Optional.of(CanaryKey.parse(new String(key, UTF_8)))
                    .filter(canary -> canary.cluster().equals(cluster));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
