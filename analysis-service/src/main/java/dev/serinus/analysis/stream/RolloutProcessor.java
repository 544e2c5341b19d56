package dev.serinus.analysis.stream;

import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.analysis.stream.InputReader.Reading;
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
import org.slf4j.spi.LoggingEventBuilder;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Hands what Streams brings to the {@link DecisionStore}. One writer per canary: the record key
 * puts all of a canary's facts on one task. Timers take the same way as what arrives.
 */
final class RolloutProcessor implements Processor<byte[], byte[], byte[], OutgoingRecord> {

    static final String ROLLOUTS = "rollouts";
    static final String WAITING = "waiting";
    static final String FLEETS = "fleets";

    private static final Logger log = LoggerFactory.getLogger(RolloutProcessor.class);

    /** How often it is looked whether a cluster was completed, or a schema is known now. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * How often it is looked whether the installation's rules changed, where there are any, and
     * whether a cluster fell silent, while that matters to somebody.
     */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final InputReader reader;
    private final DecisionWriter writer;
    private final Clusters clusters;
    private final SizeLimits limits;
    private final DecisionMetrics metrics;
    private final InstantSource time;
    private final FleetRulesSource fleet;
    private final SilenceSource silence;
    private @Nullable Task task;

    RolloutProcessor(
            InputReader reader,
            DecisionWriter writer,
            Clusters clusters,
            SizeLimits limits,
            DecisionMetrics metrics,
            InstantSource time,
            FleetRulesSource fleet,
            SilenceSource silence) {
        this.reader = reader;
        this.writer = writer;
        this.clusters = clusters;
        this.limits = limits;
        this.metrics = metrics;
        this.time = time;
        this.fleet = fleet;
        this.silence = silence;
    }

