package dev.serinus.bench.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.bench.apiserver.RouteWrites.Sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class RouteWritesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    private static Answer answer(String canary, long millis) {
        return new Answer(canary, at(millis));
    }

    private static Request route(String canary, long received, long answered) {
        return router("update", "virtualservices", canary, 200, received, answered);
    }

    private static Request router(
            String verb, String resource, String name, int code, long received, long answered) {
        return new Request("router", verb, resource, name, code, at(received), at(answered));
    }

    private static Sample sample(String canary, long serinus, long apiServer) {
        return new Sample(canary, Duration.ofMillis(serinus), Duration.ofMillis(apiServer));
    }

    @Test
    void aRouteIsMeasuredFromTheLastAnswerOfItsOwnCanary() {
        var answers = List.of(answer("a", 100), answer("b", 110), answer("a", 120));
        var requests = List.of(route("b", 190, 195), route("a", 150, 170));

        var samples = RouteWrites.after(answers, requests);

        assertThat(samples).containsExactly(sample("a", 30, 20), sample("b", 80, 5));
        assertThat(samples.getFirst().whole()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void anAnswerCountsOnce() {
        var answers = List.of(answer("a", 100));
        var requests = List.of(route("a", 50, 60), route("a", 150, 170), route("a", 200, 210));

        assertThat(RouteWrites.after(answers, requests)).containsExactly(sample("a", 50, 20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a-primary"})
    void aRouteThatHadToWaitForPodsIsNotMeasured(String deployment) {
        var answers = List.of(answer("a", 100));
        var requests =
                List.of(
                        router("update", "deployments", deployment, 200, 120, 125),
                        route("a", 150, 170));

        assertThat(RouteWrites.after(answers, requests)).isEmpty();
    }

    @Test
    void aRefusedWriteIsPartOfTheTimeUntilTheRouteIsWritten() {
        var answers = List.of(answer("a", 100));
        var requests =
                List.of(
                        router("update", "virtualservices", "a", 409, 120, 125),
                        router("get", "virtualservices", "a", 200, 126, 127),
                        route("a", 150, 170));

        assertThat(RouteWrites.after(answers, requests)).containsExactly(sample("a", 50, 20));
    }
}
