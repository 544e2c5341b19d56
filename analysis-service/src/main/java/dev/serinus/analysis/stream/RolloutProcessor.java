package dev.serinus.analysis.stream;

import dev.serinus.analysis.journal.Kept;
import dev.serinus.analysis.stream.Intake.Reading;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Where Streams meets the desk. One writer per canary: the record key puts all of a canary's facts
 * on one task. Timers take the same way as what arrives.
 */
final class RolloutProcessor implements Processor<byte[], byte[], byte[], Outgoing> {

    static final String ROLLOUTS = "rollouts";
    static final String WAITING = "waiting";

    private static final Logger log = LoggerFactory.getLogger(RolloutProcessor.class);

    /** How often it is looked whether an incomplete cluster was completed. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Intake intake;
    private final Outbound outbound;
    private final Clusters clusters;
    private final DecisionMetrics metrics;
    private final InstantSource time;
    private @Nullable Task task;

    RolloutProcessor(
            Intake intake,
            Outbound outbound,
            Clusters clusters,
            DecisionMetrics metrics,
            InstantSource time) {
        this.intake = intake;
        this.outbound = outbound;
        this.clusters = clusters;
        this.metrics = metrics;
        this.time = time;
    }

    @Override
    public void init(ProcessorContext<byte[], Outgoing> context) {
        close(); // a task revived after an aborted transaction is initialised once more
        task = new Task(context);
        task.setTimers();
        task.awaitClusters();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (task == null) {
            throw new IllegalStateException("Streams promises init before process");
        }
        task.process(record);
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
            task = null;
        }
    }

    /** What exists from one init to the next close. */
    private final class Task {

        private final ProcessorContext<byte[], Outgoing> context;
        private final Desk desk;
        private final WaitingRoom waiting;
        private final Alarm timers;
        private final Alarm reception;

        Task(ProcessorContext<byte[], Outgoing> context) {
            this.context = context;
            KeyValueStore<CanaryKey, Kept> rollouts = context.getStateStore(ROLLOUTS);
            KeyValueStore<Bytes, Arrival> held = context.getStateStore(WAITING);
            desk = new Desk(rollouts, outbound, this::forward, metrics, time);
            waiting = new WaitingRoom(held);
            timers = new Alarm(context, this::fire);
            reception = new Alarm(context, this::receive);
        }

        void process(Record<byte[], byte[]> record) {
            var origin =
                    context.recordMetadata()
                            .orElseThrow(() -> new IllegalStateException("a record has an origin"));
            var arrival =
                    new Arrival(
                            origin.topic(),
                            origin.partition(),
                            origin.offset(),
                            record.timestamp(),
                            record.key(),
                            record.value());
            if (waiting.isWaiting(arrival.cluster()) || !clusters.complete(arrival.cluster())) {
                hold(arrival);
            } else {
                take(arrival);
                setTimers();
            }
        }

        private void take(Arrival arrival) {
            boolean todo =
                    switch (intake.read(arrival)) {
                        case Reading.Fact(var canary, var input) ->
                                desk.take(canary, input, arrival);
                        case Reading.Poison(var reason) -> {
                            log.atWarn()
                                    .addKeyValue("topic", arrival.topic())
                                    .addKeyValue("partition", arrival.partition())
                                    .addKeyValue("offset", arrival.offset())
                                    .addKeyValue("because", reason)
                                    .log("record set aside");
                            desk.setAside(arrival, reason);
                            yield true;
                        }
                    };
            commitIf(todo);
        }

        private void fire() {
            commitIf(desk.fire());
            setTimers();
        }

        private void hold(Arrival arrival) {
            if (!waiting.admit(arrival)) {
                metrics.setAside(arrival.topic());
                log.atError()
                        .addKeyValue("topic", arrival.topic())
                        .addKeyValue("partition", arrival.partition())
                        .addKeyValue("offset", arrival.offset())
                        .log("record dropped: its cluster has no topics and too many wait already");
            }
            awaitClusters();
        }

        private void receive() {
            for (String cluster : waiting.clusters()) {
                if (clusters.complete(cluster)) {
                    waiting.leave(cluster).forEach(this::take);
                }
            }
            setTimers();
            awaitClusters();
        }

        void setTimers() {
            timers.set(desk.due().next(), time.instant());
        }

        void awaitClusters() {
            var now = time.instant();
            reception.set(
                    waiting.clusters().isEmpty()
                            ? Optional.empty()
                            : Optional.of(now.plus(PATIENCE)),
                    now);
        }

        /** Asks for a commit now: a command is visible only with the transaction it is part of. */
        private void commitIf(boolean todo) {
            if (todo) {
                context.commit();
            }
        }

        private void forward(Outgoing record) {
            context.forward(
                    new Record<>(
                            record.key(), record, time.instant().toEpochMilli(), record.headers()));
        }

        void close() {
            timers.cancel();
            reception.cancel();
            desk.leave();
        }
    }
}
