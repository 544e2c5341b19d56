package dev.serinus.schemas.wire;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The schemas that one cluster told, as far as they were looked for. Whoever may write to the
 * cluster's topics may write anything there, as often as he likes: neither the looks nor what is
 * kept grow with that, since other clusters' records are read by the same thread.
 */
final class ToldSchemas {

    /** One look finds all that is there, and a new version has fewer new schemas than this. */
    static final int LOOKS = 20;

    /** More than several new versions have together, if each changes all. */
    static final int KEPT = 100;

    /** Fingerprints asked for at one time. */
    static final int ASKED = 100;

    /** What all looks of a window may take, by whatever is on the topic. */
    static final Duration SPENT = Duration.ofSeconds(10);

    /** For how long {@link #LOOKS} and {@link #SPENT} are meant. */
    static final Duration WINDOW = Duration.ofMinutes(1);

    /** From the start of a look that nobody answered to the next. */
    static final Duration REST = Duration.ofSeconds(10);

    private static final Set<String> NAMES =
            KnownSchemas.present().stream()
                    .map(Schema::getFullName)
                    .collect(Collectors.toUnmodifiableSet());

    /** One reading of the topic, the how manieth, and when it began. */
    private record Look(Question<Boolean> question, long number, long startedAt) {}

    /** The last look that had begun when it was asked first, which may have missed it, and when. */
    private record Asked(long after, long at) {}

    private final String topic;
    private final SchemaLog log;
    private final LongSupplier nanos;
    private final Map<Long, Schema> learnt = new ConcurrentHashMap<>();

    /** What nobody has answered yet; whoever comes again need not wait for one look more. */
    private final Map<Long, Asked> asked = new HashMap<>();

    private @Nullable Look last;
    private long windowFrom;
    private int looks;
    private long spent;

    ToldSchemas(String topic, SchemaLog log, LongSupplier nanos) {
        this.topic = topic;
        this.log = log;
        this.nanos = nanos;
        windowFrom = nanos.getAsLong();
    }

    /**
     * The schema with this fingerprint; empty when it was not told before it was first asked for,
     * or this cluster asks for more than versions can differ by.
     *
     * @throws RegistryAway when nobody has answered yet
     */
    Optional<Schema> find(long fingerprint) {
        while (true) {
            Schema known = learnt.get(fingerprint);
            if (known != null) {
                isDecided(fingerprint);
                return Optional.of(known);
            }
            Optional<Look> look = look(fingerprint);
            if (look.isEmpty()) {
                isDecided(fingerprint);
                return Optional.ofNullable(learnt.get(fingerprint));
            }
            look.get().question().answer();
        }
    }

    private synchronized void isDecided(long fingerprint) {
        asked.remove(fingerprint);
    }

    /**
     * The look to wait for; empty when one that began late enough is over, or there are no more.
     */
    private synchronized Optional<Look> look(long fingerprint) {
        long now = nanos.getAsLong();
        beginWindow(now);
        if (!asked.containsKey(fingerprint) && asked.size() >= ASKED) {
            return Optional.empty();
        }
        long begun = last == null ? 0 : last.number();
        Asked first = asked.computeIfAbsent(fingerprint, _ -> new Asked(begun, now));
        if (last != null && !last.question().isOver()) {
            return Optional.of(last);
        }
        if (last != null && last.question().hasFailed()) {
            if (now - last.startedAt() < REST.toNanos()) {
                throw new RegistryAway(topic + " could not be read, and is tried again in seconds");
            }
        } else if (begun > first.after()) {
            return Optional.empty();
        }
        if (looks >= LOOKS || spent >= SPENT.toNanos()) {
            return Optional.empty();
        }
        looks++;
        last = new Look(Question.start(topic, this::read), begun + 1, now);
        return Optional.of(last);
    }

    /** Whoever asked in an earlier window and did not come back is forgotten. */
    private void beginWindow(long now) {
        if (now - windowFrom > WINDOW.toNanos()) {
            windowFrom = now;
            looks = 0;
            spent = 0;
            asked.values().removeIf(first -> now - first.at() > WINDOW.toNanos());
        }
    }

    /** Kafka's own outages are nobody's doing, so they use up no time. */
    private boolean read() {
        long from = nanos.getAsLong();
        log.read(topic, this::keep);
        hasTaken(nanos.getAsLong() - from);
        return true;
    }

    private synchronized void hasTaken(long time) {
        spent += time;
    }

    private void keep(long fingerprint, Schema schema) {
        if (learnt.size() < KEPT
                && NAMES.contains(schema.getFullName())
                && KnownSchemas.find(fingerprint) == null) {
            learnt.putIfAbsent(fingerprint, schema);
        }
    }

    /** Fingerprints only. */
    @Override
    public String toString() {
        return topic + learnt.keySet().stream().map("%016x"::formatted).collect(Collectors.toSet());
    }
}
