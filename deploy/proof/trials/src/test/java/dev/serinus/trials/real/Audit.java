package dev.serinus.trials.real;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** What the API server recorded of some users' requests from a moment on. */
final class Audit {

    private static final int FORBIDDEN = 403;
    private static final int REFUSED = 400;
    private static final Set<String> WRITING = Set.of("create", "update", "patch", "delete");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path log;
    private final long from;

    private Audit(Path log, long from) {
        this.log = log;
        this.from = from;
    }

    /** Records from now on. */
    static Audit begin(Path log) {
        try {
            return new Audit(log, Files.size(log));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Every verb on every resource that was allowed. */
    Set<ApiRight> used() {
        return rights(code -> code != FORBIDDEN);
    }

    /** Every verb on every resource that was refused. */
    Set<ApiRight> refused() {
        return rights(code -> code == FORBIDDEN);
    }

    /** How many requests of this kind had such an answer. */
    long count(ApiRight what, IntPredicate answer) {
        return entries().stream()
                .filter(entry -> entry.has("objectRef"))
                .filter(entry -> answer.test(entry.at("/responseStatus/code").asInt()))
                .filter(entry -> right(entry).equals(what))
                .count();
    }

    /** What a user wrote in a namespace, in order, as {@code patch deployments web}. */
    List<String> writes(String username, String namespace) {
        return entries().stream()
                .filter(entry -> entry.at("/user/username").asText().equals(username))
                .filter(entry -> entry.at("/objectRef/namespace").asText().equals(namespace))
                .filter(entry -> WRITING.contains(entry.path("verb").asText()))
                .filter(entry -> entry.at("/responseStatus/code").asInt() < REFUSED)
                .map(
                        entry ->
                                "%s %s%s %s"
                                        .formatted(
                                                entry.path("verb").asText(),
                                                entry.at("/objectRef/resource").asText(),
                                                below(entry),
                                                entry.at("/objectRef/name").asText()))
                .toList();
    }

    private static String below(JsonNode entry) {
        String subresource = entry.at("/objectRef/subresource").asText();
        return subresource.isEmpty() ? "" : "/" + subresource;
    }

    private Set<ApiRight> rights(IntPredicate answer) {
        return entries().stream()
                .filter(entry -> entry.has("objectRef"))
                .filter(entry -> answer.test(entry.at("/responseStatus/code").asInt()))
                .map(Audit::right)
                .collect(toCollection(TreeSet::new));
    }

    private static ApiRight right(JsonNode entry) {
        JsonNode object = entry.path("objectRef");
        return ApiRight.of(
                role(entry.at("/user/username").asText()),
                entry.path("verb").asText(),
                object.path("apiGroup").asText(),
                object.path("resource").asText(),
                object.path("subresource").asText());
    }

    // An account and its role have the same name.
    private static String role(String username) {
        return username.substring(username.lastIndexOf(':') + 1);
    }

    private List<JsonNode> entries() {
        try (var channel = FileChannel.open(log).position(from);
                var reader = Channels.newReader(channel, StandardCharsets.UTF_8);
                var entries = JSON.readerFor(JsonNode.class).<JsonNode>readValues(reader)) {
            return entries.readAll();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
