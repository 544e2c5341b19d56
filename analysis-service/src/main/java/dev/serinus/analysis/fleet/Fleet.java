package dev.serinus.analysis.fleet;

import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads the public topics from the beginning, in no group, and so knows every rollout whichever
 * instance decides upon it. States are compacted and read whole; of the history only its end.
 */
public final class Fleet implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Fleet.class);

    /** Events read back at the start, for each partition. */
    private static final long LOOK_BACK = 2_000;

    private static final long UNKNOWN = -1;

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final KafkaSettings settings;
    private final Topic<CanaryKey, RolloutState> states;
    private final Topic<CanaryKey, RolloutEvent> events;
    private final FleetView view;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean caughtUp;

    /** Records that were not read yet; below zero while that is not known. */
    private volatile long behind = UNKNOWN;

    public Fleet(KafkaSettings settings, int eventsPerCanary) {
        this.settings = settings;
        this.states = new Topics(settings).rollouts();
        this.events = new Topics(settings).rolloutEvents();
        this.view = new FleetView(eventsPerCanary);
        this.thread = Thread.ofPlatform().name("fleet-view").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** What was read so far. */
    public FleetView view() {
        return view;
    }

    /** True once all that was there at the start has been read. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** How many records were not read yet when it was looked last; empty where nobody knows. */
    public OptionalLong behind() {
        long last = behind;
        return last == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(last);
    }

    @Override
    public void close() {
        closed.set(true);
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed.get()) {
            try (var consumer = consumer()) {
                try {
                    follow(consumer);
                } finally {
                    behind = UNKNOWN;
                    // The interrupt has ended the reading; the consumer still has to close in good
                    // order.
                    var _ = Thread.interrupted();
                }
            } catch (WakeupException | org.apache.kafka.common.errors.InterruptException stopping) {
                return;
            } catch (KafkaException trouble) {
                log.atWarn().setCause(trouble).log("the fleet view starts again");
                pause();
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = partitions(consumer);
        if (partitions.isEmpty()) {
            pause();
            return;
        }
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        begins.forEach(
                (each, begin) ->
                        consumer.seek(
                                each,
                                each.topic().equals(states.name())
                                        ? begin
                                        : Math.max(
                                                begin,
                                                ends.getOrDefault(each, begin) - LOOK_BACK)));
        while (!closed.get()) {
            consumer.poll(POLL).forEach(this::take);
            behind = lag(consumer, partitions);
            caughtUp =
                    caughtUp
                            || ends.entrySet().stream()
                                    .allMatch(
                                            end ->
                                                    consumer.position(end.getKey())
                                                            >= end.getValue());
        }
    }

    /**
     * As the last answers of the broker said; it is not asked for this. Unknown without answers.
     */
    private static long lag(
            KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        if (!BrokerResponses.come(consumer.metrics().values())) {
            return UNKNOWN;
        }
        long sum = 0;
        for (TopicPartition each : partitions) {
            OptionalLong lag = consumer.currentLag(each);
            if (lag.isEmpty()) {
                return UNKNOWN;
            }
            sum += lag.getAsLong();
        }
        return sum;
    }

    /** Empty until both topics are there: they are provisioned, not made by whoever reads them. */
    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> found = new ArrayList<>();
        for (String topic : List.of(states.name(), events.name())) {
            var partitions = consumer.partitionsFor(topic);
            if (partitions.isEmpty()) {
                return List.of();
            }
            partitions.forEach(each -> found.add(new TopicPartition(topic, each.partition())));
        }
        return found;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            CanaryKey canary =
                    states.keys().deserializer().deserialize(record.topic(), record.key());
            if (record.topic().equals(states.name())) {
                view.state(
                        canary,
                        record.value() == null
                                ? null
                                : states.values()
                                        .deserializer()
                                        .deserialize(record.topic(), record.value()));
            } else if (record.value() != null) {
                view.event(
                        canary,
                        events.values().deserializer().deserialize(record.topic(), record.value()));
            }
        } catch (SerializationException foreign) {
            log.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("because", foreign.getMessage())
                    .log("a public record that cannot be read is not shown");
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                settings.with(
                        Map.of(
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                "serinus-analysis-fleet",
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                "false",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                "false",
                                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                                "10000")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            closed.set(true);
        }
    }
}
