package dev.serinus.analysis.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.records.Inputs;
import dev.serinus.analysis.records.PermitRecords;
import dev.serinus.schemas.events.CanariesListed;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.SetAside;
import dev.serinus.schemas.runtime.Trouble;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.CanaryKeySerde;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

import java.util.stream.Stream;

/**
 * Reads what arrives. The sources hand over bytes, so that what nobody can read is a value here and
 * keeps its bytes, instead of an exception that stops the stream.
 */
final class InputReader {

    /** What came of reading. */
    sealed interface Reading {
        /** A fact about a canary. */
        record Fact(CanaryKey canary, SpecificRecord input) implements Reading {}

        /** What a rollout says to those that share a scope with it. */
        record ToScope(Permit said) implements Reading {}

        /** Which canaries of the arrival's partition there are. */
        record Listed(CanaryListing listing) implements Reading {}

        /** Nothing anybody can use, and why. */
        record Poison(String reason) implements Reading {}

        /** Nothing yet, since its schema is not known and the registry is away. */
        record Later(String reason) implements Reading {}
    }

    /** The partition in which scopes are decided upon: each cluster has it. */
    static final int OF_SCOPES = 0;

    private final Deserializer<CanaryKey> keys = new CanaryKeySerde().deserializer();
    private final Deserializer<SpecificRecord> values;

    InputReader(KafkaSettings settings) {
        values = settings.<SpecificRecord>values().deserializer();
    }

    Reading read(ReceivedRecord arrival) {
        if (arrival.size() > SizeLimits.INPUT) {
            return new Reading.Poison(
                    "the record has %d bytes, but at most %d are taken: make the Canary smaller"
                            .formatted(arrival.size(), SizeLimits.INPUT));
        }
        if (arrival.key() != null && arrival.key().length > SetAside.KEY_BEGINNING) {
            return new Reading.Poison("the key is longer than the name of any canary");
        }
        try {
            if (TopicKind.PERMITS.name(arrival.cluster()).equals(arrival.topic())
                    && values.deserialize(arrival.topic(), arrival.value()) instanceof Permit said
                    && PermitRecords.isForScope(said)) {
                return toScope(arrival, said);
            }
            return checked(arrival, keys.deserialize(arrival.topic(), arrival.key()));
        } catch (RuntimeException unreadable) {
            if (Trouble.passes(unreadable)) {
                return new Reading.Later(Trouble.reason(unreadable));
            }
            // A decoder may stumble in its own ways over bytes that are not what they claim to be.
            return new Reading.Poison(Trouble.reason(unreadable));
        }
    }

    private static Reading toScope(ReceivedRecord arrival, Permit said) {
        byte[] key = arrival.key();
        if (key == null || !said.getScope().equals(new String(key, UTF_8))) {
            return new Reading.Poison(
                    "what is said to scope %s has another key".formatted(said.getScope()));
        }
        if (arrival.partition() != OF_SCOPES) {
            return new Reading.Poison(
                    "what is said to scope %s lies in partition %d, and scopes are decided upon in %d"
                            .formatted(said.getScope(), arrival.partition(), OF_SCOPES));
        }
        String cluster = CanaryKey.parse(said.getCanary()).cluster();
        return cluster.equals(arrival.cluster())
                ? new Reading.ToScope(said)
                : new Reading.Poison(
                        "it speaks for cluster %s on a topic of cluster %s: a cluster speaks for itself only"
                                .formatted(cluster, arrival.cluster()));
    }

    private Reading checked(ReceivedRecord arrival, CanaryKey canary) {
        if (!canary.cluster().equals(arrival.cluster())) {
            return new Reading.Poison(
                    "the key names cluster %s on a topic of cluster %s: a cluster speaks for itself only"
                            .formatted(canary.cluster(), arrival.cluster()));
        }
        SpecificRecord value = values.deserialize(arrival.topic(), arrival.value());
        if (value == null) {
            return new Reading.Poison("the record has no value");
        }
        Class<?> expected = expected(arrival);
        if (!expected.isInstance(value)) {
            return new Reading.Poison(
                    "the topic carries %s, but found a %s"
                            .formatted(expected.getSimpleName(), value.getSchema().getFullName()));
        }
        return Inputs.canary(value)
                .filter(named -> !named.equals(canary.toString()))
                .<Reading>map(
                        named ->
                                new Reading.Poison(
                                        "the key names %s, but the value %s"
                                                .formatted(canary, named)))
                .orElseGet(() -> fact(arrival, canary, value));
    }

    private static Reading fact(ReceivedRecord arrival, CanaryKey canary, SpecificRecord value) {
        if (!(value instanceof Change change
                && change.getBody() instanceof CanariesListed listed)) {
            return new Reading.Fact(canary, value);
        }
        return listed.getPartition() == arrival.partition() && listed.getPartitions() > 0
                ? new Reading.Listed(
                        CanaryListing.of(canary.cluster(), listed, change.getObservedAt()))
                : new Reading.Poison(
                        "a list about partition %d of %d lies in partition %d"
                                .formatted(
                                        listed.getPartition(),
                                        listed.getPartitions(),
                                        arrival.partition()));
    }

    private static Class<?> expected(ReceivedRecord arrival) {
        return Stream.of(TopicKind.values())
                .filter(kind -> kind.name(arrival.cluster()).equals(arrival.topic()))
                .findFirst()
                .flatMap(TopicKind::value)
                .orElseThrow(() -> new IllegalStateException("no input topic: " + arrival.topic()));
    }
}
