package dev.serinus.analysis.keptgate;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.analysis.lookup.TopicLookup;
import dev.serinus.schemas.events.GateState;
import dev.serinus.schemas.events.GateStates;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * On the topics {@code serinus.CLUSTER.gates}, which the load tester of each cluster reads to the
 * end before each of its answers: what is written here counts with the next hook. The two gates of
 * a canary are one record, and its writers do not wait for each other; so what came between is
 * looked at after it was written, and written again where one undid another ({@link GateTurn}).
 */
public final class KeptGatesInKafka implements KeptGates {

    private static final Logger log = LoggerFactory.getLogger(KeptGatesInKafka.class);
    private static final String CLIENT = "serinus-analysis-gates";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A person waits before a page. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    /** Whoever is overtaken so often is told. */
    private static final int MOST_WRITTEN = 5;

    /** Of one canary one is turned at a time; of others, as far as they do not share a lock. */
    private static final int LOCKS = 64;

    private final KafkaSettings kafka;
    private final Topics topics;
    private final List<ReentrantLock> locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

    public KeptGatesInKafka(KafkaSettings kafka) {
        this.kafka = kafka;
        this.topics = new Topics(kafka);
    }

    @Override
    public Seen read(Predicate<String> clusters) {
        try (var lookup = new TopicLookup(kafka, CLIENT, LONGEST)) {
            var partitions =
                    lookup.partitions(topic -> cluster(topic).filter(clusters).isPresent());
            Set<String> found = new HashSet<>();
            partitions.forEach(each -> cluster(each.topic()).ifPresent(found::add));
            Map<CanaryKey, List<KeptGate>> gates = new HashMap<>();
            Map<String, Topic<CanaryKey, GateStates>> of = new HashMap<>();
            found.forEach(cluster -> of.put(TopicKind.GATES.name(cluster), topics.gates(cluster)));
            lookup.read(
                    lookup.begins(partitions),
                    record ->
                            told(record, of)
                                    .ifPresent(
                                            told -> {
                                                if (record.value() == null) {
                                                    gates.remove(told.canary());
                                                } else {
                                                    gates.put(told.canary(), told.gates());
                                                }
                                            }));
            return new Seen(found, gates);
        }
    }

    @Override
    public boolean turn(CanaryKey canary, KeptGate gate) throws InterruptedException {
        var lock = locks.get(Math.floorMod(canary.hashCode(), locks.size()));
        if (!lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new LookupFailed("others turn gates at the same time: try again");
        }
        try (var lookup = new TopicLookup(kafka, CLIENT, LONGEST)) {
            return turn(lookup, canary, gate);
        } finally {
            lock.unlock();
        }
    }

    private boolean turn(TopicLookup lookup, CanaryKey canary, KeptGate gate)
            throws InterruptedException {
        String topic = TopicKind.GATES.name(canary.cluster());
        var partitions = lookup.partitions(topic::equals);
        if (partitions.isEmpty()) {
            throw new LookupFailed(
                    "no load tester keeps gates in %s: there is no topic %s, or analysis may not read it (deploy/serinus topics apply)"
                            .formatted(canary.cluster(), topic));
        }
        var read = lookup.ends(partitions);
        var before = records(lookup, lookup.begins(partitions), read, canary);
        var turn = GateTurn.of(gate, before.isEmpty() ? List.of() : List.copyOf(before.getLast()));
        for (int times = 0; times < MOST_WRITTEN; times++) {
            send(lookup, canary, turn);
            var end = lookup.ends(partitions);
            switch (turn.after(records(lookup, read, end, canary))) {
                case GateTurn.Outcome.Stands() -> {
                    return true;
                }
                case GateTurn.Outcome.Overtaken() -> {
                    return false;
                }
                case GateTurn.Outcome.Again(var next) -> {
                    turn = next;
                    read = end;
                }
            }
        }
        return false;
    }

