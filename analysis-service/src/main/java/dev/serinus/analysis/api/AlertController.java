package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.alert.AlertResults;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What became of the alerts of one rollout, now and longer ago. */
@Controller("/api/v1/rollouts/{cluster}/{namespace}/{name}/alerts")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AlertController {

    private final FleetView fleet;
    private final OnRequest onRequest;
    private final Asking asking;
    private final Access access;

    AlertController(FleetView fleet, OnRequest onRequest, Asking asking, Access access) {
        this.fleet = fleet;
        this.onRequest = onRequest;
        this.asking = asking;
        this.access = access;
    }

    /**
     * The latest first, read back from their topic a part at a time: a page may be empty and have
     * others behind it.
     *
     * @param run only those of this run
     */
    @Get
    HttpResponse<String> list(
            HttpRequest<?> request,
            String cluster,
            String namespace,
            String name,
            @QueryValue @Nullable Long run,
            @QueryValue @Nullable Integer limit,
            @QueryValue("continue") @Nullable String more)
            throws InterruptedException {
        return RolloutPart.answer(
                request,
                new RolloutPart.Asked(cluster, namespace, name, run, limit, more),
                0,
                fleet,
                access,
                part -> answer(request, part));
    }

    private HttpResponse<String> answer(HttpRequest<?> request, RolloutPart asked)
            throws InterruptedException {
        RolloutState state = asked.state();
        Long run = asked.run();
        Instant since = run == null ? null : began(asked.canary(), state, run);
        return asking.answer(
                request,
                () -> {
                    var part =
                            onRequest
                                    .alerts()
                                    .before(asked.canary(), since, asked.before(), asked.most());
                    var wanted =
                            once(
                                    part.results().stream()
                                            .filter(each -> run == null || isOf(each, state, run))
                                            .toList());
                    Long earlier = run == null ? part.earlier() : earlier(part, state, run);
                    return Answers.tagged(
                            request,
                            new AlertViews.AlertsView(
                                    wanted.size(),
                                    wanted.reversed().stream()
                                            .map(AlertViews.AlertView::of)
                                            .toList(),
                                    earlier == null ? null : Paging.written("" + earlier)));
                });
    }

    /**
     * A notifier that was killed tells again what it knows was told: each counts as it came first.
     */
    private static List<AlertResult> once(List<AlertResult> results) {
        Set<List<String>> seen = new HashSet<>();
        return results.stream()
                .filter(each -> seen.add(List.of(each.getKey(), each.getOutcome())))
                .toList();
    }

    /** No alert of a run is older than its first event; null where that is not known here. */
    private @Nullable Instant began(CanaryKey canary, RolloutState state, long run) {
        if (run == state.getRun() && state.getStartedAt() != null) {
            return state.getStartedAt();
        }
        return fleet.history(canary).stream()
                .filter(each -> each.getUid().equals(state.getUid()) && each.getRun() == run)
                .filter(each -> each.getSequence() == 1)
                .map(RolloutEvent::getAt)
                .findFirst()
                .orElse(null);
    }

    /** A Canary that was made again counts its runs anew. */
    private static boolean isOf(AlertResult result, RolloutState state, long run) {
        return result.getRun() == run && result.getUid().equals(state.getUid());
    }

    /** Nothing of a run lies before one of an earlier run. */
    private static @Nullable Long earlier(AlertResults.Part part, RolloutState state, long run) {
        boolean over =
                part.results().stream()
                        .anyMatch(
                                each ->
                                        !each.getUid().equals(state.getUid())
                                                || (each.getRun() != 0 && each.getRun() < run));
        return over ? null : part.earlier();
    }
}
