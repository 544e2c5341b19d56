package dev.serinus.analysis.letter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.topic.TopicKind;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Dead letters as a test makes them up. */
public final class LettersInMemory implements Letters {

    private final List<KeptLetter> all = new CopyOnWriteArrayList<>();
    private final Map<LetterId, LetterContent> contents = new ConcurrentHashMap<>();
    private final List<LetterId> overtaken = new CopyOnWriteArrayList<>();
    private final List<LetterId> replayed = new CopyOnWriteArrayList<>();
    private final Set<String> looked = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private int waiting; // guarded by looked
    private volatile long mostLookedAt = Long.MAX_VALUE;
    private volatile @Nullable String trouble;
    private volatile @Nullable String uncompared;

    /** None yet. */
    public LettersInMemory() {}

    /** A letter about what lay on this topic, with this key. */
    public LetterId put(
            String cluster,
            TopicKind kind,
            @Nullable String key,
            String reason,
            LetterContent content,
            Instant at) {
        return put(cluster, kind.name(cluster), key, reason, content, at);
    }

    /** The same, of a topic by its whole name: whoever writes a letter may choose any. */
    public LetterId put(
            String cluster,
            String topic,
            @Nullable String key,
            String reason,
            LetterContent content,
            Instant at) {
        var id = new LetterId(cluster, 0, all.size());
        var letter =
                DeadLetter.newBuilder()
                        .setTopic(topic)
                        .setPartition(3)
                        .setOffset(1_204 + all.size())
                        .setKey(key == null ? null : ByteBuffer.wrap(key.getBytes(UTF_8)))
                        .setValue(ByteBuffer.wrap(new byte[] {(byte) 0xc3, 1, 2, 3}))
                        .setService("analysis")
                        .setReason(reason)
                        .setAt(at)
                        .build();
        contents.put(id, content);
        all.add(new KeptLetter(id, letter, !topic.equals(TopicKind.DEAD_LETTERS.name(cluster))));
        return id;
    }

    /** From now on a later record is about the same canary. */
    public void overtake(LetterId id) {
        overtaken.add(id);
    }

    /** From now on nothing can be read; null for as before. */
    public void fail(@Nullable String because) {
        trouble = because;
    }

    /** From now on nobody can be told whether something came later; null for as before. */
    public void failToCompare(@Nullable String because) {
        uncompared = because;
    }

    /** From now on whoever lists them waits. */
    public void holdReaders() {
        held = new CountDownLatch(1);
    }

    /** Until so many wait. */
    public void awaitHeld(int readers) throws InterruptedException {
        synchronized (looked) {
            while (waiting < readers) {
                looked.wait();
            }
        }
    }

    /** How many waited so far. */
    public int held() {
        synchronized (looked) {
            return waiting;
        }
    }

    /** Nobody waits any more. */
    public void releaseReaders() {
        held.countDown();
    }

    /** Of which clusters letters were read. */
    public Set<String> looked() {
        return Set.copyOf(looked);
    }

    /** Those that were put on their topics once more. */
    public List<LetterId> replayed() {
        return List.copyOf(replayed);
    }

    @Override
    public boolean read(Predicate<String> clusters, Most most, Consumer<KeptLetter> reader) {
        check();
        hold();
        new ArrayList<>(all)
                .stream()
                        .filter(kept -> clusters.test(kept.id().cluster()))
                        .peek(kept -> looked.add(kept.id().cluster()))
                        .forEach(reader);
        return true;
    }

    /** From now on only so many are looked at for one question. */
    public void lookAt(long most) {
        mostLookedAt = most;
    }

    /** Each cluster has one partition, of which one letter at a time is read. */
    @Override
    public <T> Look<T> back(
            Predicate<String> clusters,
            @Nullable Instant since,
            @Nullable LetterPlaces from,
            int most,
            Function<KeptLetter, Optional<T>> reader) {
        check();
        hold();
        Map<LetterPlaces.Partition, List<KeptLetter>> partitions = new HashMap<>();
        all.stream()
                .filter(kept -> clusters.test(kept.id().cluster()))
                .forEach(
                        kept -> {
                            looked.add(kept.id().cluster());
                            partitions
                                    .computeIfAbsent(
                                            new LetterPlaces.Partition(kept.id().cluster(), 0),
                                            _ -> new ArrayList<>())
                                    .add(kept);
                        });
        var order = new LatestFirst<T>(most);
        partitions
                .keySet()
                .forEach(
                        place ->
                                order.add(
                                        place,
                                        0,
                                        from == null
                                                ? all.size()
                                                : from.ends().getOrDefault(place, 0L)));
        long left = mostLookedAt;
        while (!order.isEnough() && left > 0) {
            for (var place : order.unread()) {
                long next = order.unreadTo(place) - 1;
                left--;
                order.read(
                        place,
                        next,
                        partitions.getOrDefault(place, List.of()).stream()
                                .filter(kept -> kept.id().offset() == next)
                                .map(
                                        kept ->
                                                new LatestFirst.Read<>(
                                                        next,
                                                        kept.letter().getAt(),
                                                        reader.apply(kept)))
                                .toList());
            }
        }
        return new Look<>(
                order.taken(),
                order.next().orElse(null),
                order.isEnough(),
                order.isEnough() ? null : order.lookedBackTo());
    }

    @Override
    public Optional<KeptLetter> find(LetterId id) {
        check();
        return all.stream().filter(kept -> kept.id().equals(id)).findFirst();
    }

    @Override
    public LetterContent content(KeptLetter kept) {
        return contents.getOrDefault(kept.id(), new LetterContent.Empty());
    }

    @Override
    public boolean isNewest(KeptLetter kept) {
        String because = uncompared;
        if (because != null) {
            throw new LookupFailed(because);
        }
        return !overtaken.contains(kept.id());
    }

    @Override
    public void replay(KeptLetter kept) {
        check();
        replayed.add(kept.id());
    }

    private void hold() {
        synchronized (looked) {
            waiting++;
            looked.notifyAll();
        }
        try {
            held.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new LookupFailed("it was ended");
        }
    }

    private void check() {
        String because = trouble;
        if (because != null) {
            throw new LookupFailed(because);
        }
    }

    @Override
    public void close() {}
}
