package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.audit.AuditOutcome;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.keptgate.KeptGate;
import dev.serinus.analysis.keptgate.KeptGateKind;
import dev.serinus.analysis.keptgate.KeptGates;
import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.RequestBean;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The gates that load testers keep, beside what canaries wait for. */
@Controller("/api/v1/gates")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class KeptGateController {

    /** As the load tester takes them. */
    private static final int LONGEST_WORD = 256;

    private static final Set<String> FIELDS = Set.of("open", "reason");

    private final OnRequest onRequest;
    private final FleetView fleet;
    private final Asking asking;
    private final Access access;
    private final Audit audit;
    private final Admittance admittance;

    KeptGateController(
            OnRequest onRequest,
            FleetView fleet,
            Asking asking,
            Access access,
            Audit audit,
            Admittance admittance) {
        this.onRequest = onRequest;
        this.fleet = fleet;
        this.asking = asking;
        this.access = access;
        this.audit = audit;
        this.admittance = admittance;
    }

    /** Those that the caller may see. */
    @Get
    HttpResponse<String> list(HttpRequest<?> request, @RequestBean Asked asked)
            throws InterruptedException {
        List<String> wrong = asked.mistakes();
        if (!wrong.isEmpty()) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, String.join("; ", wrong));
        }
        Caller caller = Login.caller(request);
        return asking.answer(
                request,
                () -> {
                    var kept =
                            onRequest
                                    .gates()
                                    .read(
                                            cluster ->
                                                    (asked.cluster() == null
                                                                    || asked.cluster()
                                                                            .equals(cluster))
                                                            && access.allowsSome(
                                                                    caller, Rules.READ, cluster));
                    return page(request, caller, asked, kept);
                });
    }

    private HttpResponse<String> page(
            HttpRequest<?> request, Caller caller, Asked asked, KeptGates.Seen kept) {
        Map<CanaryKey, RolloutState> states = new HashMap<>(fleet.list(_ -> true));
        var after = asked.after();
        var following =
                Stream.concat(
                                kept.gates().keySet().stream(),
                                states.entrySet().stream()
                                        .filter(each -> waits(each.getValue()))
                                        .map(Map.Entry::getKey))
                        .distinct()
                        .sorted()
                        .filter(canary -> isAskedFor(asked, canary, states))
                        .filter(
                                canary ->
                                        after.map(it -> canary.toString().compareTo(it) > 0)
                                                .orElse(true))
                        .filter(canary -> access.allows(caller, Rules.READ, canary))
                        .toList();
        int limit = asked.limit() == null ? Paging.MOST : asked.limit();
        var paging = Paging.of(following, limit, CanaryKey::toString);
        return Answers.tagged(
                request,
                new KeptGateViews.GatesView(
                        paging.page().size(),
                        paging.page().stream()
                                .map(canary -> view(caller, canary, states, kept))
                                .toList(),
                        kept.clusters().stream()
                                .filter(cluster -> isSeen(caller, cluster, states.keySet()))
                                .sorted()
                                .toList(),
                        paging.more()));
    }

    private static boolean isAskedFor(
            Asked asked, CanaryKey canary, Map<CanaryKey, RolloutState> states) {
        RolloutState state = states.get(canary);
        return state == null
                ? asked.covers(canary) && asked.phase() == null
                : asked.covers(canary, state);
    }

    /** At a gate, or whatever else people may let it pass. */
    private static boolean waits(RolloutState state) {
        return state.getPossibleActions().contains(Attention.word(ActionKind.APPROVE));
    }

    /** Whoever may see nothing of a cluster does not learn that there is one. */
    private boolean isSeen(Caller caller, String cluster, Set<CanaryKey> known) {
        return access.allowsAll(caller, Rules.READ, cluster)
                || known.stream()
                        .filter(canary -> canary.cluster().equals(cluster))
                        .anyMatch(canary -> access.allows(caller, Rules.READ, canary));
    }

    private KeptGateViews.CanaryGates view(
            Caller caller,
            CanaryKey canary,
            Map<CanaryKey, RolloutState> states,
            KeptGates.Seen kept) {
        RolloutState state = states.get(canary);
        boolean turnable = access.takesActions() && kept.clusters().contains(canary.cluster());
        return new KeptGateViews.CanaryGates(
                canary.cluster(),
                canary.namespace(),
                canary.name(),
                state == null ? null : state.getPhase(),
                state != null && waits(state),
                state == null ? "" : state.getWaitingFor(),
                kept.gates().getOrDefault(canary, List.of()).stream()
                        .map(KeptGateViews.GateView::of)
                        .sorted((one, other) -> one.gate().compareTo(other.gate()))
                        .toList(),
                Stream.of(Rules.OPEN, Rules.CLOSE)
                        .filter(verb -> turnable && access.allows(caller, verb, canary))
                        .toList());
    }

    /** Turns one gate of one canary. */
    @Post("/{cluster}/{namespace}/{name}/{gate}")
    @Consumes(MediaType.APPLICATION_JSON)
    HttpResponse<String> turn(
            HttpRequest<?> request,
            String cluster,
            String namespace,
            String name,
            String gate,
            @Body String json)
            throws InterruptedException {
        Caller caller = Login.caller(request);
        CanaryKey canary;
        try {
            canary = new CanaryKey(cluster, namespace, name);
        } catch (IllegalArgumentException noName) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, ErrorCauses.shortest(noName));
        }
        var kind = KeptGateKind.of(gate);
        if (kind.isEmpty()) {
            return Answers.problem(
                    request,
                    HttpStatus.BAD_REQUEST,
                    "'%s' is no gate; they are %s"
                            .formatted(
                                    gate,
                                    Stream.of(KeptGateKind.values())
                                            .map(KeptGateKind::word)
                                            .toList()));
        }
        var refusal = admittance.refusal(request, caller);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var fields = new BodyFields(json, FIELDS);
        Boolean open = fields.decision("open");
        String reason = fields.reason(LONGEST_WORD);
        var mistakes = fields.refusal(request);
        if (mistakes.isPresent() || open == null) {
            return mistakes.orElseThrow();
        }
        String verb = open ? Rules.OPEN : Rules.CLOSE;
        if (!access.allows(caller, Rules.READ, canary)) {
            audit.notAllowed(caller.name(), verb, canary);
            return unknown(request, canary); // as if it were not there
        }
        if (!access.allows(caller, verb, canary)) {
            audit.notAllowed(caller.name(), verb, canary);
            return Answers.problem(
                    request,
                    HttpStatus.FORBIDDEN,
                    "no rule lets %s %s gates of %s".formatted(caller.name(), verb, canary));
        }
        if (fleet.find(canary).isEmpty()) {
            return unknown(request, canary);
        }
        var wished =
                new KeptGate(
                        kind.get(),
                        open,
                        caller.name(),
                        reason,
                        Instant.now().truncatedTo(ChronoUnit.MILLIS));
        return asking.act(request, () -> turn(request, caller, canary, wished));
    }

    private HttpResponse<String> turn(
            HttpRequest<?> request, Caller caller, CanaryKey canary, KeptGate wished)
            throws InterruptedException {
        try {
            boolean stands = onRequest.gates().turn(canary, wished);
            audit(
                    caller,
                    canary,
                    wished,
                    stands ? AuditOutcome.DONE.word() : AuditOutcome.OVERTAKEN.word(),
                    "somebody else turned it at the same moment");
            return stands
                    ? Answers.json(HttpStatus.OK, KeptGateViews.GateView.of(wished))
                    : Answers.problem(
                            request,
                            HttpStatus.CONFLICT,
                            "somebody else turned a gate of %s at the same moment: look, and try again"
                                    .formatted(canary));
        } catch (LookupFailed away) {
            audit(
                    caller,
                    canary,
                    wished,
                    AuditOutcome.UNSENT.word(),
                    String.valueOf(away.getMessage()));
            throw away;
        }
    }

    private void audit(
            Caller caller, CanaryKey canary, KeptGate wished, String became, String words) {
        audit.turned(
                caller.name(),
                wished.open() ? Rules.OPEN : Rules.CLOSE,
                canary,
                wished.kind().word(),
                wished.reason(),
                became,
                words);
    }

    private static HttpResponse<String> unknown(HttpRequest<?> request, CanaryKey canary) {
        return Answers.problem(
                request, HttpStatus.NOT_FOUND, "no rollout of " + canary + " is known");
    }
}
