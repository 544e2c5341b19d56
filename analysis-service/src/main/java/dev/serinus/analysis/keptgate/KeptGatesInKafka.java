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
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
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
import java.util.function.Predicate;

/**
 * On the topics {@code serinus.CLUSTER.gates}, which the load tester of each cluster reads to the
 * end before each of its answers: what is written here counts with the next hook. The two gates of
 * a canary are one record, and its writers do not wait for each other; so it is looked at again
 * after it was written.
 */
public final class KeptGatesInKafka implements KeptGates {

    private static final Logger log = LoggerFactory.getLogger(KeptGatesInKafka.class);
    private static final String CLIENT = "serinus-analysis-gates";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaSettings kafka;
    private final Topics topics;

    public KeptGatesInKafka(KafkaSettings kafka) {
        this.kafka = kafka;
        this.topics = new Topics(kafka);
    }

    @Override
    public Seen read(Predicate<String> clusters) {
        try (var lookup = new TopicLookup(kafka, CLIENT, PATIENCE)) {
            var partitions =
                    lookup.partitions(topic -> cluster(topic).filter(clusters).isPresent());
            Set<String> found = new HashSet<>();
            partitions.forEach(each -> cluster(each.topic()).ifPresent(found::add));
            Map<CanaryKey, List<KeptGate>> gates = new HashMap<>();
            Map<String, Topic<CanaryKey, GateStates>> of = new HashMap<>();
            found.forEach(cluster -> of.put(cluster, topics.gates(cluster)));
            lookup.read(lookup.begins(partitions), record -> take(record, of, gates));
            return new Seen(found, gates);
        }
    }

    @Override
    public boolean turn(CanaryKey canary, KeptGate gate) throws InterruptedException {
        var before = read(canary.cluster()::equals);
        if (!before.clusters().contains(canary.cluster())) {
            throw new LookupFailed(
                    "no load tester keeps gates in %s: there is no topic %s, or analysis may not read it (deploy/serinus topics apply)"
                            .formatted(canary.cluster(), TopicKind.GATES.name(canary.cluster())));
        }
        List<GateState> next = new ArrayList<>(List.of(state(gate)));
        before.gates().getOrDefault(canary, List.of()).stream()
                .filter(other -> other.kind() != gate.kind())
                .map(KeptGatesInKafka::state)
                .forEach(next::add);
        send(canary, new GateStates(canary.toString(), next));
        return read(canary.cluster()::equals)
                .gates()
                .getOrDefault(canary, List.of())
                .contains(gate);
    }

    private void send(CanaryKey canary, GateStates states) throws InterruptedException {
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
            sent.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
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

    private static void take(
            ConsumerRecord<byte[], byte[]> record,
            Map<String, Topic<CanaryKey, GateStates>> of,
            Map<CanaryKey, List<KeptGate>> gates) {
        String cluster = cluster(record.topic()).orElseThrow();
        Topic<CanaryKey, GateStates> topic = Objects.requireNonNull(of.get(cluster));
        try {
            CanaryKey canary = topic.keys().deserializer().deserialize(topic.name(), record.key());
            if (!canary.cluster().equals(cluster)) {
                return; // nobody of one cluster says something of another
            }
            if (record.value() == null) {
                gates.remove(canary);
                return;
            }
            gates.put(
                    canary,
                    gates(topic.values().deserializer().deserialize(topic.name(), record.value())));
        } catch (SerializationException | IllegalArgumentException unreadable) {
            log.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("because", unreadable.getMessage())
                    .log("gates that cannot be read are not shown");
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
