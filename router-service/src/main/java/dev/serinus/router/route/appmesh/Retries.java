package dev.serinus.router.route.appmesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.mesh.AppMesh;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * {@code spec.service.retries} as App Mesh has it: events of each protocol in a list of its own.
 */
final class Retries {

    /** Flagger's, for a time limit that it cannot read. */
    private static final Duration DEFAULT_LIMIT = Duration.ofMillis(250);

    private static final List<String> DEFAULT_EVENTS = List.of("gateway-error");

    private Retries() {}

    /** The policy of a route; events that App Mesh does not know are refused. */
    static ObjectNode policy(JsonNode retries, Version version, Protocol protocol) {
        boolean calls = version.matchesCalls(protocol);
        List<String> events =
                Arrays.stream(retries.path("retryOn").asText().split(",", -1))
                        .map(String::trim)
                        .filter(it -> !it.isEmpty())
                        .toList();
        var wanted = events.isEmpty() ? DEFAULT_EVENTS : events;
        refuseUnknown(wanted, calls);
        var policy = JsonNodeFactory.instance.objectNode();
        version.limitTries(
                policy,
                Durations.parse(retries.path("perTryTimeout").asText()).orElse(DEFAULT_LIMIT));
        policy.put("maxRetries", Math.max(1, retries.path("attempts").asInt()));
        put(policy, "httpRetryEvents", wanted, AppMesh.RETRY_HTTP);
        put(policy, "tcpRetryEvents", wanted, AppMesh.RETRY_TCP);
        put(policy, "grpcRetryEvents", wanted, AppMesh.RETRY_CALLS);
        return policy;
    }

    private static void refuseUnknown(List<String> wanted, boolean calls) {
        for (String event : wanted) {
            boolean known =
                    AppMesh.RETRY_HTTP.contains(event)
                            || AppMesh.RETRY_TCP.contains(event)
                            || (calls && AppMesh.RETRY_CALLS.contains(event));
            if (!known) {
                throw Refusal.invalid(
                        "spec.service.retries.retryOn: App Mesh cannot retry on %s; use some of %s, %s%s"
                                .formatted(
                                        event,
                                        String.join(", ", AppMesh.RETRY_HTTP),
                                        String.join(", ", AppMesh.RETRY_TCP),
                                        calls
                                                ? ", " + String.join(", ", AppMesh.RETRY_CALLS)
                                                : ""));
            }
        }
    }

    private static void put(
            ObjectNode policy, String field, List<String> wanted, List<String> known) {
        var events = wanted.stream().filter(known::contains).toList();
        if (!events.isEmpty()) {
            var list = policy.putArray(field);
            events.forEach(list::add);
        }
    }
}
