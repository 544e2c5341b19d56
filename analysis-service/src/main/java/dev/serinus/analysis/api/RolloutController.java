package dev.serinus.analysis.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The fleet's read API. It asks nobody: it shows what the public topics told this instance. */
@Controller("/api/rollouts")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RolloutController {

    /** Its own, so that the answer is the same in whatever context it is served. */
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .build();

    private final FleetView fleet;

    RolloutController(FleetView fleet) {
        this.fleet = fleet;
    }

    /** All rollouts, or those of a cluster, a namespace, a phase; sorted by their names. */
    @Get
    HttpResponse<String> list(
            @QueryValue @Nullable String cluster,
            @QueryValue @Nullable String namespace,
            @QueryValue @Nullable String phase) {
        Optional<Phase> wanted = phase(phase);
        if (phase != null && wanted.isEmpty()) {
            return answer(
                    HttpStatus.BAD_REQUEST,
                    new Views.Problem("'%s' is no phase; they are %s".formatted(phase, phases())));
        }
        List<Views.RolloutView> found =
                fleet.list(each -> matches(each, cluster, namespace, wanted)).entrySet().stream()
                        .map(each -> Views.RolloutView.of(each.getKey(), each.getValue()))
                        .toList();
        return answer(HttpStatus.OK, new Views.FleetView(found.size(), found));
    }

    /** One rollout with its latest events and the evidence behind them. */
    @Get("/{cluster}/{namespace}/{name}")
    HttpResponse<String> one(String cluster, String namespace, String name) {
        CanaryKey canary;
        try {
            canary = new CanaryKey(cluster, namespace, name);
        } catch (IllegalArgumentException noName) {
            return answer(HttpStatus.BAD_REQUEST, new Views.Problem(ErrorCauses.shortest(noName)));
        }
        return fleet.find(canary)
                .map(
                        state ->
                                answer(
                                        HttpStatus.OK,
                                        new Views.DetailView(
                                                Views.RolloutView.of(canary, state),
                                                fleet.history(canary).stream()
                                                        .map(Views.EventView::of)
                                                        .toList())))
                .orElseGet(
                        () ->
                                answer(
                                        HttpStatus.NOT_FOUND,
                                        new Views.Problem(
                                                "no rollout of " + canary + " is known")));
    }

    private static boolean matches(
            Map.Entry<CanaryKey, RolloutState> each,
            @Nullable String cluster,
            @Nullable String namespace,
            Optional<Phase> phase) {
        return (cluster == null || each.getKey().cluster().equals(cluster))
                && (namespace == null || each.getKey().namespace().equals(namespace))
                && phase.map(Phase::text)
                        .map(text -> text.equals(each.getValue().getPhase()))
                        .orElse(true);
    }

    private static Optional<Phase> phase(@Nullable String text) {
        return Stream.of(Phase.values())
                .filter(phase -> phase != Phase.NONE && phase.text().equalsIgnoreCase(text))
                .findFirst();
    }

    private static List<String> phases() {
        return Stream.of(Phase.values()).map(Phase::text).filter(text -> !text.isEmpty()).toList();
    }

    private static HttpResponse<String> answer(HttpStatus status, Object body) {
        try {
            return HttpResponse.<String>status(status)
                    .contentType(MediaType.APPLICATION_JSON_TYPE)
                    .body(JSON.writeValueAsString(body));
        } catch (JsonProcessingException ours) {
            throw new IllegalStateException("every view has a JSON form", ours);
        }
    }
}
