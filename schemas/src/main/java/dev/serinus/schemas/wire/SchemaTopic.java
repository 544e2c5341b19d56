package dev.serinus.schemas.wire;

import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    /** A new version has as many new schemas as there are topics; what is more is not meant. */
    private static final int READS_IN_VAIN = 50;

    /** A schema of a cluster: no cluster says what the bytes of another mean. */
    private record Known(String cluster, long fingerprint) {}

    /** How often a cluster's topic was read in vain since when. */
    private record InVain(long since, int reads) {}

    private final SchemaLog log;
    private final Map<Known, Schema> learnt = new ConcurrentHashMap<>();
    private final Set<Known> published = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> restsUntil = new ConcurrentHashMap<>();
    private final Map<String, InVain> inVain = new ConcurrentHashMap<>();
    private final Map<Known, Question<Optional<Schema>>> open = new ConcurrentHashMap<>();

    public SchemaTopic(SchemaLog log) {
        this.log = log;
    }

    /** The one that a client's configuration has; empty for clients of others. */
    static Optional<SchemaTopic> of(Map<String, ?> configuration) {
        return Optional.ofNullable((SchemaTopic) configuration.get(PROPERTY));
    }

    /**
     * The schema by which a record of this topic was written.
     *
     * @throws RegistryAway when Kafka does not answer
     * @throws SerializationException when nobody has put such a schema there
     */
    Schema writer(String topic, long fingerprint) {
        String cluster = TopicKind.cluster(topic).orElseThrow(() -> unknown(topic, fingerprint));
        var wanted = new Known(cluster, fingerprint);
        Schema known = learnt.get(wanted);
        if (known != null) {
            return known;
        }
        if (isVain(cluster)) {
            throw unknown(topic, fingerprint);
        }
        long now = System.nanoTime();
        Question<Optional<Schema>> question;
        do {
            question = asked(wanted);
            Optional<Schema> found = question.answer();
            if (found.isPresent()) {
                open.remove(wanted);
                learnt.put(wanted, found.get());
                return found.get();
            }
            // A look that somebody else began before may have missed what has come since.
        } while (question.startedAt() - now < 0);
        open.remove(wanted);
        inVain.compute(
                cluster,
                (_, before) ->
                        before == null || isOver(before)
                                ? new InVain(now, 1)
                                : new InVain(before.since(), before.reads() + 1));
        throw unknown(topic, fingerprint);
    }

    private boolean isVain(String cluster) {
        InVain before = inVain.get(cluster);
        return before != null && before.reads() >= READS_IN_VAIN && !isOver(before);
    }

    private static boolean isOver(InVain before) {
        return System.nanoTime() - before.since() > REST.toNanos();
    }

    private static SerializationException unknown(String topic, long fingerprint) {
        return new SerializationException(
                ("no schema of this version has the fingerprint %016x, and none was told by who"
                                + " wrote it to %s: upgrade the reader before the writer, and see"
                                + " that the topic for schemas is there")
                        .formatted(fingerprint, topic));
    }

    private Question<Optional<Schema>> asked(Known wanted) {
        String topic = TopicKind.SCHEMAS.name(wanted.cluster());
        return open.compute(
                wanted,
                (_, before) ->
                        before == null || before.isOver()
                                ? Question.start(topic, () -> log.read(topic, wanted.fingerprint()))
                                : before);
    }

    /**
     * Puts the schemas there that were not put by this process yet, and returns when they are safe.
     * Where there is no such topic, or it may not be written, that is told, and tried again later:
     * records are written all the same.
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
        if (missing.isEmpty() || (rest != null && System.nanoTime() - rest < 0)) {
            return;
        }
        String topic = TopicKind.SCHEMAS.name(cluster);
        if (log.write(topic, missing)) {
            missing.forEach(
                    each -> published.add(new Known(cluster, SingleObject.fingerprint(each))));
        } else {
            restsUntil.put(cluster, System.nanoTime() + REST.toNanos());
        }
    }

    /** Fingerprints only. */
    @Override
    public String toString() {
        return "SchemaTopic"
                + learnt.keySet().stream()
                        .map(each -> "%016x".formatted(each.fingerprint()))
                        .collect(Collectors.toSet());
    }
}
