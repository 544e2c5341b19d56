package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What people ask for. Each is answered with what was decided, or why not. */
@Controller("/api/v1")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ActionController {

    private static final Logger log = LoggerFactory.getLogger(ActionController.class);

    private static final String KEY = "Idempotency-Key";
    private static final int LONGEST_KEY = 256;

    /** Of one request. */
    private static final int MOST_CANARIES = 500;

    private final FleetView fleet;
    private final ActionDesk desk;
    private final Access access;
    private final Audit audit;
    private final Admittance admittance;

    ActionController(
            FleetView fleet, ActionDesk desk, Access access, Audit audit, Admittance admittance) {
        this.fleet = fleet;
        this.desk = desk;
        this.access = access;
        this.audit = audit;
        this.admittance = admittance;
    }

    /** Asks for something of one canary. */
    @Post("/rollouts/{cluster}/{namespace}/{name}/actions")
    @Consumes(MediaType.APPLICATION_JSON)
    HttpResponse<String> act(
            HttpRequest<?> request,
            String cluster,
            String namespace,
            String name,
            @Body String json)
            throws InterruptedException {
        Caller caller = Login.caller(request);
        CanaryKey canary;
        try {
            canary = new CanaryKey(cluster, namespace, name);
        } catch (IllegalArgumentException noName) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, ErrorCauses.shortest(noName));
        }
        var refusal = refusal(request, caller);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var reading = ActionBody.one(json);
        var body = reading.body();
        if (body == null) {
            return mistaken(request, reading.mistakes());
        }
        var answer = answer(caller, canary, body, key(request));
        var response = response(request, answer);
        return answer.status() == HttpStatus.ACCEPTED
                        && answer.view() instanceof Views.UnderwayView underway
                ? response.header(HttpHeaders.LOCATION, request.getPath() + "/" + underway.id())
                : response;
    }

    /** What became of something that was asked for. */
    @Get("/rollouts/{cluster}/{namespace}/{name}/actions/{id}")
    HttpResponse<String> look(
            HttpRequest<?> request, String cluster, String namespace, String name, String id)
            throws InterruptedException {
        CanaryKey canary;
        try {
            canary = new CanaryKey(cluster, namespace, name);
        } catch (IllegalArgumentException noName) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, ErrorCauses.shortest(noName));
        }
        if (!access.allows(Login.caller(request), Rules.READ, canary)) {
            return response(request, unknown(canary));
        }
        return response(request, ActionAnswers.of(canary, "", desk.look(canary, id)));
    }

    /** Asks the same of many, at once; one line is answered for each. */
    @Post("/actions")
    @Consumes(MediaType.APPLICATION_JSON)
    HttpResponse<String> actOnMany(HttpRequest<?> request, @Body String json)
            throws InterruptedException {
        Caller caller = Login.caller(request);
        var refusal = refusal(request, caller);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var reading = ActionBody.many(json);
        var body = reading.body();
        if (body == null) {
            return mistaken(request, reading.mistakes());
        }
        Selected selected = selected(caller, body.selection());
        List<String> named = selected.named();
        if (named.size() > MOST_CANARIES) {
            return mistaken(
                    request,
                    List.of(
                            new ActionBody.Mistake(
                                    "/select",
                                    "selects %d canaries, and at most %d are taken at once"
                                            .formatted(named.size(), MOST_CANARIES))));
        }
        List<Views.BulkLine> lines = all(caller, named, body, key(request));
        return Answers.json(
                HttpStatus.OK, new Views.BulkView(lines.size(), lines, selected.unknown()));
    }

    private List<Views.BulkLine> all(Caller caller, List<String> named, ActionBody body, String key)
            throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked =
                    named.stream()
                            .map(
                                    name ->
                                            (Callable<Views.BulkLine>)
                                                    () -> line(caller, name, body, key))
                            .toList();
            List<Views.BulkLine> lines = new ArrayList<>();
            for (var each : threads.invokeAll(asked)) {
                lines.add(line(each, named.get(lines.size())));
            }
            return lines;
        }
    }

    /** What became of the others is told all the same. */
    private Views.BulkLine line(Future<Views.BulkLine> answered, String name)
            throws InterruptedException {
        try {
            return answered.get();
        } catch (ExecutionException ours) {
            log.atError()
                    .addKeyValue("canary", name)
                    .setCause(ours.getCause())
                    .log("one of many actions failed");
            return new Views.BulkLine(
                    name,
                    HttpStatus.INTERNAL_SERVER_ERROR.getCode(),
                    "failed",
                    "something went wrong here, so that nobody knows whether it will be done");
        }
    }

    private Views.BulkLine line(Caller caller, String name, ActionBody body, String key)
            throws InterruptedException {
        CanaryKey canary;
        try {
            canary = CanaryKey.parse(name);
        } catch (IllegalArgumentException noName) {
            return new Views.BulkLine(
                    name,
                    HttpStatus.BAD_REQUEST.getCode(),
                    "unknown",
                    ErrorCauses.shortest(noName));
        }
        var answer = answer(caller, canary, body, key);
        return new Views.BulkLine(
                name, answer.status().getCode(), answer.became(), answer.detail());
    }

    /**
     * Whom a selection means.
     *
     * @param unknown those that it would mean if their labels, which are not known, were right
     */
    private record Selected(List<String> named, List<String> unknown) {}

    private Selected selected(Caller caller, ActionBody.Selection selection) {
        if (!selection.rollouts().isEmpty()) {
            return new Selected(selection.rollouts(), List.of());
        }
        List<String> named = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        fleet.list(each -> isSelected(selection, each))
                .forEach(
                        (canary, state) -> {
                            if (!access.allows(caller, Rules.READ, canary)) {
                                return;
                            }
                            switch (selection.byLabels(state.getLabels())) {
                                case YES -> named.add(canary.toString());
                                case UNKNOWN -> unknown.add(canary.toString());
                                case NO -> {
                                    // is another's
                                }
                            }
                        });
        return new Selected(named, unknown);
    }

    /** Whatever its labels are. */
    private static boolean isSelected(
            ActionBody.Selection selection, Map.Entry<CanaryKey, RolloutState> each) {
        CanaryKey canary = each.getKey();
        return (selection.cluster() == null || selection.cluster().equals(canary.cluster()))
                && (selection.namespace() == null
                        || selection.namespace().equals(canary.namespace()))
                && (selection.name() == null || selection.name().equals(canary.name()))
                && (selection.phase() == null
                        || selection.phase().equalsIgnoreCase(each.getValue().getPhase()));
    }

    /** Why nothing is taken from this caller; empty where it is. */
    private Optional<HttpResponse<String>> refusal(HttpRequest<?> request, Caller caller) {
        String key = key(request);
        if (key.length() > LONGEST_KEY) {
            return Optional.of(
                    Answers.problem(
                            request,
                            HttpStatus.BAD_REQUEST,
                            "%s has at most %d characters".formatted(KEY, LONGEST_KEY)));
        }
        return admittance.refusal(request, caller);
    }

    private ActionAnswers.Answer answer(
            Caller caller, CanaryKey canary, ActionBody body, String key)
            throws InterruptedException {
        String action = body.wish().word();
        if (!access.allows(caller, Rules.READ, canary)) {
            audit.notAllowed(caller.name(), action, canary);
            return unknown(canary); // as if it were not there
        }
        if (!access.allows(caller, action, canary)) {
            audit.notAllowed(caller.name(), action, canary);
            return ActionAnswers.Answer.problem(
                    HttpStatus.FORBIDDEN,
                    "not-allowed",
                    "no rule lets %s %s %s".formatted(caller.name(), action, canary));
        }
        if (body.dryRun()) {
            return ActionAnswers.of(canary, action, desk.predict(canary, body.wish()));
        }
        var answer =
                ActionAnswers.of(canary, action, desk.ask(canary, caller.name(), body.wish(), key));
        audit.acted(
                caller.name(),
                action,
                canary,
                body.wish().gate(),
                body.wish().reason(),
                answer.became(),
                answer.detail());
        return answer;
    }

    private static ActionAnswers.Answer unknown(CanaryKey canary) {
        return ActionAnswers.Answer.problem(
                HttpStatus.NOT_FOUND, "unknown", "no rollout of " + canary + " is known");
    }

    private static String key(HttpRequest<?> request) {
        String key = request.getHeaders().get(KEY);
        return key == null ? "" : key.strip();
    }

    private static HttpResponse<String> mistaken(
            HttpRequest<?> request, List<ActionBody.Mistake> mistakes) {
        return Answers.problem(
                request,
                HttpStatus.UNPROCESSABLE_ENTITY,
                String.join(
                        "; ",
                        mistakes.stream()
                                .map(one -> (one.pointer() + " " + one.detail()).strip())
                                .toList()),
                Map.of("errors", mistakes));
    }

    private static MutableHttpResponse<String> response(
            HttpRequest<?> request, ActionAnswers.Answer answer) {
        var response =
                answer.view() == null
                        ? Answers.problem(request, answer.status(), answer.detail(), answer.more())
                        : Answers.json(answer.status(), answer.view());
        return answer.status() == HttpStatus.SERVICE_UNAVAILABLE
                ? response.header(HttpHeaders.RETRY_AFTER, "5")
                : response;
    }
}
