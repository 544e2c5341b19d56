package dev.serinus.conformance.real;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Serinus asked the API server, watches left out. */
final class AuditLog {

    /** Before the first step, when the manifests are applied, requests count already. */
    private static final double LEAD = 5;

    /**
     * @param at seconds on the clock of recordings
     * @param resource with its subresource, as {@code canaries/status}
     */
    record Asked(double at, String verb, String resource, String name, String user) {}

    private final Path file;
    private final Map<String, List<Asked>> byNamespace = new HashMap<>();
    private long read;

    AuditLog(Path file) {
        this.file = file;
    }

    /** How often what was asked of a namespace, by verb and resource. */
    Map<String, Integer> counts(String namespace, double begin, double end) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Asked asked : in(namespace)) {
            if (asked.at >= begin - LEAD && asked.at <= end) {
                String of =
                        asked.resource.endsWith("/status")
                                ? asked.resource
                                : asked.resource.split("/")[0];
                counts.merge(asked.verb + " " + of, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** All that was asked of a namespace until now. */
    synchronized List<Asked> in(String namespace) {
        readOn();
        return List.copyOf(byNamespace.getOrDefault(namespace, List.of()));
    }

    private void readOn() {
        if (!Files.exists(file)) {
            return;
        }
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            log.seek(read);
            byte[] bytes = new byte[(int) Math.min(log.length() - read, Integer.MAX_VALUE - 8)];
            log.readFully(bytes);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--; // the last line may still be written
            }
            read += end;
            new String(bytes, 0, end, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(this::take);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
    }

    private void take(String line) {
        JsonNode entry = Json.read(line);
        JsonNode of = entry.path("objectRef");
        String verb = entry.path("verb").asText();
        String namespace = of.path("namespace").asText();
        if (verb.equals("watch") || namespace.isEmpty()) {
            return;
        }
        String below = of.path("subresource").asText();
        byNamespace
                .computeIfAbsent(namespace, _ -> new ArrayList<>())
                .add(
                        new Asked(
                                Instant.parse(entry.path("requestReceivedTimestamp").asText())
                                                .toEpochMilli()
                                        / 1000.0,
                                verb,
                                of.path("resource").asText() + (below.isEmpty() ? "" : "/" + below),
                                of.path("name").asText(),
                                entry.at("/user/username").asText()));
    }
}
