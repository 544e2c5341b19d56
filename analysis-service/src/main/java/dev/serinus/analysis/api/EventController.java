package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.RequestBean;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.util.Comparator;
import java.util.List;

/** What happened to the fleet, as far back as this instance keeps it. */
@Controller("/api/v1/events")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class EventController {

    /** Who acts where no person does. */
    private static final String NOBODY = "serinus";

    private final FleetView fleet;
    private final Access access;

    EventController(FleetView fleet, Access access) {
        this.fleet = fleet;
        this.access = access;
    }

    /** An event and its place among all. */
    private record Line(CanaryKey canary, RolloutEvent event) {

        private static final Comparator<Line> LATEST_FIRST =
                Comparator.comparing((Line line) -> line.event().getAt())
                        .thenComparing(Line::canary)
                        .thenComparingLong(line -> line.event().getRun())
                        .thenComparingLong(line -> line.event().getSequence())
                        .reversed();

        /** Digits of one length, so that places are in the order of the lines. */
        String place() {
            return "%016d %s %016d %016d"
                    .formatted(
                            event.getAt().toEpochMilli(),
                            canary,
                            event.getRun(),
                            event.getSequence());
        }
    }

    /**
     * What happened to all that the caller may see, the latest first.
     *
     * @param people only what people asked for
     */
    @Get
    HttpResponse<String> list(
            HttpRequest<?> request,
            @RequestBean Asked asked,
            @QueryValue(defaultValue = "false") boolean people) {
        List<String> wrong = asked.mistakes();
        if (!wrong.isEmpty()) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, String.join("; ", wrong));
        }
        Caller caller = Login.caller(request);
        var after = asked.after();
        var following =
                fleet
                        .histories(it -> asked.covers(it) && access.allows(caller, Rules.READ, it))
                        .entrySet()
                        .stream()
                        .flatMap(
                                each ->
                                        each.getValue().stream()
                                                .map(it -> new Line(each.getKey(), it)))
                        .filter(line -> asked.isRecent(line.event().getAt()))
                        .filter(line -> !people || !line.event().getActor().equals(NOBODY))
                        .filter(line -> after.isEmpty() || line.place().compareTo(after.get()) < 0)
                        .sorted(Line.LATEST_FIRST)
                        .toList();
        int limit = asked.limit() == null ? Paging.MOST : asked.limit();
        var paging = Paging.of(following, limit, Line::place);
        return Answers.tagged(
                request,
                new Views.EventsView(
                        paging.page().size(),
                        paging.page().stream()
                                .map(line -> Views.EventLine.of(line.canary(), line.event()))
                                .toList(),
                        paging.more()));
    }
}
