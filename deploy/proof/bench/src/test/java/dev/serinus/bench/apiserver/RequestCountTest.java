package dev.serinus.bench.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.bench.figures.Figure;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class RequestCountTest {

    private static Request request(String service, String verb, String resource, int code) {
        return new Request(service, verb, resource, "app", code, Instant.EPOCH, Instant.EPOCH);
    }

    @Test
    void requestsAreCountedByVerbAndWhatWasRefusedByCode() {
        var requests =
                List.of(
                        request("router", "update", "virtualservices", 200),
                        request("router", "update", "virtualservices", 409),
                        request("router", "update", "deployments", 200),
                        request("watcher", "patch", "canaries/status", 200));

        assertThat(RequestCount.figures("s", requests, 2))
                .containsExactly(
                        new Figure("s", "requests, patch", 0.5, "/rollout", 1),
                        new Figure("s", "requests, update", 1.5, "/rollout", 3),
                        new Figure("s", "requests, sum", 2, "/rollout", 4),
                        new Figure(
                                "s", "  of these router, update deployments", 0.5, "/rollout", 1),
                        new Figure(
                                "s", "  of these router, update virtualservices", 1, "/rollout", 2),
                        new Figure(
                                "s",
                                "  of these watcher, patch canaries/status",
                                0.5,
                                "/rollout",
                                1),
                        new Figure(
                                "s",
                                "  refused with 409, update virtualservices of router",
                                0.5,
                                "/rollout",
                                1));
    }
}
