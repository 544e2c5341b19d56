package dev.serinus.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.TestReport;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.telemetry.EventLine;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Prints the topic {@code serinus.rollout-events} for people, or as JSON for machines. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Print what happened to every Canary, the oldest first.",
            "Without --bootstrap-servers it asks the broker of the Serinus that runs on this"
                    + " machine."
        })
final class EventsCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(500);

    /** More than these are not sorted by time before they are printed. */
    private static final int SORTED = 50_000;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what happens from now on.")
    private boolean follow;

    @Option(names = "--new", description = "With --follow: leave out what happened before.")
    private boolean onlyNew;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Mixin private CanaryOption canary = new CanaryOption();

    @Mixin private BrokerOptions broker = new BrokerOptions();

    @Spec private CommandSpec spec;

    private long told;

    @Override
    public Integer call() throws Exception {
        broker.quietly();
        return Termination.guard(this::print);
    }

    private int print() {
        var kafka = broker.kafka();
        var topic = new Topics(kafka).rolloutEvents();
        try (var consumer =
                new KafkaConsumer<CanaryKey, RolloutEvent>(
                        kafka.with(
                                Map.of(
                                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                        "read_committed",
                                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                        "10000")),
                        topic.keys().deserializer(),
                        topic.values().deserializer())) {
            return print(consumer, topic.name());
        } catch (KafkaException trouble) {
            throw new Refused(
                    List.of(
                            "Kafka at %s cannot be read: %s"
                                    .formatted(
                                            kafka.properties().get("bootstrap.servers"),
                                            ErrorCauses.shortest(trouble))));
        }
    }

    private int print(KafkaConsumer<CanaryKey, RolloutEvent> consumer, String topic) {
        var out = spec.commandLine().getOut();
        try {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(each -> new TopicPartition(each.topic(), each.partition()))
                            .toList();
            if (partitions.isEmpty()) {
                throw new Refused(
                        List.of("Kafka has no topic " + topic + ": has Serinus run there?"));
            }
            consumer.assign(partitions);
            if (!(follow && onlyNew)) {
                tellWhatHappened(consumer, partitions, out);
            } else {
                consumer.seekToEnd(partitions);
            }
            if (told == 0 && !follow && canary.name() != null) {
                var err = spec.commandLine().getErr();
                err.printf("nothing is kept of %s; without --canary all are told%n", canary.name());
            }
            while (follow) {
                tell(read(consumer), out);
            }
            return 0;
        } catch (InterruptException _) {
            // Ctrl-C is how following ends. Closing would be interrupted as well, and say so.
            var _ = Thread.interrupted();
            return 0;
        }
    }

    private void tellWhatHappened(
            KafkaConsumer<CanaryKey, RolloutEvent> consumer,
            List<TopicPartition> partitions,
            PrintWriter out) {
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        List<RolloutEvent> found = new ArrayList<>();
        while (partitions.stream()
                .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
            found.addAll(read(consumer));
            if (found.size() > SORTED) {
                tell(found, out);
                found.clear();
            }
        }
        tell(found, out);
    }

    private static List<RolloutEvent> read(KafkaConsumer<CanaryKey, RolloutEvent> consumer) {
        List<RolloutEvent> found = new ArrayList<>();
        consumer.poll(POLL).forEach(record -> found.add(record.value()));
        return found;
    }

    private void tell(List<RolloutEvent> events, PrintWriter out) {
        var wanted =
                events.stream()
                        .filter(this::isWanted)
                        .sorted(Comparator.comparing(RolloutEvent::getAt))
                        .toList();
        wanted.forEach(event -> out.println(json ? json(event) : line(event)));
        told += wanted.size();
        out.flush();
    }

    private boolean isWanted(RolloutEvent event) {
        return canary.includes(event.getCanary());
    }

    static String line(RolloutEvent event) {
        return event.getAt() + " " + EventLine.of(event);
    }

    static String json(RolloutEvent event) {
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("at", event.getAt().toString())
                .put("canary", event.getCanary())
                .put("uid", event.getUid())
                .put("run", event.getRun())
                .put("sequence", event.getSequence())
                .put("type", event.getType())
                .put("dryRun", event.getDryRun())
                .put("phase", event.getPhase())
                .put("revision", event.getRevision())
                .put("step", event.getStep())
                .putPOJO(
                        "canaryWeight",
                        Weight.recorded(event.getCanaryWeight(), event.getCanaryBasisPoints())
                                .number())
                .putPOJO("baselineWeight", baseline(event))
                .put("failedChecks", event.getFailedChecks())
                .put("message", event.getMessage())
                .put("actor", event.getActor());
        var evidence = node.putArray("evidence");
        event.getEvidence()
                .forEach(
                        one -> {
                            ObjectNode check =
                                    evidence.addObject()
                                            .put("check", one.getCheck())
                                            .put("value", one.getValue())
                                            .put("min", one.getMin())
                                            .put("max", one.getMax())
                                            .put("verdict", one.getVerdict().name())
                                            .put("because", one.getBecause());
                            if (one.getReport() != null) {
                                check.set("report", report(one.getReport()));
                            }
                        });
        return node.toString();
    }

    private static ObjectNode report(TestReport said) {
        return new ObjectMapper()
                .createObjectNode()
                .put("exit", said.getExit())
                .put("tookMillis", said.getTookMillis())
                .put("tool", said.getTool())
                .put("p50Millis", said.getP50Millis())
                .put("p95Millis", said.getP95Millis())
                .put("p99Millis", said.getP99Millis())
                .put("requests", said.getRequests())
                .put("errors", said.getErrors())
                .put("earlier", said.getEarlier());
    }

    private static @Nullable Number baseline(RolloutEvent event) {
        Integer share = event.getBaselineBasisPoints();
        return share == null ? null : new Weight(share).number();
    }
}
