package dev.serinus.analysis.letter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.analysis.lookup.TopicLookup;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.SetAside;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** The dead letters on one Kafka. */
public final class LettersInKafka implements Letters {

    /** Header of a record that was replayed: the letter that it lay in. */
    public static final String HEADER = "serinus-dead-letter";

    private static final String CLIENT = "serinus-dead-letters";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Letters, and their bytes, that are looked at for one page: whoever wants more asks again. */
    private static final long MOST_LOOKED_AT = 20_000;

    private static final long MOST_BYTES = 128L * 1024 * 1024;

    /** Of one partition at once. */
    private static final long FIRST_STEP = 20;

    private static final long LARGEST_STEP = 1_000;
    private static final long STEP_BYTES = 1024L * 1024;

    /** What a step may take: no other is begun with less. */
    private static final Duration STEP_TIME = Duration.ofSeconds(4);

    /** Who set a letter aside has another clock than who wrote it to the topic. */
    private static final Duration OTHER_CLOCK = Duration.ofMinutes(1);

    /** A record is sent with at least so much time, or it would be given up before it left. */
    private static final Duration SENDING = Duration.ofSeconds(2);

    private final KafkaSettings kafka;
    private final TopicLookup lookup;
    private final Deserializer<DeadLetter> values;
    private final Map<String, Deserializer<SpecificRecord>> readers = new HashMap<>();

    /**
     * Connects.
     *
     * @param longest that the whole question may take, from now on
     */
    public LettersInKafka(KafkaSettings kafka, Duration longest) {
        this.kafka = kafka;
        lookup = new TopicLookup(kafka, CLIENT, longest);
        values = kafka.<DeadLetter>values(DeadLetter.class).deserializer();
    }

    @Override
    public boolean read(Predicate<String> clusters, Most most, Consumer<KeptLetter> reader) {
        var partitions = lookup.partitions(topic -> cluster(topic).filter(clusters).isPresent());
        Map<TopicPartition, Long> begins = lookup.begins(partitions);
        Map<TopicPartition, Long> ends = lookup.ends(partitions);
        Map<TopicPartition, Long> from = new HashMap<>();
        begins.forEach(
                (place, begin) ->
                        from.put(
                                place,
                                Math.max(begin, ends.getOrDefault(place, begin) - most.newest())));
        boolean whole =
                lookup.readSome(
                        from,
                        ends,
                        most.bytes() / Math.max(1, partitions.size()),
                        record -> letter(record).ifPresent(reader));
        return whole && from.equals(begins);
    }

    @Override
    public <T> Look<T> back(
            Predicate<String> clusters,
            @Nullable Instant since,
            @Nullable LetterPlaces from,
            int most,
            Function<KeptLetter, Optional<T>> reader) {
        var partitions = lookup.partitions(topic -> cluster(topic).filter(clusters).isPresent());
        Map<TopicPartition, Long> begins = new HashMap<>(lookup.begins(partitions));
        if (since != null) {
            lookup.since(partitions, since.minus(OTHER_CLOCK))
                    .forEach((place, begin) -> begins.merge(place, begin, Math::max));
        }
        Map<TopicPartition, Long> ends = lookup.ends(partitions);
        var order = new LatestFirst<T>(most);
        for (TopicPartition place : partitions) {
            long begin = begins.getOrDefault(place, 0L);
            long end = ends.getOrDefault(place, begin);
            var named = named(place);
            long to = from == null ? end : Math.min(end, from.ends().getOrDefault(named, begin));
            order.add(named, begin, Math.max(begin, to));
        }
        boolean whole = new Backwards<>(order, reader).read();
        return new Look<>(
                order.taken(),
                order.next().orElse(null),
                whole,
                whole ? null : order.lookedBackTo());
    }

    /** Reads partitions from their ends, each in steps that fit the size of its letters. */
    private final class Backwards<T> {

