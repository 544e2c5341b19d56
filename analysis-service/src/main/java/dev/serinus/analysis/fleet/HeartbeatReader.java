package dev.serinus.analysis.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.CanariesListed;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Trouble;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the signs of life of all clusters, in no group, so that each instance knows them. They are
 * among the facts of partition 0; of the others there only the keys are looked at.
 */
public final class HeartbeatReader implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HeartbeatReader.class);

    /**
     * Records read back at the start: behind the last sign of a cluster that is cut off are few.
     * Where none is among them, ten times as many are, up to the most.
     */
    private static final long LOOK_BACK = 1_000;

    private static final long LOOK_BACK_MOST = 100_000;

    /** Clocks that are right differ by less. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(10);

    private static final int OF_SIGNS = 0;
    private static final String OF_ALL = "/*";
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final KafkaSettings settings;
    private final Deserializer<SpecificRecord> values;
    private final InstantSource time;
    private final HeardClusters clusters;
    private final Runnable looked;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;

    /** What was there when a partition was found: when these came is not known here. */
    private final Map<TopicPartition, Span> before = new HashMap<>();

    /** Offsets of the last words about signs that were taken: no word is taken twice. */
    private final Map<TopicPartition, Long> last = new HashMap<>();

    /**
     * Offsets of a partition.
     *
     * @param begin the first that there is
     * @param from the first that is read
     * @param end before which all of it was there at the start
     */
    private record Span(long begin, long from, long end) {

        static Span of(long begin, long end) {
            return new Span(begin, Math.max(begin, end - LOOK_BACK), end);
        }

        boolean canBeWidened() {
            return from > begin && end - from < LOOK_BACK_MOST;
        }

        Span widened() {
            return new Span(begin, Math.max(begin, end - 10 * (end - from)), end);
        }
    }

    /**
     * @param clusters to whom they are told
     * @param looked is called after each look at what there is
     */
    public HeartbeatReader(
            KafkaSettings settings, InstantSource time, HeardClusters clusters, Runnable looked) {
        this.settings = settings;
        this.values = settings.<SpecificRecord>values().deserializer();
        this.time = time;
        this.clusters = clusters;
        this.looked = looked;
        this.thread = Thread.ofPlatform().name("heartbeats").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
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
            before.clear();
            try (var consumer = consumer()) {
                try {
                    follow(consumer);
                } finally {
                    // The interrupt has ended the reading; the consumer still has to close in good
                    // order.
                    var _ = Thread.interrupted();
                }
            } catch (org.apache.kafka.common.errors.InterruptException stopping) {
                return;
            } catch (RuntimeException trouble) { // also what nobody thought of: nobody starts it
                log.atWarn()
                        .addKeyValue("because", trouble.toString())
                        .log("signs of life of clusters cannot be read, trying again");
                pause();
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        Instant next = Instant.MIN;
        while (!closed.get()) {
            Instant now = time.instant();
            if (!now.isBefore(next)) {
                find(consumer);
                next = now.plus(LOOK);
            }
            if (consumer.assignment().isEmpty() || !takeAll(consumer, consumer.poll(POLL))) {
                pause();
            }
            if (isRead(consumer)) {
                clusters.wasRead();
            }
        }
    }

    /** False where one cannot be taken now: it and what is behind it come again. */
    private boolean takeAll(
            KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        boolean all = true;
        for (TopicPartition each : records.partitions()) {
            for (var record : records.records(each)) {
                all = all && take(record);
                if (!all) {
                    consumer.seek(each, record.offset());
                    break;
                }
            }
        }
        return all;
    }

    /** True when all that was there is known; looks further back where no sign was among it. */
    private boolean isRead(KafkaConsumer<byte[], byte[]> consumer) {
        boolean read = true;
        for (var each : before.entrySet()) {
            var place = each.getKey();
            if (consumer.position(place) < each.getValue().end()) {
                read = false;
            } else if (!last.containsKey(place) && each.getValue().canBeWidened()) {
                each.setValue(each.getValue().widened());
                consumer.seek(place, each.getValue().from());
                read = false;
            }
        }
        return read;
    }

    /**
     * Finds clusters that came, and forgets those whose topics went. One whose partition has no
     * leader is asked for later: the consumer would wait for it, and nobody could be heard.
     */
    private void find(KafkaConsumer<byte[], byte[]> consumer) {
        var topics = new HashMap<>(consumer.listTopics());
        topics.keySet().removeIf(topic -> cluster(topic).isEmpty());
        Set<String> there = topics.keySet();
        Set<TopicPartition> wanted = readable(topics);
        consumer.assignment().stream()
                .filter(each -> there.contains(each.topic()))
                .forEach(wanted::add);
        if (!wanted.equals(consumer.assignment())) {
            var news = new HashSet<>(wanted);
            news.removeAll(consumer.assignment());
            consumer.assign(wanted);
            var begins = consumer.beginningOffsets(news);
            consumer.endOffsets(news)
                    .forEach(
                            (each, end) -> {
                                var span = Span.of(begins.getOrDefault(each, end), end);
                                before.put(each, span);
                                // A topic that was made anew counts from the beginning.
                                last.computeIfPresent(each, (_, at) -> at < end ? at : null);
                                consumer.seek(each, span.from());
                            });
            before.keySet().retainAll(wanted);
            last.keySet().retainAll(wanted);
        }
        var readable = readable(topics);
        clusters.looked(
                names(there.stream()),
                names(
                        there.stream()
                                .filter(
                                        topic ->
                                                !readable.contains(
                                                        new TopicPartition(topic, OF_SIGNS)))),
                time.instant());
        try {
            looked.run();
        } catch (RuntimeException trouble) {
            log.atWarn().setCause(trouble).log("what is known of clusters cannot be shown");
        }
    }

    private static Set<String> names(Stream<String> topics) {
        return topics.flatMap(topic -> cluster(topic).stream()).collect(Collectors.toSet());
    }

    /** Partitions of signs that have a leader. */
    static Set<TopicPartition> readable(Map<String, List<PartitionInfo>> topics) {
        return topics.values().stream()
                .flatMap(List::stream)
                .filter(each -> each.partition() == OF_SIGNS)
                .filter(each -> each.leader() != null && !each.leader().isEmpty())
                .map(each -> new TopicPartition(each.topic(), OF_SIGNS))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Whose facts a topic carries; empty for other topics. */
    private static Optional<String> cluster(String topic) {
        return TopicKind.cluster(topic)
                .filter(cluster -> TopicKind.CHANGES.name(cluster).equals(topic));
    }

    /** False where it is not known yet what it is. */
    private boolean take(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null
                || record.value() == null
                || !new String(record.key(), UTF_8).endsWith(OF_ALL)) {
            return true;
        }
        String cluster = cluster(record.topic()).orElseThrow();
        var place = new TopicPartition(record.topic(), record.partition());
        if (record.offset() <= last.getOrDefault(place, -1L)) {
            return true;
        }
        try {
            if (values.deserialize(record.topic(), record.value()) instanceof Change change
                    && change.getBody() instanceof CanariesListed listed) {
                if (listed.getAgainMillis() <= 0) {
                    clusters.givesNone(cluster);
                    last.put(place, record.offset());
                } else if ("".equals(listed.getUntil())) {
                    at(record)
                            .ifPresentOrElse(
                                    at ->
                                            clusters.heard(
                                                    cluster,
                                                    at,
                                                    Duration.ofMillis(listed.getAgainMillis())),
                                    () -> clusters.heardBefore(cluster, time.instant()));
                    last.put(place, record.offset());
                }
            }
        } catch (RuntimeException unreadable) {
            if (Trouble.passes(unreadable)) {
                log.atWarn()
                        .addKeyValue("cluster", cluster)
                        .addKeyValue("because", Trouble.reason(unreadable))
                        .log("a sign of life cannot be read yet, trying again");
                return false;
            }
            // It is set aside where it is decided upon.
            log.atDebug()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("because", unreadable.toString())
                    .log("a fact cannot be read, which may have been a sign of life");
        }
        return true;
    }

    /**
     * The clock of a cluster may be wrong, so that what comes counts when it comes. Of what came
     * before the start its own time is all there is; empty where that cannot be right, since it is
     * still to come.
     */
    private Optional<Instant> at(ConsumerRecord<byte[], byte[]> record) {
        Instant now = time.instant();
        Span span = before.get(new TopicPartition(record.topic(), record.partition()));
        Instant said = Instant.ofEpochMilli(Math.max(0, record.timestamp()));
        if (span == null || record.offset() >= span.end()) {
            return Optional.of(now);
        }
        return said.isAfter(now.plus(CLOCKS_DIFFER)) ? Optional.empty() : Optional.of(said);
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                settings.with(
                        Map.of(
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                "serinus-analysis-heartbeats",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                "false",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "latest",
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                "false",
                                // A record may unpack to max.message.bytes, and as many as these
                                // are in memory at once.
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                "16")),
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
