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
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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

    /** Of the holders of a budget, and of those in its line: the others are counted. */
    private static final int MOST_NAMED = 100;

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

        private static List<BudgetViews.Who> longest(List<BudgetViews.Who> all) {
            return all.stream().sorted(LONGEST_FIRST).limit(MOST_NAMED).toList();
        }

        BudgetViews.BudgetView view(String scope) {
            return new BudgetViews.BudgetView(
                    scope, max, running, waiting, longest(holders), longest(line));
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

    /**
     * All of it, as far as it is about canaries that the caller may see: budgets by their scopes,
     * then freezes by when they begin, then who waits for whom.
     */
    @Get
    HttpResponse<String> list(
            HttpRequest<?> request,
            @QueryValue @Nullable Integer limit,
            @QueryValue("continue") @Nullable String more) {
        Optional<String> after = Optional.ofNullable(more).flatMap(Paging::read);
        List<String> wrong = new ArrayList<>();
        Paging.mistake(limit).ifPresent(wrong::add);
        if (more != null && after.isEmpty()) {
            wrong.add("continue must be what the page before answered, was '%s'".formatted(more));
        }
        if (!wrong.isEmpty()) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, String.join("; ", wrong));
        }
        var following =
                rules(Login.caller(request), Instant.now()).entrySet().stream()
                        .filter(
                                each ->
                                        after.map(it -> each.getKey().compareTo(it) > 0)
                                                .orElse(true))
                        .toList();
        var paging = Paging.of(following, limit, Map.Entry::getKey);
        return Answers.tagged(
                request,
                new BudgetViews.RulesView(
                        only(BudgetViews.BudgetView.class, paging.page()),
                        only(BudgetViews.FreezeView.class, paging.page()),
                        only(BudgetViews.Who.class, paging.page()),
                        paging.more()));
    }

    private static <T> List<T> only(Class<T> type, List<Map.Entry<String, Object>> page) {
        return page.stream()
                .map(Map.Entry::getValue)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Each by its place among all. */
    private SortedMap<String, Object> rules(Caller caller, Instant now) {
        var config = onRequest.rules().get();
        Map<String, Count> counts = new TreeMap<>();
        SortedMap<String, Object> all = new TreeMap<>();
        fleet.list(_ -> true)
                .forEach(
                        (canary, state) -> {
                            boolean visible = access.allows(caller, Rules.READ, canary);
                            var rules = config.rules(canary, state.getLabels(), now);
                            for (Claim claim : rules.budgets()) {
                                counts.computeIfAbsent(claim.scope(), _ -> new Count(claim.most()))
                                        .add(canary, state, visible);
                            }
                            if (visible) {
                                rules.freezes()
                                        .forEach(each -> all.put(place(each), view(each, now)));
                                if (waitsFor(state) == FleetWait.PROMOTION) {
                                    all.put("3 " + canary, BudgetViews.Who.of(canary, state));
                                }
                            }
                        });
        counts.forEach(
                (scope, count) -> {
                    if (count.seen) {
                        all.put("1 " + scope, count.view(scope));
                    }
                });
        return all;
    }

    private static String place(Freeze freeze) {
        return "2 %020d %s".formatted(freeze.from().toEpochMilli(), freeze.name());
    }

    private static BudgetViews.FreezeView view(Freeze freeze, Instant now) {
        return BudgetViews.FreezeView.of(freeze, now);
    }
}
