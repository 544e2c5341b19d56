package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the installation asks of canaries together, beside how these are: by its fleet file and the
 * public states, so that any instance can tell it.
 */
@Controller("/api/v1/budgets")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class BudgetController {

    /** As a rollout says it. */
    private static final String WAITS_FOR_BUDGET = "a budget";

    /** In what a rollout says of one that it waits for. */
    private static final String WAITS_FOR_ANOTHER = "promoted with this release";

    private static final Comparator<BudgetViews.Who> LONGEST_FIRST =
            Comparator.comparing(BudgetController::began)
                    .thenComparing(BudgetViews.Who::cluster)
                    .thenComparing(BudgetViews.Who::namespace)
                    .thenComparing(BudgetViews.Who::name);

    private static Instant began(BudgetViews.Who who) {
        Instant at = who.startedAt();
        return at == null ? Instant.MAX : at;
    }

    private final OnRequest onRequest;
    private final FleetView fleet;
    private final Access access;

    BudgetController(OnRequest onRequest, FleetView fleet, Access access) {
        this.onRequest = onRequest;
        this.fleet = fleet;
        this.access = access;
    }

    /** One budget while canaries are counted. */
    private static final class Count {

        private final int max;
        private int running;
        private int waiting;
        private boolean seen;
        private final List<BudgetViews.Who> holders = new ArrayList<>();
        private final List<BudgetViews.Who> line = new ArrayList<>();

        Count(int max) {
            this.max = max;
        }

        void add(CanaryKey canary, RolloutState state, boolean visible) {
            seen |= visible;
            var phase = Phase.of(state.getPhase());
            if (phase == Phase.WAITING && waitsForBudget(state)) {
                waiting++;
                add(line, canary, state, visible);
            } else if (phase != Phase.WAITING
                    && phase != Phase.NONE
                    && !phase.rests()
                    && !state.getDryRun()) {
                running++;
                add(holders, canary, state, visible);
            }
        }

        private static void add(
                List<BudgetViews.Who> to, CanaryKey canary, RolloutState state, boolean visible) {
            if (visible) {
                to.add(BudgetViews.Who.of(canary, state));
            }
        }

        BudgetViews.BudgetView view(String scope) {
            return new BudgetViews.BudgetView(
                    scope,
                    max,
                    running,
                    waiting,
                    holders.stream().sorted(LONGEST_FIRST).toList(),
                    line.stream().sorted(LONGEST_FIRST).toList());
        }
    }

    private static boolean waitsForBudget(RolloutState state) {
        return state.getWaitingFor().startsWith(WAITS_FOR_BUDGET);
    }

    /** All of it, as far as it is about canaries that the caller may see. */
    @Get
    HttpResponse<String> list(HttpRequest<?> request) {
        Caller caller = Login.caller(request);
        Instant now = Instant.now();
        var config = onRequest.rules().get();
        Map<String, Count> counts = new TreeMap<>();
        Map<String, Freeze> freezes = new TreeMap<>();
        List<BudgetViews.Who> waves = new ArrayList<>();
        fleet.list(_ -> true)
                .forEach(
                        (canary, state) -> {
                            boolean visible = access.allows(caller, Rules.READ, canary);
                            var rules = config.rules(canary, now);
                            for (Claim claim : rules.budgets()) {
                                counts.computeIfAbsent(claim.scope(), _ -> new Count(claim.most()))
                                        .add(canary, state, visible);
                            }
                            if (visible) {
                                rules.freezes().forEach(each -> freezes.put(each.name(), each));
                                if (waitsForAnother(state)) {
                                    waves.add(BudgetViews.Who.of(canary, state));
                                }
                            }
                        });
        return Answers.tagged(
                request,
                new BudgetViews.RulesView(
                        counts.entrySet().stream()
                                .filter(each -> each.getValue().seen)
                                .map(each -> each.getValue().view(each.getKey()))
                                .toList(),
                        freezes.values().stream()
                                .sorted(Comparator.comparing(Freeze::from))
                                .map(freeze -> BudgetViews.FreezeView.of(freeze, now))
                                .toList(),
                        waves));
    }

    private static boolean waitsForAnother(RolloutState state) {
        return Phase.of(state.getPhase()) == Phase.WAITING
                && state.getWaitingFor().contains(WAITS_FOR_ANOTHER);
    }
}
