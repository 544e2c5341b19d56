package dev.serinus.analysis.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.journal.FleetDecision;
import dev.serinus.analysis.permit.FleetEffect;
import dev.serinus.analysis.records.CdEvents;
import dev.serinus.analysis.records.CloudEvent;
import dev.serinus.analysis.records.Outputs;
import dev.serinus.analysis.records.PermitRecords;
import dev.serinus.analysis.records.PublicState;
import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.SetAside;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Turns a decision into the records that tell the world: the journal first, then every effect. */
final class DecisionWriter {

    private static final String AVRO = "application/avro";
    private static final String JSON = "application/json";
    private static final String TYPES = "dev.serinus.rollout.";

    private final Serializer<SpecificRecord> values;

    DecisionWriter(KafkaSettings settings) {
        values = settings.<SpecificRecord>values().serializer();
    }

    /** All records of one decision, in order. */
    List<OutgoingRecord> of(Decision decision) {
        Rollout after = decision.after().rollout();
        CanaryKey canary = after.canary();
        List<OutgoingRecord> records = new ArrayList<>();
        records.add(record(TopicKind.JOURNAL, canary, decision.entry(), new RecordHeaders()));
        List<SpecificRecord> outputs = decision.outputs();
        for (int at = 0; at < outputs.size(); at++) {
            Effect effect = decision.effects().get(at);
            SpecificRecord record = outputs.get(at);
            if (effect instanceof Effect.Happened happened) {
                records.add(
                        record(TopicKind.ROLLOUT_EVENTS, canary, record, headers(after, happened)));
                CdEvents.of(after, happened)
                        .ifPresent(event -> records.add(cdEvent(canary, happened, event)));
            } else if (record instanceof Permit said) {
                records.add(said(canary, said));
            } else {
                records.add(record(Outputs.topic(effect), canary, record, new RecordHeaders()));
            }
        }
        state(decision, records);
        return records;
    }

    /** What a rollout says from time to time. */
    OutgoingRecord saidAgain(CanaryKey canary, String uid, Effect effect) {
        return said(canary, (Permit) Outputs.record(canary, uid, effect));
    }

    private OutgoingRecord said(CanaryKey canary, Permit said) {
        String topic = TopicKind.PERMITS.name(canary.cluster());
        var headers = new RecordHeaders();
        return new OutgoingRecord(
                topic,
                said.getScope().getBytes(UTF_8),
                values.serialize(topic, headers, said),
                headers,
                true);
    }

    /** What it takes to decide about permits again, in the journal of who said what was decided. */
    OutgoingRecord entry(FleetDecision decision, String cluster) {
        return record(
                TopicKind.PERMIT_JOURNAL.name(cluster),
                decision.entry().getScope().getBytes(UTF_8),
                decision.entry(),
                new RecordHeaders());
    }

    /** What a rollout is told about its permit. */
    OutgoingRecord answer(FleetDecision decision, FleetEffect effect) {
        CanaryKey canary = CanaryKey.parse(effect.canary());
        return record(
                TopicKind.PERMITS,
                canary,
                PermitRecords.answer(decision.entry().getScope(), effect),
                new RecordHeaders());
    }

    /** A record nobody can use, for the dead letters of the cluster it came from. */
    OutgoingRecord deadLetter(ReceivedRecord arrival, DeadLetter letter) {
        String topic = TopicKind.DEAD_LETTERS.name(arrival.cluster());
        byte[] key = arrival.key();
        return new OutgoingRecord(
                topic,
                key == null || key.length > SetAside.KEY_BEGINNING ? null : key,
                values.serialize(topic, letter),
                new RecordHeaders());
    }

    private void state(Decision decision, List<OutgoingRecord> records) {
        Rollout after = decision.after().rollout();
        Instant at = decision.after().at();
        if (after.gone()) {
            String topic = TopicKind.ROLLOUTS.name(after.canary().cluster());
            records.add(new OutgoingRecord(topic, key(after.canary()), null, new RecordHeaders()));
            return;
        }
        PublicState.changed(decision.before().rollout(), after, at)
                .ifPresent(
                        state ->
                                records.add(
                                        record(
                                                TopicKind.ROLLOUTS,
                                                after.canary(),
                                                state,
                                                headers(after.canary(), state, decision))));
    }

    private static Headers headers(Rollout rollout, Effect.Happened happened) {
        return new CloudEvent(
                        rollout.canary(),
                        CdEvents.id(rollout, happened),
                        TYPES + happened.type(),
                        happened.sequence(),
                        happened.at(),
                        AVRO)
                .headers();
    }

    private static Headers headers(CanaryKey canary, RolloutState state, Decision decision) {
        return new CloudEvent(
                        canary,
                        state.getUid() + "-" + decision.after().number(),
                        TYPES + "State",
                        state.getSequence(),
                        state.getUpdatedAt(),
                        AVRO)
                .headers();
    }

    private static OutgoingRecord cdEvent(
            CanaryKey canary, Effect.Happened happened, CdEvents.CdEvent event) {
        Headers headers =
                new CloudEvent(
                                canary,
                                event.json().path("context").path("id").asText(),
                                event.type(),
                                happened.sequence(),
                                happened.at(),
                                JSON)
                        .headers();
        return new OutgoingRecord(
                TopicKind.CDEVENTS.name(canary.cluster()),
                key(canary),
                RolloutJson.write(event.json()),
                headers);
    }

    private OutgoingRecord record(
            TopicKind kind, CanaryKey canary, SpecificRecord value, Headers headers) {
        return record(kind.name(canary.cluster()), key(canary), value, headers);
    }

    private OutgoingRecord record(String topic, byte[] key, SpecificRecord value, Headers headers) {
        return new OutgoingRecord(topic, key, values.serialize(topic, headers, value), headers);
    }

    private static byte[] key(CanaryKey canary) {
        return canary.toString().getBytes(UTF_8);
    }
}