        private final LatestFirst<T> order;
        private final Function<KeptLetter, Optional<T>> reader;
        private final Map<LetterPlaces.Partition, Long> sizes = new HashMap<>();
        private long looked;
        private long bytes;

        Backwards(LatestFirst<T> order, Function<KeptLetter, Optional<T>> reader) {
            this.order = order;
            this.reader = reader;
        }

        /** False where there is more than is looked at for one question. */
        boolean read() {
            while (!order.isEnough()) {
                if (looked >= MOST_LOOKED_AT
                        || bytes >= MOST_BYTES
                        || (looked > 0 && lookup.left().compareTo(STEP_TIME) < 0)) {
                    return false;
                }
                step();
            }
            return true;
        }

        private void step() {
            Map<TopicPartition, Long> from = new HashMap<>();
            Map<TopicPartition, Long> to = new HashMap<>();
            Map<LetterPlaces.Partition, List<LatestFirst.Read<T>>> read = new HashMap<>();
            for (var named : order.unread()) {
                long end = order.unreadTo(named);
                from.put(place(named), Math.max(order.begin(named), end - records(named)));
                to.put(place(named), end);
                read.put(named, new ArrayList<>());
            }
            lookup.read(from, to, record -> take(record, read));
            read.forEach(
                    (named, letters) ->
                            order.read(
                                    named,
                                    Objects.requireNonNull(from.get(place(named))),
                                    letters));
        }

        private void take(
                ConsumerRecord<byte[], byte[]> record,
                Map<LetterPlaces.Partition, List<LatestFirst.Read<T>>> read) {
            var named = named(new TopicPartition(record.topic(), record.partition()));
            long size = Math.max(0, record.serializedValueSize());
            looked++;
            bytes += size;
            sizes.merge(named, size, (before, one) -> (before + one) / 2);
            letter(record)
                    .ifPresent(
                            kept ->
                                    Objects.requireNonNull(read.get(named))
                                            .add(
                                                    new LatestFirst.Read<>(
                                                            record.offset(),
                                                            kept.letter().getAt(),
                                                            reader.apply(kept))));
        }

        /** Few at first, since nobody knows how large they are. */
        private long records(LetterPlaces.Partition named) {
            Long size = sizes.get(named);
            return size == null
                    ? FIRST_STEP
                    : Math.clamp(STEP_BYTES / Math.max(1, size), FIRST_STEP, LARGEST_STEP);
        }
    }

    private static LetterPlaces.Partition named(TopicPartition place) {
        return new LetterPlaces.Partition(cluster(place.topic()).orElseThrow(), place.partition());
    }

    private static TopicPartition place(LetterPlaces.Partition named) {
        return new TopicPartition(TopicKind.DEAD_LETTERS.name(named.cluster()), named.number());
    }

    @Override
    public Optional<KeptLetter> find(LetterId id) {
        return lookup.find(id.place(), id.offset()).flatMap(this::letter);
    }

    @Override
    public boolean isNewest(KeptLetter kept) {
        byte[] key = kept.key();
        var place = place(kept);
        long next = kept.letter().getOffset() + 1;
        if (!lookup.exists(place)
                || lookup.begins(List.of(place)).getOrDefault(place, Long.MAX_VALUE) > next
                || lookup.ends(List.of(place)).getOrDefault(place, 0L) < next) {
            return false; // what is gone, or was never there, tells nothing of what came later
        }
        return !lookup.holds(place, next, record -> Arrays.equals(record.key(), key));
    }