    /** What was said of one canary, in its order; nothing where its gates were taken away. */
    private List<Set<KeptGate>> records(
            TopicLookup lookup,
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            CanaryKey canary) {
        Map<String, Topic<CanaryKey, GateStates>> of =
                Map.of(TopicKind.GATES.name(canary.cluster()), topics.gates(canary.cluster()));
        List<Set<KeptGate>> found = new ArrayList<>();
        lookup.read(
                from,
                to,
                record ->
                        told(record, of)
                                .filter(told -> told.canary().equals(canary))
                                .ifPresent(told -> found.add(Set.copyOf(told.gates()))));
        return found;
    }

    private void send(TopicLookup lookup, CanaryKey canary, GateTurn turn)
            throws InterruptedException {
        var states =
                new GateStates(
                        canary.toString(),
                        turn.written().stream()
                                .sorted(Comparator.comparing(KeptGate::kind))
                                .map(KeptGatesInKafka::state)
                                .toList());
        long patience = Math.min(PATIENCE.toMillis(), lookup.left().toMillis());
        var sent = new CompletableFuture<Boolean>();
        var sending =
                Thread.ofVirtual()
                        .name("gate")
                        .start(
                                () -> {
                                    try (var outbox = new KafkaOutbox(kafka, CLIENT)) {
                                        outbox.send(topics.gates(canary.cluster()), canary, states);
                                        sent.complete(true);
                                    } catch (InterruptedException givenUp) {
                                        sent.complete(false);
                                    } catch (RuntimeException never) {
                                        sent.completeExceptionally(never);
                                    }
                                });
        try {
            sent.get(patience, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            sending.interrupt();
            throw new LookupFailed(
                    "Kafka did not take it in time, so that nobody knows whether it is turned: look"
                            + " again. Analysis needs the right to write %s"
                                    .formatted(TopicKind.GATES.name(canary.cluster())));
        } catch (ExecutionException never) {
            throw new LookupFailed("it cannot be written: " + never.getCause());
        }
    }

    /** What one record says of a canary; no gates where it takes them away. */
    private record Told(CanaryKey canary, List<KeptGate> gates) {}

    /** Empty for what cannot be read, or says something of another cluster. */
    private static Optional<Told> told(
            ConsumerRecord<byte[], byte[]> record, Map<String, Topic<CanaryKey, GateStates>> of) {
        Topic<CanaryKey, GateStates> topic = Objects.requireNonNull(of.get(record.topic()));
        try {
            CanaryKey canary = topic.keys().deserializer().deserialize(topic.name(), record.key());
            if (!TopicKind.GATES.name(canary.cluster()).equals(record.topic())) {
                return Optional.empty(); // nobody of one cluster says something of another
            }
            return Optional.of(
                    new Told(
                            canary,
                            record.value() == null
                                    ? List.of()
                                    : gates(
                                            topic.values()
                                                    .deserializer()
                                                    .deserialize(topic.name(), record.value()))));
        } catch (SerializationException | IllegalArgumentException unreadable) {
            log.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("because", unreadable.getMessage())
                    .log("gates that cannot be read are not shown");
            return Optional.empty();
        }
    }

    private static List<KeptGate> gates(GateStates states) {
        return states.getGates().stream()
                .flatMap(
                        each ->
                                KeptGateKind.of(each.getGate()).stream()
                                        .map(
                                                kind ->
                                                        new KeptGate(
                                                                kind,
                                                                each.getOpen(),
                                                                each.getActor(),
                                                                each.getReason(),
                                                                each.getSince())))
                .toList();
    }

    private static GateState state(KeptGate gate) {
        return new GateState(
                gate.kind().word(), gate.open(), gate.actor(), gate.reason(), gate.since());
    }

    private static Optional<String> cluster(String topic) {
        return TopicKind.cluster(topic)
                .filter(cluster -> TopicKind.GATES.name(cluster).equals(topic));
    }
}
