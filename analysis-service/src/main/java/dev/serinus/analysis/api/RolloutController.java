package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
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
@Controller("/api")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RolloutController {

    private final FleetView fleet;
    private final Access access;

    RolloutController(FleetView fleet, Access access) {
        this.fleet = fleet;
        this.access = access;
    }

    /** All rollouts, or those of a cluster, a namespace, a phase; sorted by their names. */
    @Get(uris = {"/rollouts", "/v1/rollouts"})
    HttpResponse<String> list(
            HttpRequest<?> request,
            @QueryValue @Nullable String cluster,
            @QueryValue @Nullable String namespace,
            @QueryValue @Nullable String phase) {
        Optional<Phase> wanted = phase(phase);
        if (phase != null && wanted.isEmpty()) {
            return Answers.problem(
                    request,
                    HttpStatus.BAD_REQUEST,
                    "'%s' is no phase; they are %s".formatted(phase, phases()));
        }
        Caller caller = Login.caller(request);
        List<Views.RolloutView> found =
                fleet.list(each -> matches(each, cluster, namespace, wanted)).entrySet().stream()
                        .filter(each -> access.allows(caller, Rules.READ, each.getKey()))
                        .map(each -> Views.RolloutView.of(each.getKey(), each.getValue()))
                        .toList();
        return Answers.json(HttpStatus.OK, new Views.FleetView(found.size(), found));
    }

    /** One rollout with its latest events and the evidence behind them. */
    @Get(
            uris = {
                "/rollouts/{cluster}/{namespace}/{name}",
                "/v1/rollouts/{cluster}/{namespace}/{name}"
            })
    HttpResponse<String> one(
            HttpRequest<?> request, String cluster, String namespace, String name) {
        CanaryKey canary;
        try {
            canary = new CanaryKey(cluster, namespace, name);
        } catch (IllegalArgumentException noName) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, ErrorCauses.shortest(noName));
        }
        return fleet.find(canary)
                .filter(_ -> access.allows(Login.caller(request), Rules.READ, canary))
                .map(state -> Answers.json(HttpStatus.OK, detail(canary, state)))
                .orElseGet(
                        () ->
                                Answers.problem(
                                        request,
                                        HttpStatus.NOT_FOUND,
                                        "no rollout of " + canary + " is known"));
    }

    private Views.DetailView detail(CanaryKey canary, RolloutState state) {
        return new Views.DetailView(
                Views.RolloutView.of(canary, state),
                fleet.history(canary).stream().map(Views.EventView::of).toList());
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
}
