package dev.serinus.analysis.records;

import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The CloudEvents attributes of a public record, which Kafka's binary mode carries as headers. The
 * id is made of the canary's UID, run and sequence, so that a record seen twice has the same id.
 *
 * @param sequence place within the run, from 1; written with leading zeros since the extension is
 *     ordered as text
 */
public record CloudEvent(
        CanaryKey canary, String id, String type, long sequence, Instant at, String contentType) {

    /** What wrote the events of a cluster. */
    public static String source(CanaryKey canary) {
        return "/serinus/" + canary.cluster();
    }

    /** These attributes as Kafka headers. */
    public Headers headers() {
        Headers headers = new RecordHeaders();
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", id);
        add(headers, "ce_type", type);
        add(headers, "ce_source", source(canary));
        add(headers, "ce_subject", canary.toString());
        add(headers, "ce_time", at.toString());
        add(headers, "ce_sequence", "%010d".formatted(sequence));
        add(headers, "content-type", contentType);
        return headers;
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
