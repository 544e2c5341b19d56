package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.past.PastEvents;
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

import java.util.List;

/** What happened to one rollout, also longer ago than is in memory. */
@Controller("/api/v1/rollouts/{cluster}/{namespace}/{name}/events")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class PastController {

    private final FleetView fleet;
    private final OnRequest onRequest;
    private final Asking asking;
    private final Access access;

    PastController(FleetView fleet, OnRequest onRequest, Asking asking, Access access) {
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
                1,
                fleet,
                access,
                part -> answer(request, part));
    }

    private HttpResponse<String> answer(HttpRequest<?> request, RolloutPart asked)
            throws InterruptedException {
        CanaryKey canary = asked.canary();
        RolloutState state = asked.state();
        Long run = asked.run();
        if (run != null && asked.before() == null) {
            var known = ofRun(fleet.history(canary), state, run);
            if (isWhole(known) && known.size() <= asked.most()) {
                return answer(request, known, null);
            }
        }
        return asking.answer(
                request,
                () -> {
                    var part = onRequest.past().before(canary, asked.before(), asked.most());
                    return run == null
                            ? answer(request, part.events(), part.earlier())
                            : answer(
                                    request,
                                    ofRun(part.events(), state, run),
                                    earlier(part, state, run));
                });
    }

    /** Nothing of a run lies before its first event, nor before one of an earlier run. */
    private static @Nullable Long earlier(PastEvents.Part part, RolloutState state, long run) {
        boolean over =
                isWhole(ofRun(part.events(), state, run))
                        || part.events().stream()
                                .anyMatch(
                                        event ->
                                                !event.getUid().equals(state.getUid())
                                                        || event.getRun() < run);
        return over ? null : part.earlier();
    }

    /** A Canary that was made again counts its runs anew. */
    private static List<RolloutEvent> ofRun(
            List<RolloutEvent> events, RolloutState state, long run) {
        return events.stream()
                .filter(event -> event.getRun() == run && event.getUid().equals(state.getUid()))
                .toList();
    }

    private static boolean isWhole(List<RolloutEvent> events) {
        return !events.isEmpty() && events.getFirst().getSequence() == 1;
    }

    private static HttpResponse<String> answer(
            HttpRequest<?> request, List<RolloutEvent> events, @Nullable Long earlier) {
        return Answers.tagged(
                request,
                new Views.PastView(
                        events.size(),
                        events.reversed().stream().map(Views.EventView::of).toList(),
                        earlier == null ? null : Paging.written(Long.toString(earlier))));
    }
}
