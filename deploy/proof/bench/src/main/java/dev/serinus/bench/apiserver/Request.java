package dev.serinus.bench.apiserver;

import java.time.Duration;
import java.time.Instant;

/**
 * One answered request of one of Serinus' services, as the API server's audit log tells it.
 *
 * @param service who asked
 * @param resource with its subresource, such as {@code canaries/status}
 * @param name of the object; empty for lists, watches, and what is created
 * @param code of the answer
 * @param received when the API server had the request
 * @param answered when its answer was complete
 */
public record Request(
        String service,
        String verb,
        String resource,
        String name,
        int code,
        Instant received,
        Instant answered) {

    /** True when it changed what the cluster holds. */
    boolean wrote() {
        return code < 300
                && switch (verb) {
                    case "create", "update", "patch", "delete", "deletecollection" -> true;
                    default -> false;
                };
    }

    boolean refused() {
        return code >= 400;
    }

    /** How long the API server took. */
    Duration took() {
        return Duration.between(received, answered);
    }
}
