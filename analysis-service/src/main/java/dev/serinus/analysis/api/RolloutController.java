package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.LabelSelector;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.RequestBean;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The fleet's read API. It asks nobody: it shows what the public topics told this instance. */
@Controller("/api")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RolloutController {

    /** Seconds until whoever asked in vain asks again. */
    private static final String AGAIN = "5";

    private final FleetView fleet;
    private final Access access;
    private final WholeAnswers whole;

    RolloutController(FleetView fleet, Access access, WholeAnswers whole) {
        this.fleet = fleet;
        this.access = access;
        this.whole = whole;
    }

    /**
     * All rollouts, or those of a cluster, a namespace, a phase, or that ask for the same of
     * people; sorted by their names.
     */
    @Get(uris = {"/rollouts", "/v1/rollouts"})
    HttpResponse<?> list(
            HttpRequest<?> request,
            @RequestBean Asked asked,
            @QueryValue @Nullable String labels,
            @QueryValue @Nullable String attention) {
        List<String> wrong = new ArrayList<>(asked.mistakes());
        var selector = Optional.ofNullable(labels).flatMap(LabelSelector::parse);
        if (labels != null && selector.isEmpty()) {
            wrong.add(LabelSelector.mistake("labels", labels));
        }
        var wanted = Optional.ofNullable(attention).flatMap(Attention::named);
        if (attention != null && wanted.isEmpty()) {
            wrong.add(
                    "'%s' asks for nobody; what a rollout asks for is one of %s"
                            .formatted(attention, Attention.words()));
        }
        Asked.unknown(
                        request,
                        "cluster",
                        "namespace",
                        "name",
                        "phase",
                        "attention",
                        "labels",
                        "since",
                        "limit",
                        "continue")
                .ifPresent(wrong::add);
        if (!wrong.isEmpty()) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, String.join("; ", wrong));
        }
        Caller caller = Login.caller(request);
        var after = asked.after();
        var choices =
                fleet.list(each -> asked.covers(each.getKey(), each.getValue())).entrySet().stream()
                        .filter(each -> isBehind(each.getKey(), after))
                        .filter(
                                each ->
                                        wanted.map(it -> it == Attention.of(each.getValue()))
                                                .orElse(true))
                        .filter(each -> access.allows(caller, Rules.READ, each.getKey()))
                        .collect(
                                Collectors.groupingBy(
                                        each ->
                                                selector.map(
                                                                it ->
                                                                        it.choice(
                                                                                each.getValue()
                                                                                        .getLabels()))
                                                        .orElse(LabelSelector.Choice.YES)));
        var paging =
                Paging.of(
                        choices.getOrDefault(LabelSelector.Choice.YES, List.of()),
                        asked.limit(),
                        each -> each.getKey().toString());
        List<Views.RolloutView> found =
                paging.page().stream()
                        .map(each -> Views.RolloutView.of(each.getKey(), each.getValue()))
                        .toList();
        List<String> unknown =
                choices.getOrDefault(LabelSelector.Choice.UNKNOWN, List.of()).stream()
                        .map(each -> each.getKey().toString())
                        .toList();
        return listed(request, new Views.FleetView(found.size(), found, unknown, paging.more()));
    }

    private HttpResponse<?> listed(HttpRequest<?> request, Views.FleetView view) {
        int size = view.count() + view.unknownLabels().size();
        if (size <= Paging.MOST || request.getMethod() == HttpMethod.HEAD) {
            return Answers.tagged(request, view);
        }
        String who =
                access.hasLogin()
                        ? Login.caller(request).name()
                        : request.getRemoteAddress().getHostString();
        var held = whole.take(who, size).orElse(null);
        if (held == null) {
            return Answers.problem(
                            request,
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "too many read all rollouts at the same time: ask for pages (limit), or"
                                    + " try again")
                    .header(HttpHeaders.RETRY_AFTER, AGAIN);
        }
        try {
            var answer = Answers.tagged(request, view);
            String text = answer.body();
            if (text != null) {
                HttpResponse<?> inParts = answer.body(held.of(text));
                held = null; // closed by whoever reads it
                return inParts;
            }
            return answer;
        } finally {
            if (held != null) {
                held.close();
            }
        }
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
        Caller caller = Login.caller(request);
        return fleet.find(canary)
                .filter(_ -> access.allows(caller, Rules.READ, canary))
                .map(state -> Answers.tagged(request, detail(caller, canary, state)))
                .orElseGet(
                        () ->
                                Answers.problem(
                                        request,
                                        HttpStatus.NOT_FOUND,
                                        "no rollout of " + canary + " is known"));
    }

    private Views.DetailView detail(Caller caller, CanaryKey canary, RolloutState state) {
        var history = fleet.history(canary);
        return new Views.DetailView(
                Views.RolloutView.of(canary, state),
                history.stream().map(Views.EventView::of).toList(),
                ActionBody.words().stream()
                        .filter(_ -> access.takesActions())
                        .filter(action -> access.allows(caller, action, canary))
                        .toList(),
                SpentTime.of(history, state).orElse(null));
    }

    private static boolean isBehind(CanaryKey canary, Optional<String> last) {
        return last.map(it -> canary.toString().compareTo(it) > 0).orElse(true);
    }
}
