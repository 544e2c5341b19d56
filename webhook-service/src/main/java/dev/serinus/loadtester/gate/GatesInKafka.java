package dev.serinus.loadtester.gate;

import dev.serinus.schemas.events.GateState;
import dev.serinus.schemas.events.GateStates;
import dev.serinus.schemas.runtime.KafkaKeptRecords;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.KeptRecords;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Service;
import dev.serinus.schemas.topic.Topic;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * On a compacted topic: neither a restart nor another process of the same cluster forgets a gate.
 * While the broker is away, or without the topic, nobody is told anything, since a gate may have
 * been closed meanwhile.
 */
public final class GatesInKafka implements GateStore {

    private static final Logger LOG = LoggerFactory.getLogger(GatesInKafka.class);

    /** Shorter than a hook's own time limit, so that the hook learns why it was not answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** While the broker is away each look waits for it, for longer than whoever asked. */
    private static final int MOST_AT_A_TIME = 64;

    /** How far somebody's turn of a gate is. */
    private enum Progress {
        LOOKS,
        WRITES,
        LATE,
        GIVEN_UP
    }

    private final String cluster;
    private final KeptRecords<GateStates> kept;
    private final Runnable close;
    private final Duration patience;
    private final String place;
    private final ReentrantLock turning = new ReentrantLock();
    private final Semaphore turns = new Semaphore(MOST_AT_A_TIME);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** On kept records of another making, which {@code close} closes. */
    GatesInKafka(
            String cluster,
            KeptRecords<GateStates> kept,
            Runnable close,
            Duration patience,
            String place) {
        this.cluster = cluster;
        this.kept = kept;
        this.close = close;
        this.patience = patience;
        this.place = place;
    }

    /** Those of a cluster. Its name is part of the topic's. */
    public static GatesInKafka open(KafkaSettings kafka, String cluster) {
        Topic<CanaryKey, GateStates> topic = new Topics(kafka).gates(cluster);
        var outbox = new KafkaOutbox(kafka, Service.LOADTESTER.of(cluster));
        var records = new KafkaKeptRecords<>(topic, kafka, outbox);
        return new GatesInKafka(
                cluster,
                records,
                () -> {
                    records.close();
                    outbox.close();
                },
                PATIENCE,
                "in Kafka: " + topic.name());
    }

    @Override
    public Optional<Gate> find(GateName name) throws Unavailable, InterruptedException {
        return within(() -> kept.get(key(name)))
                .flatMap(
                        states ->
                                states.getGates().stream()
                                        .filter(each -> isOf(each, name.kind()))
                                        .findFirst())
                .map(GatesInKafka::gate);
    }

    @Override
    public Map<GateName, Gate> all() throws Unavailable, InterruptedException {
        // Only asking for one reads the topic to its end.
        within(() -> kept.get(new CanaryKey(cluster, "any", "any")));
        Map<GateName, Gate> all = new HashMap<>();
        kept.known().forEach((canary, states) -> add(canary, states, all));
        return all;
    }

    private static void add(CanaryKey canary, GateStates states, Map<GateName, Gate> to) {
        for (GateState each : states.getGates()) {
            GateKind.of(each.getGate())
                    .map(kind -> new GateName(canary.namespace(), canary.name(), kind))
                    .ifPresent(name -> to.put(name, gate(each)));
        }
    }

    @Override
    public void keep(GateName name, Gate gate) throws Unavailable, InterruptedException {
        var progress = new AtomicReference<>(Progress.LOOKS);
        try {
            within(() -> turn(name, gate, progress));
        } catch (Unavailable away) {
            if (progress.compareAndSet(Progress.LOOKS, Progress.GIVEN_UP)) {
                throw away;
            }
            progress.compareAndSet(Progress.WRITES, Progress.LATE);
            throw new Unavailable(
                    away.getMessage() + "; the gate may be turned yet: look at it again");
        } finally {
            // What nobody was told is done is not to be done later, when others have decided anew.
            progress.compareAndSet(Progress.LOOKS, Progress.GIVEN_UP);
        }
    }

    private Optional<GateStates> turn(GateName name, Gate gate, AtomicReference<Progress> progress)
            throws InterruptedException {
        // A canary's two gates are one record: one writer at a time.
        turning.lockInterruptibly();
        try {
            CanaryKey canary = key(name);
            List<GateState> next = new ArrayList<>(List.of(state(name, gate)));
            kept.get(canary)
                    .ifPresent(
                            former ->
                                    former.getGates().stream()
                                            .filter(each -> !isOf(each, name.kind()))
                                            .forEach(next::add));
            if (progress.compareAndSet(Progress.LOOKS, Progress.WRITES)) {
                kept.put(canary, new GateStates(canary.toString(), next));
            }
            if (progress.get() == Progress.LATE) {
                LOG.atWarn()
                        .addKeyValue("canary", name.name() + "." + name.namespace())
                        .addKeyValue("gate", name.kind().title())
                        .addKeyValue("actor", gate.actor())
                        .addKeyValue("reason", gate.reason())
                        .log(gate.open() ? "gate opened late" : "gate closed late");
            }
            return Optional.empty();
        } finally {
            turning.unlock();
        }
    }

    private <T> T within(Callable<T> task) throws Unavailable, InterruptedException {
        if (!turns.tryAcquire()) {
            throw new Unavailable(
                    "gates cannot be looked at now: %d others wait for Kafka already"
                            .formatted(MOST_AT_A_TIME));
        }
        Future<T> asked =
                threads.submit(
                        () -> {
                            try {
                                return task.call();
                            } finally {
                                turns.release();
                            }
                        });
        try {
            return asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException away) {
            // It goes on: an interrupted look would have to begin anew, again and again.
            throw new Unavailable(
                    "gates cannot be looked at now: Kafka does not answer within "
                            + patience.toSeconds()
                            + " s");
        } catch (ExecutionException failed) {
            throw new Unavailable("gates cannot be looked at now: " + because(failed.getCause()));
        }
    }

    private static String because(@Nullable Throwable trouble) {
        return trouble instanceof KafkaKeptRecords.NoTopic
                ? String.valueOf(trouble.getMessage())
                : String.valueOf(trouble);
    }

    private CanaryKey key(GateName name) {
        return new CanaryKey(cluster, name.namespace(), name.name());
    }

    private static boolean isOf(GateState state, GateKind kind) {
        return state.getGate().equals(kind.title());
    }

    private static Gate gate(GateState state) {
        return new Gate(state.getOpen(), state.getActor(), state.getReason(), state.getSince());
    }

    private static GateState state(GateName name, Gate gate) {
        return new GateState(
                name.kind().title(), gate.open(), gate.actor(), gate.reason(), gate.since());
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        close.run();
    }
}
