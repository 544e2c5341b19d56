package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.rollout.FleetWait;
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

    /** As records of releases say it that told it in words alone. */
    private static final String WAITED_FOR_BUDGET = "a budget";

    /** The same, of one that waits for another. */
    private static final String WAITED_FOR_ANOTHER = "promoted with this release";

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
            if (waitsFor(state) == FleetWait.BUDGET) {
                waiting++;
                add(line, canary, state, visible);
            } else if (hasPlace(state)) {
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

    private static FleetWait waitsFor(RolloutState state) {
        return FleetWait.of(state.getWaitsForOthers()).orElseGet(() -> waitedFor(state));
    }

    private static FleetWait waitedFor(RolloutState before) {
        if (Phase.of(before.getPhase()) != Phase.WAITING) {
            return FleetWait.NOTHING;
        }
        String words = before.getWaitingFor();
        return words.startsWith(WAITED_FOR_BUDGET)
                ? FleetWait.BUDGET
                : words.contains(WAITED_FOR_ANOTHER) ? FleetWait.PROMOTION : FleetWait.NOTHING;
    }

    /** By its phase in a record of a release that did not tell. */
    private static boolean hasPlace(RolloutState state) {
        Boolean told = state.getHasPlace();
        return told == null
                ? !state.getDryRun()
                        && switch (Phase.of(state.getPhase())) {
                            case PROGRESSING, WAITING_PROMOTION, PROMOTING, FINALISING -> true;
                            case NONE,
                                    INITIALIZING,
                                    INITIALIZED,
                                    WAITING,
                                    SUCCEEDED,
                                    FAILED,
                                    TERMINATING ->
                                    false;
                        }
                : told;
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
                                if (waitsFor(state) == FleetWait.PROMOTION) {
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
}
