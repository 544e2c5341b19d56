package dev.serinus.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.api.OnRequest;
import dev.serinus.analysis.api.ReadApi;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.Verdict;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/**
 * What the guide shows of {@code watch} is what it prints, of what the API answers. With {@code
 * -Dserinus.docs=write} it is written.
 */
class WatchInTheGuideTest {

    private static final Path PAGE = Path.of("../guide/see-and-act.md");
    private static final String BEGIN = "```text watch\n";
    private static final String END = "```\n";
    private static final CanaryKey PODINFO = new CanaryKey("production", "shop", "podinfo");
    private static final Instant BEGAN = Instant.parse("2026-11-30T09:58:00Z");
    private static final Instant NOW = BEGAN.plusSeconds(318);

    private final FleetView fleet = new FleetView(20);

    @Test
    void thePageShowsWhatWatchPrints() throws Exception {
        rollout();
        String shown = String.join("\n", picture()).replaceAll("(?m) +$", "") + "\n";
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END, from);
        if (Objects.equals(System.getProperty("serinus.docs"), "write")) {
            page = page.substring(0, from) + shown + page.substring(to);
            Files.writeString(PAGE, page);
            to = page.indexOf(END, from);
        }

        assertThat(page.substring(from, to)).isEqualTo(shown);
    }

    private List<String> picture() throws Exception {
        try (var api = serve();
                var http = HttpClient.newHttpClient()) {
            var answer =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:%d/api/v1/rollouts/%s"
                                                            .formatted(api.port(), PODINFO)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            JsonNode detail = Hub.JSON.readTree(answer.body());
            return new RolloutPicture(NOW, ZoneOffset.UTC, false).of(detail);
        }
    }

    private ReadApi serve() {
        return ReadApi.serve(
                new Well(),
                fleet,
                new ActionDesk(fleet, (_, _) -> {}, InstantSource.system(), Duration.ofMillis(300)),
                OnRequest.NONE,
                AccessConfig.NONE,
                LoginConfig.NONE,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                "127.0.0.1",
                0);
    }

    private void rollout() {
        event(
                1,
                0,
                "RevisionDetected",
                0,
                "New revision 7f9c2b41d8 of podinfo.",
                "pods",
                "serinus");
        event(2, 22, "Started", 0, "The canary is ready, 2 of 2 pods.", "time", "serinus");
        event(3, 25, "WeightShifted", 20, "The canary has 20 % of the traffic.", "time", "serinus");
        event(
                4,
                85,
                "StepPassed",
                20,
                "All checks passed.",
                "time",
                "serinus",
                check("request-success-rate", 99.92, 99.0, null),
                check("request-duration", 212, null, 500.0));
        event(5, 90, "WeightShifted", 40, "The canary has 40 % of the traffic.", "time", "serinus");
        event(6, 120, "Paused", 40, "Paused: is the error budget all right?", "person", "ada");
        event(7, 240, "Resumed", 40, "Resumed.", "time", "ada");
        event(
                8,
                300,
                "CheckFailed",
                40,
                "request-duration 611 > 500",
                "time",
                "serinus",
                check("request-success-rate", 99.81, 99.0, null),
                check("request-duration", 611, null, 500.0));
        fleet.state(
                PODINFO,
                RolloutState.newBuilder()
                        .setCanary(PODINFO.toString())
                        .setUid("uid-1")
                        .setRun(12)
                        .setPhase("Progressing")
                        .setRevision("7f9c2b41d8")
                        .setPromotedRevision("5c1d90aa72")
                        .setCanaryWeight(40)
                        .setIterations(0)
                        .setFailedChecks(1)
                        .setStep(9)
                        .setSequence(8)
                        .setWaitingFor("another try after a failed check")
                        .setWaitingOn("time")
                        .setDeadline(BEGAN.plusSeconds(360))
                        .setProvider("istio")
                        .setHeld(false)
                        .setPossibleActions(List.of("pause", "promote", "skip", "abort"))
                        .setStartedAt(BEGAN)
                        .setUpdatedAt(BEGAN.plusSeconds(300))
                        .build());
    }

    private void event(
            int sequence,
            int after,
            String type,
            int weight,
            String message,
            String waitingOn,
            String actor,
            Evidence... evidence) {
        fleet.event(
                PODINFO,
                RolloutEvent.newBuilder()
                        .setCanary(PODINFO.toString())
                        .setUid("uid-1")
                        .setRun(12)
                        .setSequence(sequence)
                        .setType(type)
                        .setPhase("Progressing")
                        .setRevision("7f9c2b41d8")
                        .setStep(sequence)
                        .setCanaryWeight(weight)
                        .setFailedChecks(0)
                        .setMessage(message)
                        .setEvidence(List.of(evidence))
                        .setWaitingOn(waitingOn)
                        .setActor(actor)
                        .setAt(BEGAN.plusSeconds(after))
                        .build());
    }

    private static Evidence check(
            String name, double value, @Nullable Double min, @Nullable Double max) {
        boolean passes = (min == null || value >= min) && (max == null || value <= max);
        return Evidence.newBuilder()
                .setCheck(name)
                .setValue(value)
                .setMin(min)
                .setMax(max)
                .setVerdict(passes ? Verdict.PASS : Verdict.FAIL)
                .setBecause(passes ? "" : "%.0f > %.0f".formatted(value, max))
                .build();
    }

    private static final class Well implements ServiceHealth {
        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public String missing() {
            return "";
        }
    }
}