    @Override
    public LetterContent content(KeptLetter kept) {
        byte[] value = kept.value();
        if (value == null) {
            return new LetterContent.Empty();
        }
        var type = kept.kind().flatMap(TopicKind::value);
        String name = type.map(Class::getSimpleName).orElse("?");
        if (type.isEmpty()) {
            return new LetterContent.Unreadable(name, "");
        }
        if (kept.isCut()) {
            return new LetterContent.Unreadable(name, "only its beginning is kept");
        }
        try {
            var record = reader(type.get()).deserialize(kept.letter().getTopic(), value);
            return new LetterContent.Decoded(
                    KeptLetter.printable(record.toString()), canary(record));
        } catch (RuntimeException unreadable) { // which is why it was set aside
            return new LetterContent.Unreadable(
                    name, KeptLetter.printable(ErrorCauses.shortest(unreadable)));
        }
    }

    private Deserializer<SpecificRecord> reader(Class<? extends SpecificRecord> type) {
        return readers.computeIfAbsent(
                type.getName(), _ -> kafka.<SpecificRecord>values(type).deserializer());
    }

    /** Whom a record says it is about. */
    private static @Nullable String canary(SpecificRecord record) {
        var field = record.getSchema().getField("canary");
        return field == null ? null : String.valueOf(record.get(field.pos()));
    }

    @Override
    public void replay(KeptLetter kept) throws InterruptedException {
        if (!lookup.exists(place(kept))) { // a broker might make it, for nobody
            throw new LookupFailed(
                    "Kafka has no partition %d of %s any more, or it may not be seen"
                            .formatted(kept.letter().getPartition(), kept.letter().getTopic()));
        }
        var record =
                new ProducerRecord<>(
                        kept.letter().getTopic(),
                        kept.letter().getPartition(),
                        kept.key(),
                        kept.value());
        Duration left = lookup.left();
        if (left.compareTo(SENDING) < 0) {
            throw new LookupFailed("there is no time left to put it on its topic: try again");
        }
        long patience = Math.min(PATIENCE.toMillis(), left.toMillis());
        record.headers().add(HEADER, kept.id().toString().getBytes(UTF_8));
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(
                                Map.of(
                                        ProducerConfig.CLIENT_ID_CONFIG,
                                        CLIENT,
                                        ProducerConfig.ACKS_CONFIG,
                                        "all",
                                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                        Long.toString(patience),
                                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                        Long.toString(patience),
                                        ProducerConfig.LINGER_MS_CONFIG,
                                        "0",
                                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                        Long.toString(patience))),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(record).get();
        } catch (ExecutionException | KafkaException trouble) {
            throw new LookupFailed(ErrorCauses.shortest(trouble));
        }
    }

    @Override
    public void close() {
        values.close();
        readers.values().forEach(Deserializer::close);
        lookup.close();
    }

    private static TopicPartition place(KeptLetter kept) {
        return new TopicPartition(kept.letter().getTopic(), kept.letter().getPartition());
    }

    private Optional<KeptLetter> letter(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        return value == null
                ? Optional.empty()
                : cluster(record.topic())
                        .map(
                                cluster ->
                                        letter(
                                                new LetterId(
                                                        cluster,
                                                        record.partition(),
                                                        record.offset()),
                                                record,
                                                value));
    }

    /** One that cannot be read itself is told of like what it may have been about. */
    private KeptLetter letter(LetterId id, ConsumerRecord<byte[], byte[]> record, byte[] value) {
        try {
            return new KeptLetter(id, values.deserialize(record.topic(), value), true);
        } catch (SerializationException unreadable) {
            var told =
                    new SetAside(
                                    record.topic(),
                                    record.partition(),
                                    record.offset(),
                                    record.key(),
                                    value)
                            .letters(
                                    "serinus",
                                    "the letter itself cannot be read: "
                                            + ErrorCauses.shortest(unreadable),
                                    Instant.ofEpochMilli(record.timestamp()))
                            .getFirst();
            return new KeptLetter(id, told, false);
        }
    }

    /** The cluster whose dead letters a topic has. */
    private static Optional<String> cluster(String topic) {
        return TopicKind.cluster(topic)
                .filter(cluster -> TopicKind.DEAD_LETTERS.name(cluster).equals(topic));
    }
}
