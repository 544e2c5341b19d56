package dev.serinus.watcher.observe;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.events.CanariesListed;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.runtime.PartitionedOutbox;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Tells from time to time that the cluster is seen, so that one that is cut off is told from one in
 * which nothing happens. Nothing is asked for it, and one record is all it costs.
 */
public final class Heartbeats {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

    /** How often it is told. */
    public static final Duration EVERY = Duration.ofMinutes(1);

    /** After one could not be told, since a watch was just made anew. */
    static final Duration SOON = Duration.ofSeconds(5);

    /** In which those are decided upon that wait for others. */
    private static final int PARTITION = 0;

    private final Installation installation;
    private final BooleanSupplier seen;
    private final Topic<CanaryKey, Change> changes;
    private final PartitionedOutbox outbox;
    private final InstantSource clock;

    /**
     * @param seen whether everything watched is seen as it is now
     */
    public Heartbeats(
            Installation installation,
            BooleanSupplier seen,
            Topic<CanaryKey, Change> changes,
            PartitionedOutbox outbox,
            InstantSource clock) {
        this.installation = installation;
        this.seen = seen;
        this.changes = changes;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Tells it where it is so; how long to wait before it is to be told again. */
    public Duration tell() throws InterruptedException {
        try {
            if (!seen.getAsBoolean()) {
                return SOON;
            }
            @Nullable String namespace = installation.namespace();
            var key =
                    new CanaryKey(installation.cluster(), namespace == null ? "*" : namespace, "*");
            outbox.send(changes, PARTITION, key, sign(key, clock.instant()));
        } catch (RuntimeException refused) {
            LOG.atWarn()
                    .addKeyValue("cluster", installation.cluster())
                    .addKeyValue("because", refused.toString())
                    .log("a sign of life cannot be told");
        }
        return EVERY;
    }

    private Change sign(CanaryKey key, Instant at) throws InterruptedException {
        return Change.newBuilder()
                .setCanary(key.toString())
                .setUid("")
                .setObservedAt(at)
                .setBody(
                        CanariesListed.newBuilder()
                                .setNamespace(installation.namespace())
                                .setPartition(PARTITION)
                                .setPartitions(outbox.partitions(changes))
                                // No name lies between these: none is missed.
                                .setAfter("")
                                .setUntil("")
                                .setCanaries(List.of())
                                .setAgainMillis(EVERY.toMillis())
                                .build())
                .build();
    }
}
