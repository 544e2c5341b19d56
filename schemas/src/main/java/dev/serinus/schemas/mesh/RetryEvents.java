package dev.serinus.schemas.mesh;

import java.util.List;
import java.util.stream.Stream;

/**
 * The words of {@code spec.service.retries.retryOn} that a mesh knows.
 *
 * @param always whatever the application speaks; empty where the mesh takes any word
 * @param ofCalls besides, where it speaks gRPC
 */
public record RetryEvents(List<String> always, List<String> ofCalls) {

    /** Whatever a manifest says is handed on. */
    public static final RetryEvents ANY = new RetryEvents(List.of(), List.of());

    public RetryEvents {
        always = List.copyOf(always);
        ofCalls = List.copyOf(ofCalls);
    }

    /** True where other words are refused. */
    public boolean hasLimits() {
        return !always.isEmpty();
    }

    /** All that can be said. */
    public List<String> known(boolean ofGrpc) {
        return ofGrpc ? Stream.concat(always.stream(), ofCalls.stream()).toList() : always;
    }
}
