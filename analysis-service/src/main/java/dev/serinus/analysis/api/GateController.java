package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.action.Became;
import dev.serinus.analysis.action.Wish;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.RolloutState;
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
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Answers the hooks by which guides release one region after the other: whether a canary was
 * promoted, and that another one may begin. The answer is a sentence, which is the reason that
 * people see beside the hook.
 */
@Controller(GateController.PATH)
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class GateController {

    static final String PATH = "/gates";

    /** Seconds until a hook that may be asked again is. */
    private static final String AGAIN = "5";

    /** Seconds until a hook that came too early is called again, if it may be. */
    private static final String MUCH_LATER = "30";

    private static final String ASYNC = "respond-async";

    private final FleetView fleet;
    private final ActionDesk desk;
    private final Access access;
    private final Audit audit;

    GateController(FleetView fleet, ActionDesk desk, Access access, Audit audit) {
        this.fleet = fleet;
        this.desk = desk;
        this.access = access;
        this.audit = audit;
    }

    /**
     * Whether the canary that the metadata name was promoted. While it may become so, whoever can
     * wait is told to ask again, and all others that it is too early.
     */
    @Post(uris = {"/check-status", "/check-primary-status"})
    @Consumes(MediaType.APPLICATION_JSON)
    HttpResponse<String> check(HttpRequest<?> request, @Body String json) {
        var call = HookCall.read(json).orElse(null);
        if (call == null) {
            return noCall();
        }
        if (!desk.isReady()) {
            return away();
        }
        boolean counts = call.namesCluster(fleet::knows);
        var seen = seen(Login.caller(request), call, counts);
        var named = NamedCanary.of(call, seen, counts);
        var canary = named.canary();
        var state = named.state();
        if (canary == null || state == null) {
            return named.isUnknown()
                    ? later(request, named.because())
                    : words(HttpStatus.CONFLICT, named.because());
        }
        var promotion = PromotionSeen.of(state, WaitingRelease.of(call, seen, canary));
        return promotion.status() == HttpStatus.TOO_EARLY
                ? later(request, promotion.words())
                : words(promotion.status(), promotion.words());
    }

    /** Lets the canary that the metadata name begin, where it waits to. */
    @Post("/trigger-deployment")
    @Consumes(MediaType.APPLICATION_JSON)
    HttpResponse<String> trigger(HttpRequest<?> request, @Body String json)
            throws InterruptedException {
        Caller caller = Login.caller(request);
        // On loopback, too: webhooks are called from this machine, with what their manifests say.
        if (!access.hasLogin()) {
            audit.notHere(caller.name(), "no login is configured", request.getPath());
            return words(
                    HttpStatus.FORBIDDEN,
                    "nothing is begun by hooks where nobody has to log in: any Canary could let any"
                            + " other begin");
        }
        var call = HookCall.read(json).orElse(null);
        if (call == null) {
            return noCall();
        }
        if (access.take(caller).isPresent()) {
            audit.tooOften(caller.name());
            return words(HttpStatus.TOO_MANY_REQUESTS, "too many actions")
                    .header(HttpHeaders.RETRY_AFTER, AGAIN);
        }
        if (!desk.isReady()) {
            return away();
        }
        if (Phase.FAILED.text().equalsIgnoreCase(call.phase())) {
            return words(HttpStatus.OK, "nothing is begun, since " + call.name() + " failed");
        }
        boolean counts = call.namesCluster(fleet::knows);
        var seen = seen(caller, call, counts);
        var named = NamedCanary.of(call, seen, counts);
        var canary = named.canary();
        var state = named.state();
        if (canary == null || state == null) {
            return words(
                    named.isUnknown() ? HttpStatus.NOT_FOUND : HttpStatus.CONFLICT,
                    named.because());
        }
        return begin(caller, call, canary, seen);
    }

    private HttpResponse<String> begin(
            Caller caller, HookCall call, CanaryKey canary, Map<CanaryKey, RolloutState> seen)
            throws InterruptedException {
        var state = Objects.requireNonNull(seen.get(canary));
        String verb = Action.APPROVE.word();
        if (!access.allows(caller, verb, canary)) {
            audit.notAllowed(caller.name(), verb, canary);
            return words(
                    HttpStatus.FORBIDDEN,
                    "no rule lets %s %s %s".formatted(caller.name(), verb, canary));
        }
        boolean waits =
                Phase.WAITING.text().equals(state.getPhase())
                        && state.getPossibleActions().contains(verb);
        if (!waits) {
            return TooEarly.to(state, WaitingRelease.of(call, seen, canary))
                    .<HttpResponse<String>>map(
                            because ->
                                    words(HttpStatus.SERVICE_UNAVAILABLE, because)
                                            .header(HttpHeaders.RETRY_AFTER, MUCH_LATER))
                    .orElseGet(
                            () ->
                                    words(
                                            HttpStatus.OK,
                                            "%s is %s and waits for nobody to begin"
                                                    .formatted(canary, state.getPhase())));
        }
        var wish =
                new Wish(
                        ActionKind.APPROVE,
                        "let begin by its hook",
                        WaitingGate.START,
                        state.getRun(),
                        0);
        var became = desk.ask(canary, call.actor(caller.name()), wish, "");
        var answer = ActionAnswers.of(canary, verb, became);
        audit.acted(
                caller.name(),
                verb,
                canary,
                wish.gate(),
                call.by().map(by -> wish.reason() + ", for " + by).orElse(wish.reason()),
                answer.became(),
                answer.detail());
        return words(
                answer.status(),
                became instanceof Became.Decided(var _, var after)
                                && answer.status() == HttpStatus.OK
                        ? canary + " was let begin" + stillWaits(after)
                        : answer.detail());
    }

    /** The next gate of the start may hold it. */
    private static String stillWaits(RolloutState after) {
        return Phase.WAITING.text().equals(after.getPhase()) && !after.getWaitingFor().isEmpty()
                ? ", and waits for " + after.getWaitingFor()
                : "";
    }

    /** What the caller may see of what the call may mean: each waiting hook asks every 5 s. */
    private Map<CanaryKey, RolloutState> seen(Caller caller, HookCall call, boolean counts) {
        return fleet.list(
                each ->
                        call.mayMean(each.getKey(), counts)
                                && access.allows(caller, Rules.READ, each.getKey()));
    }

    /** Whoever says that it asks again is told to, in place of a failure that counts. */
    private static HttpResponse<String> later(HttpRequest<?> request, String words) {
        String prefers = request.getHeaders().get("Prefer");
        boolean asksAgain = prefers != null && prefers.toLowerCase(Locale.ROOT).contains(ASYNC);
        return asksAgain
                ? words(HttpStatus.ACCEPTED, words)
                        .header(HttpHeaders.RETRY_AFTER, AGAIN)
                        .header("Preference-Applied", ASYNC)
                : words(HttpStatus.TOO_EARLY, words);
    }

    private static HttpResponse<String> away() {
        return words(HttpStatus.SERVICE_UNAVAILABLE, "the rollouts are still being read: ask again")
                .header(HttpHeaders.RETRY_AFTER, AGAIN);
    }

    private static HttpResponse<String> noCall() {
        return words(HttpStatus.UNPROCESSABLE_ENTITY, "the body is no call of a webhook");
    }

    private static MutableHttpResponse<String> words(HttpStatus status, String words) {
        return HttpResponse.<String>status(status)
                .contentType(MediaType.TEXT_PLAIN_TYPE)
                .header("X-Content-Type-Options", "nosniff")
                .body(words);
    }
}