    @Override
    public void init(ProcessorContext<byte[], OutgoingRecord> context) {
        close(); // a task revived after an aborted transaction is initialised once more
        task = new Task(context);
        task.setTimers();
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

        private final ProcessorContext<byte[], OutgoingRecord> context;
        private final Batch batch = Batch.ofThisThread();
        private final DecisionStore store;
        private final HeldRecords waiting;
        private final FleetStore fleets;
        private final WakeUp timers;
        private final WakeUp retry;
        private final WakeUp rules;
        private final WakeUp permits;
        private final WakeUp silences;
        private boolean looked;

        Task(ProcessorContext<byte[], OutgoingRecord> context) {
            this.context = context;
            KeyValueStore<CanaryKey, StoredRollout> rollouts = context.getStateStore(ROLLOUTS);
            KeyValueStore<Bytes, ReceivedRecord> held = context.getStateStore(WAITING);
            String changelog = context.applicationId() + "-" + ROLLOUTS + "-changelog";
            store =
                    new DecisionStore(
                            rollouts,
                            writer,
                            this::forward,
                            limits,
                            changelog,
                            metrics,
                            time,
                            clusters,
                            fleet.config(),
                            silence);
            fleets =
                    new FleetStore(
                            context.getStateStore(FLEETS),
                            writer,
                            this::forward,
                            store::setAside,
                            clusters,
                            limits,
                            context.applicationId() + "-" + FLEETS + "-changelog",
                            metrics,
                            time,
                            silence);
            waiting = new HeldRecords(held);
            timers = new WakeUp(context, this::fire);
            retry = new WakeUp(context, this::receive);
            rules = new WakeUp(context, this::rule);
            permits = new WakeUp(context, this::sayAgain);
            silences = new WakeUp(context, this::lookAtClusters);
        }

        void process(Record<byte[], byte[]> record) {
            batch.took();
            var origin =
                    context.recordMetadata()
                            .orElseThrow(() -> new IllegalStateException("a record has an origin"));
            var arrival =
                    new ReceivedRecord(
                            origin.topic(),
                            origin.partition(),
                            origin.offset(),
                            record.timestamp(),
                            record.key(),
                            record.value());
            if (waiting.isWaiting(arrival.cluster()) || !clusters.complete(arrival.cluster())) {
                hold(arrival);
            } else {
                takeInTurn(arrival);
            }
            setTimers();
            commitIf(false); // this may be the last of a batch in which others asked for something
        }

        private void hold(ReceivedRecord arrival) {
            if (!waiting.admit(arrival.cluster(), arrival)) {
                metrics.setAside(arrival.topic());
                about(log.atError(), arrival)
                        .log("record dropped: its cluster has no topics and too many wait already");
            }
        }

        /** Takes a record, or puts it behind those of its canary and topic that wait already. */
        private boolean takeInTurn(ReceivedRecord arrival) {
            if (waiting.isWaiting(arrival.line())) {
                queue(arrival);
            } else if (take(arrival) instanceof InputResult.Later(var because)) {
                about(log.atWarn(), arrival).addKeyValue("because", because).log("a record waits");
                queue(arrival);
            }
            return true;
        }

        private void queue(ReceivedRecord arrival) {
            if (!waiting.admit(arrival.line(), arrival)) {
                // It stays on its topic: the thread is replaced, slower and slower, and reads it
                // again.
                throw new IllegalStateException(
                        "too many records wait, as the log says for what, so the stream waits");
            }
        }

        private InputResult take(ReceivedRecord arrival) {
            InputResult taken =
                    switch (reader.read(arrival)) {
                        case Reading.Fact(var canary, var input) ->
                                store.take(canary, input, arrival);
                        case Reading.ToScope(var said) -> fleets.take(said, arrival);
                        case Reading.Listed(var listing) -> store.takeAsGone(listing, arrival);
                        case Reading.Poison(var reason) -> {
                            about(log.atWarn(), arrival)
                                    .addKeyValue("because", reason)
                                    .log("record set aside");
                            yield store.setAside(arrival, reason);
                        }
                        case Reading.Later(var because) -> new InputResult.Later(because);
                    };
            commitIf(taken instanceof InputResult.Todo);
            return taken;
        }

        private void fire() {
            commitIf(store.fire());
            setTimers();
        }

        private void rule() {
            looked = true;
            commitIf(store.rule() instanceof InputResult.Todo);
            setTimers();
        }

        private void lookAtClusters() {
            commitIf(fleets.look());
            setTimers();
        }

        private void sayAgain() {
            commitIf(store.sayAgain());
            setTimers();
        }

        /** Looks whether what was waited for is there now. */
        private void receive() {
            for (String line : waiting.lines()) {
                if (clusters.complete(ReceivedRecord.clusterOf(line))) {
                    waiting.call(
                            line,
                            ReceivedRecord.isCluster(line)
                                    ? this::takeInTurn
                                    : arrival -> !(take(arrival) instanceof InputResult.Later));
                }
            }
            store.resume();
            setTimers();
        }

        void setTimers() {
            var now = time.instant();
            timers.set(store.due().next(), now);
            rules.set(nextLook(now), now);
            permits.set(store.saysAgainAt(), now);
            silences.set(
                    fleets.hasSomebody() ? Optional.of(now.plus(LOOK)) : Optional.empty(), now);
            retry.set(
                    waiting.lines().isEmpty() && !store.hasPostponed()
                            ? Optional.empty()
                            : Optional.of(now.plus(PATIENCE)),
                    now);
        }

        /** At once after a start; then only where something may have changed. */
        private Optional<Instant> nextLook(Instant now) {
            if (!looked) {
                return Optional.of(now);
            }
            return fleet.changes() || !store.isRuled()
                    ? Optional.of(now.plus(LOOK))
                    : Optional.empty();
        }

        private static LoggingEventBuilder about(LoggingEventBuilder line, ReceivedRecord arrival) {
            return line.addKeyValue("topic", arrival.topic())
                    .addKeyValue("partition", arrival.partition())
                    .addKeyValue("offset", arrival.offset());
        }

        /**
         * Asks for a commit once the records at hand are decided upon: a command is visible only
         * with the transaction it is part of.
         */
        private void commitIf(boolean todo) {
            if (batch.isToBeCommitted(todo, System.nanoTime())) {
                context.commit();
            }
        }

        private void forward(OutgoingRecord record) {
            context.forward(
                    new Record<>(
                            record.key(), record, time.instant().toEpochMilli(), record.headers()),
                    record.toScope() ? AnalysisTopology.SCOPES : AnalysisTopology.OUTPUTS);
        }

        void close() {
            timers.cancel();
            retry.cancel();
            rules.cancel();
            permits.cancel();
            silences.cancel();
            store.leave();
            fleets.leave();
        }
    }
}
