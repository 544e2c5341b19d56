package dev.serinus.schemas.wire;

import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.Schema;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The schemas of a cluster's records where there is no registry: a compacted topic beside them.
 * Whoever writes puts the schema there before the first record, so that an older version can read
 * it, whichever service is upgraded first. A record itself has only the schema's fingerprint. Only
 * schemas that this jar does not know are looked for. Safe for use by many threads, and one per
 * Kafka and process.
 */
public final class SchemaTopic {

    /** The property of a serde's configuration that has it. */
    public static final String PROPERTY = "serinus.schema.topic";

    private static final Duration REST = Duration.ofMinutes(1);

    private static final Set<Long> OURS =
            KnownSchemas.present().stream()
                    .map(SingleObject::fingerprint)
                    .collect(Collectors.toUnmodifiableSet());

    /** A schema of a cluster: no cluster says what the bytes of another mean. */
    private record Known(String cluster, long fingerprint) {}

    private final SchemaLog log;
    private final LongSupplier nanos;
    private final Map<String, ToldSchemas> told = new ConcurrentHashMap<>();
    private final Set<Known> published = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<Long>> putBefore = new ConcurrentHashMap<>();
    private final Map<String, Long> restsUntil = new ConcurrentHashMap<>();

    public SchemaTopic(SchemaLog log) {
        this(log, System::nanoTime);
    }

    /** One whose time is told by {@code nanos}, as by {@link System#nanoTime}. */
    SchemaTopic(SchemaLog log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
    }

    /** The one that a client's configuration has; empty for clients of others. */
    static Optional<SchemaTopic> of(Map<String, ?> configuration) {
        return Optional.ofNullable((SchemaTopic) configuration.get(PROPERTY));
    }

    /**
     * The schema by which a record of this topic was written.
     *
     * @throws RegistryAway when Kafka does not answer
     * @throws SerializationException when nobody has put such a schema there, or the cluster's
     *     records want more schemas than versions have
     */
    Schema writer(String topic, long fingerprint) {
        String cluster = TopicKind.cluster(topic).orElseThrow(() -> unknown(topic, fingerprint));
        return told.computeIfAbsent(
                        cluster, name -> new ToldSchemas(TopicKind.SCHEMAS.name(name), log, nanos))
                .find(fingerprint)
                .orElseThrow(() -> unknown(topic, fingerprint));
    }

    private static SerializationException unknown(String topic, long fingerprint) {
        return new SerializationException(
                ("no schema of this version has the fingerprint %016x, and none was told by who"
                                + " wrote it to %s: upgrade the reader before the writer, and see"
                                + " that the topic for schemas is there")
                        .formatted(fingerprint, topic));
    }

    /**
     * Puts the schemas there that are not there yet, and returns when they are safe. What an
     * earlier start or another service put there is looked for once. Where there is no such topic,
     * or it may not be written, that is told, and tried again later: records are written all the
     * same.
     *
     * @throws RegistryAway when Kafka does not answer
     */
    void publish(String cluster, Collection<Schema> schemas) throws InterruptedException {
        List<Schema> missing =
                schemas.stream()
                        .filter(
                                each ->
                                        !published.contains(
                                                new Known(cluster, SingleObject.fingerprint(each))))
                        .toList();
        Long rest = restsUntil.get(cluster);
        if (missing.isEmpty() || (rest != null && nanos.getAsLong() - rest < 0)) {
            return;
        }
        String topic = TopicKind.SCHEMAS.name(cluster);
        Set<Long> there = putBefore(cluster, topic);
        List<Schema> absent =
                missing.stream()
                        .filter(each -> !there.contains(SingleObject.fingerprint(each)))
                        .toList();
        if (absent.isEmpty() || log.write(topic, absent)) {
            missing.forEach(
                    each -> published.add(new Known(cluster, SingleObject.fingerprint(each))));
        } else {
            restsUntil.put(cluster, nanos.getAsLong() + REST.toNanos());
        }
    }

    /** Of our schemas those that were there at the first look: never more than we have. */
    private Set<Long> putBefore(String cluster, String topic) throws InterruptedException {
        Set<Long> known = putBefore.get(cluster);
        if (known != null) {
            return known;
        }
        Set<Long> found = new HashSet<>();
        try {
            log.read(
                    topic,
                    (fingerprint, _) -> {
                        if (OURS.contains(fingerprint)) {
                            found.add(fingerprint);
                        }
                    });
        } catch (RegistryAway unread) {
            return Set.of(); // what is there already does no harm there once more
        } catch (InterruptException stopped) {
            throw interrupted(stopped);
        }
        putBefore.put(cluster, Set.copyOf(found));
        return found;
    }

    /** Kafka's own has set the flag, which is set by whoever catches this one. */
    private static InterruptedException interrupted(InterruptException stopped) {
        Thread.interrupted();
        var told = new InterruptedException(stopped.getMessage());
        told.initCause(stopped);
        return told;
    }

    /** Fingerprints only. */
    @Override
    public String toString() {
        return "SchemaTopic" + told.values();
    }
}
