package dev.serinus.schemas.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.InstantSource;
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
        try {
            outbox.send(topic, canary, letter(record, record.value(), reason));
        } catch (RuntimeException refused) {
            // With its wrapping the record may exceed what the broker takes: the letter then only
            // says where the record lies.
            sendUntilSafe(
                    canary, letter(record, null, reason + "; its value is too large for a letter"));
        }
    }

    private void sendUntilSafe(CanaryKey canary, DeadLetter letter) throws InterruptedException {
        var pause = new Backoff();
        while (true) {
            try {
                outbox.send(topic, canary, letter);
                return;
            } catch (RuntimeException refused) {
                log.atError()
                        .addKeyValue("canary", canary)
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("because", Trouble.reason(refused))
                        .log("dead letter refused, trying again");
                pause.next();
            }
        }
    }

    private DeadLetter letter(
            ConsumerRecord<byte[], byte[]> record, byte @Nullable [] value, String reason) {
        return DeadLetter.newBuilder()
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setKey(record.key() == null ? null : ByteBuffer.wrap(record.key()))
                .setValue(value == null ? null : ByteBuffer.wrap(value))
                .setService(service)
                .setReason(reason)
                .setAt(clock.instant())
                .build();
    }

    /** The canary of our cluster that a key names. */
    private Optional<CanaryKey> canary(byte @Nullable [] key) {
        if (key == null) {
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
