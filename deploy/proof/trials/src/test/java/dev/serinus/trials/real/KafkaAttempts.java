package dev.serinus.trials.real;

import dev.serinus.schemas.runtime.KafkaSettings;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** One account that tries things, with Kafka's own clients and nothing of ours in between. */
final class KafkaAttempts implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    /** Many polls: whoever may read something gets it long before. */
    private static final int POLLS = 100;

    private final KafkaSettings kafka;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;

    /** What a broker answered. */
    enum Outcome {
        ALLOWED,
        REFUSED
    }

    KafkaAttempts(KafkaSettings kafka) {
        this.kafka = kafka;
        producer =
                new KafkaProducer<>(
                        kafka.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer());
        consumer = consumer(Map.of());
        admin = Admin.create(kafka.with(Map.of()));
    }

    Outcome write(String topic) {
        return outcome(() -> producer.send(new ProducerRecord<>(topic, 0, BYTES, BYTES)).get());
    }

    private static final byte[] BYTES = {1};

    /** Reads a record of a topic in which there is one. */
    Outcome read(String topic) {
        return outcome(
                () -> {
                    var partition = List.of(new TopicPartition(topic, 0));
                    consumer.assign(partition);
                    consumer.seekToBeginning(partition);
                    for (int i = 0; i < POLLS; i++) {
                        if (!consumer.poll(POLL).isEmpty()) {
                            return true;
                        }
                    }
                    throw new IllegalStateException("neither refused nor read: " + topic);
                });
    }

    /** Joins a group as one that reads this topic, which it may read. */
    Outcome join(String group, String topic) {
        return outcome(
                () -> {
                    try (var member = consumer(Map.of("group.id", group))) {
                        member.subscribe(List.of(topic));
                        for (int i = 0; i < POLLS; i++) {
                            member.poll(POLL);
                            if (!member.assignment().isEmpty()) {
                                return true;
                            }
                        }
                    }
                    throw new IllegalStateException("neither refused nor joined: " + group);
                });
    }

    Outcome beginTransactions(String id) {
        return outcome(
                () -> {
                    try (var transactional =
                            new KafkaProducer<>(
                                    kafka.with(Map.of("transactional.id", id)),
                                    new ByteArraySerializer(),
                                    new ByteArraySerializer())) {
                        transactional.initTransactions();
                        return true;
                    }
                });
    }

    Outcome create(String topic) {
        return outcome(
                () -> admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get());
    }

    Outcome delete(String topic) {
        return outcome(() -> admin.deleteTopics(List.of(topic)).all().get());
    }

    Outcome keepForASecond(String topic) {
        return outcome(
                () ->
                        admin.incrementalAlterConfigs(
                                        Map.of(
                                                new ConfigResource(
                                                        ConfigResource.Type.TOPIC, topic),
                                                List.of(
                                                        new AlterConfigOp(
                                                                new ConfigEntry(
                                                                        "retention.ms", "1000"),
                                                                AlterConfigOp.OpType.SET))))
                                .all()
                                .get());
    }

    Outcome allowItself(String account, String topic) {
        return outcome(
                () ->
                        admin.createAcls(
                                        List.of(
                                                new AclBinding(
                                                        new ResourcePattern(
                                                                ResourceType.TOPIC,
                                                                topic,
                                                                PatternType.LITERAL),
                                                        new AccessControlEntry(
                                                                "User:" + account,
                                                                "*",
                                                                AclOperation.ALL,
                                                                AclPermissionType.ALLOW))))
                                .all()
                                .get());
    }

    private static Outcome outcome(Callable<?> attempt) {
        try {
            attempt.call();
            return Outcome.ALLOWED;
        } catch (Exception failed) {
            if (isRefusal(failed)) {
                return Outcome.REFUSED;
            }
            throw new IllegalStateException("refused for another reason", failed);
        }
    }

    /** A producer that was refused its id wraps the refusal in whatever is tried with it next. */
    private static boolean isRefusal(Exception failed) {
        for (@Nullable Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof AuthorizationException) {
                return true;
            }
        }
        return false;
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> all = kafka.with(more);
        all.put("enable.auto.commit", "false");
        all.put("auto.offset.reset", "earliest");
        all.put("allow.auto.create.topics", "false");
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        consumer.close();
        admin.close();
    }
}
