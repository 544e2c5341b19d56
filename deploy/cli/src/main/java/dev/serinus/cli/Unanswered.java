package dev.serinus.cli;

import dev.serinus.schemas.shell.ErrorCauses;

import io.fabric8.kubernetes.client.KubernetesClientException;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Why the API server did not answer what it was asked: then nobody knows. For many threads. */
final class Unanswered {

    private final Set<String> reasons = new ConcurrentSkipListSet<>();

    void because(KubernetesClientException trouble) {
        reasons.add(
                trouble.getCode() > 0
                        ? "HTTP " + trouble.getCode()
                        : ErrorCauses.shortest(trouble));
    }

    boolean isEmpty() {
        return reasons.isEmpty();
    }

    @Override
    public String toString() {
        return String.join(", ", reasons);
    }
}
