package dev.serinus.schemas.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is left to the group that handles some records beside the others: those of a partition in
 * which that group has a place. Before it has one, which it gets by its first start alone, nobody
 * else would handle them, so they are handled here; it is given half a minute to begin, since what
 * both handle is told twice. A group that this account may not join never begins, and all is
 * handled here as it was before there were two; and so from the moment on in which the right to it
 * is taken away.
 */
final class AsideGroup<V> implements Share<V> {

    private static final Logger log = LoggerFactory.getLogger(AsideGroup.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LOOK_WHEN_REFUSED = Duration.ofMinutes(1);

    private static final Duration GLANCE = Duration.ofMillis(5);

    private final Aside<V> aside;
    private final RecordLoop<V> beside;
    private final GroupPlaces places;
    private final Set<Integer> begun = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Long> ends = new ConcurrentHashMap<>();
    private final Map<String, Long> left = new ConcurrentHashMap<>(); // lane -> the last offset
    private final Set<String> late = ConcurrentHashMap.newKeySet(); // lanes
    private boolean refused; // guarded by this
    private long looked = System.nanoTime() - LOOK.toNanos(); // guarded by this

    /**
     * @param beside the loop of that group in this process
     */
    AsideGroup(Aside<V> aside, RecordLoop<V> beside, KafkaSettings settings, String topic) {
        this.aside = aside;
        this.beside = beside;
        this.places = new GroupPlaces(settings, aside.group(), topic);
    }

    @Override
    public boolean isOurs(V value, ConsumerRecord<byte[], byte[]> record)
            throws InterruptedException {
        String lane = record.key() == null ? "" : new String(record.key(), UTF_8);
        if (!aside.records().test(value)) {
            awaitThoseBefore(lane, record.partition());
            return true;
        }
        if (!hasBegun(record.partition())) {
            return true;
        }
        if (aside.ordered().isPositive()) {
            left.put(lane, record.offset());
        }
        return false;
    }

    @Override
    public boolean isPart() {
        return true;
    }

    @Override
    public boolean isOthers(V value, int partition) {
        return aside.records().test(value) && begun.contains(partition);
    }

    /**
     * Who is told both finds them in their order as long as the others are quick. Those that are
     * late are waited for once, and not again before they have caught up.
     */
    private void awaitThoseBefore(String lane, int partition) throws InterruptedException {
        Long last = left.get(lane);
        if (last == null) {
            return;
        }
        long end = System.nanoTime() + aside.ordered().toNanos();
        while (!beside.isDone(partition, last)) {
            if (late.contains(lane) || System.nanoTime() - end > 0) {
                late.add(lane);
                return;
            }
            Thread.sleep(GLANCE);
        }
        left.remove(lane);
        late.remove(lane);
    }

    private boolean hasBegun(int partition) throws InterruptedException {
        if (beside.isRefused()) {
            begun.clear();
        }
        while (!begun.contains(partition)) {
            long end = ends.computeIfAbsent(partition, _ -> System.nanoTime() + PATIENCE.toNanos());
            if (!look() || (!begun.contains(partition) && System.nanoTime() - end > 0)) {
                return begun.contains(partition);
            }
            if (!begun.contains(partition)) {
                Thread.sleep(LOOK);
            }
        }
        return true;
    }

    /** False where the group may not be asked about. Asked about now and then. */
    private synchronized boolean look() {
        var pause = refused ? LOOK_WHEN_REFUSED : LOOK;
        if (System.nanoTime() - looked < pause.toNanos()) {
            return !refused;
        }
        try (Admin admin = places.admin()) {
            places.committed(admin, aside.group())
                    .keySet()
                    .forEach(each -> begun.add(each.partition()));
            refused = false;
        } catch (AuthorizationException no) {
            if (!refused) {
                log.atWarn()
                        .addKeyValue("group", aside.group())
                        .log(
                                "this account may not read in the group in which events are told"
                                        + " beside the rest (`deploy/serinus topics apply --acls`):"
                                        + " they are told in line");
            }
            refused = true;
        } catch (KafkaException away) {
            log.atDebug().addKeyValue("because", away.toString()).log("no answer, asking again");
        }
        looked = System.nanoTime();
        return !refused;
    }
}
