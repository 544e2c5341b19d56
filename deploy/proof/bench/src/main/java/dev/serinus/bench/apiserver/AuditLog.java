package dev.serinus.bench.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.testbed.User;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the audit log that the API server writes, one JSON object a line. */
final class AuditLog {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<User> EDGES =
            EnumSet.of(User.WATCHER, User.ROUTER, User.WEBHOOK, User.NOTIFIER, User.SERINUS);
    private static final Map<String, String> SERVICES =
            EDGES.stream()
                    .collect(
                            Collectors.toMap(
                                    User::username, user -> user.name().toLowerCase(Locale.ROOT)));

    private AuditLog() {}

    /** The requests of the services that came in from a time on, in that order. */
    static List<Request> read(Path file, Instant from) {
        List<Request> requests = new ArrayList<>();
        try (var lines = Files.lines(file)) {
            lines.map(AuditLog::parse)
                    .flatMap(Optional::stream)
                    .filter(request -> !request.received().isBefore(from))
                    .forEach(requests::add);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        requests.sort(Comparator.comparing(Request::received));
        return requests;
    }

    /** Nothing for what is not one of the services', and for a line that is still being written. */
    static Optional<Request> parse(String line) {
        JsonNode event;
        try {
            event = JSON.readTree(line);
        } catch (IOException unfinished) {
            return Optional.empty();
        }
        String service = SERVICES.get(event.at("/user/username").asText());
        if (service == null || !event.path("stage").asText().equals("ResponseComplete")) {
            return Optional.empty();
        }
        JsonNode object = event.path("objectRef");
        String resource = object.path("resource").asText();
        if (object.has("subresource")) {
            resource += "/" + object.path("subresource").asText();
        }
        return Optional.of(
                new Request(
                        service,
                        event.path("verb").asText(),
                        resource,
                        object.path("name").asText(),
                        event.at("/responseStatus/code").asInt(),
                        Instant.parse(event.path("requestReceivedTimestamp").asText()),
                        Instant.parse(event.path("stageTimestamp").asText())));
    }
}
