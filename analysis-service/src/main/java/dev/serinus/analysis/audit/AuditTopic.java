package dev.serinus.analysis.audit;

import dev.serinus.analysis.lookup.LookBack;
import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.analysis.lookup.TopicLookup;
import dev.serinus.schemas.events.AuditEntry;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.QueuedTopic;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.runtime.Trouble;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Partitions;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The topic {@code serinus.audit}. All entries have one key and so lie on one partition, in one
 * order: people do little. Its producer is made with the first entry.
 */
public final class AuditTopic implements AuditTrail, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AuditTopic.class);
    private static final CanaryKey KEY = new CanaryKey("hub", "people", "audit");
    private static final String CLIENT = "serinus-analysis-audit";
    private static final Duration LONGEST = Duration.ofSeconds(15);

    /** Other instances write by clocks of their own. */
    private static final Duration OTHER_CLOCK = Duration.ofHours(1);

    private final KafkaSettings kafka;
    private final Topic<CanaryKey, AuditEntry> topic;
    private @Nullable KafkaOutbox outbox; // guarded by this
    private @Nullable QueuedTopic<AuditEntry> queue; // guarded by this
    private boolean closed; // guarded by this

    public AuditTopic(KafkaSettings kafka) {
        this.kafka = kafka;
        topic = new Topics(kafka).audit();
    }

    @Override
    public synchronized void add(AuditEntry entry) {
        if (closed) {
            lost(entry, "it came after the end");
            return;
        }
        try {
            queue().add(KEY, entry);
        } catch (RuntimeException trouble) {
            // Whoever acts is not kept from it, nor told that what is done has failed.
            lost(entry, Trouble.reason(trouble));
        }
    }

    private static void lost(AuditEntry entry, String because) {
        log.atError()
                .addKeyValue("actor", entry.getActor())
                .addKeyValue("action", entry.getAction())
                .addKeyValue("outcome", entry.getOutcome())
                .addKeyValue("because", because)
                .log("an entry of the audit is lost: it cannot be written");
    }

    /** Made anew with the next entry where it cannot be made now. */
    private synchronized QueuedTopic<AuditEntry> queue() {
        if (queue == null) {
            outbox = new KafkaOutbox(kafka, CLIENT);
            queue = new QueuedTopic<>(topic, outbox);
        }
        return queue;
    }

    @Override
    public Part before(
            @Nullable Instant since, @Nullable Long from, int most, Predicate<AuditEntry> wanted) {
        try (var lookup = new TopicLookup(kafka, CLIENT, LONGEST)) {
            var partitions = lookup.partitions(topic.name()::equals);
            if (partitions.isEmpty()) {
                throw new LookupFailed(
                        "there is no topic %s, or it may not be read: `serinus topics apply` makes it"
                                .formatted(topic.name()));
            }
            var place = new TopicPartition(topic.name(), Partitions.of(KEY, partitions.size()));
            long begin =
                    since == null
                            ? 0
                            : lookup.since(List.of(place), since.minus(OTHER_CLOCK))
                                    .getOrDefault(place, 0L);
            var back =
                    LookBack.along(
                            lookup, place, begin, from, most, record -> entry(record, wanted));
            return new Part(back.found(), back.earlier());
        }
    }

    /** One that nobody can read is left out, as everywhere. */
    private Optional<AuditEntry> entry(
            ConsumerRecord<byte[], byte[]> record, Predicate<AuditEntry> wanted) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                            topic.values()
                                    .deserializer()
                                    .deserialize(record.topic(), record.value()))
                    .filter(wanted);
        } catch (SerializationException foreign) {
            return Optional.empty();
        }
    }

    /** Waits a few seconds for what was added. */
    @Override
    public void close() {
        QueuedTopic<AuditEntry> waiting;
        KafkaOutbox sender;
        synchronized (this) {
            closed = true;
            waiting = queue;
            sender = outbox;
        }
        if (waiting != null) {
            waiting.close();
        }
        if (sender != null) {
            sender.close();
        }
    }
}
