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

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** What happened to the fleet, as far back as this instance keeps it. */
@Controller("/api/v1/events")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class EventController {

    private final FleetView fleet;
    private final Access access;

    EventController(FleetView fleet, Access access) {
        this.fleet = fleet;
        this.access = access;
    }

    /** Where an event stands among all. */
    private record Place(Instant at, CanaryKey canary, long run, long sequence) {

        private static final Comparator<Place> LATEST_FIRST =
                Comparator.comparing(Place::at)
                        .thenComparing(place -> place.canary().cluster())
                        .thenComparing(place -> place.canary().namespace())
                        .thenComparing(place -> place.canary().name())
                        .thenComparingLong(Place::run)
                        .thenComparingLong(Place::sequence)
                        .reversed();

        String written() {
            return "%d %s %d %d".formatted(at.toEpochMilli(), canary, run, sequence);
        }

        /** Empty where this is none that was written. */
        static Optional<Place> read(String text) {
            String[] parts = text.split(" ", -1);
            try {
                return parts.length == 4
                        ? Optional.of(
                                new Place(
                                        Instant.ofEpochMilli(Long.parseLong(parts[0])),
                                        CanaryKey.parse(parts[1]),
                                        Long.parseLong(parts[2]),
                                        Long.parseLong(parts[3])))
                        : Optional.empty();
            } catch (IllegalArgumentException foreign) {
                return Optional.empty();
            }
        }
    }

    /** An event and its place. */
    private record Line(Place place, RolloutEvent event) {

        private static final Comparator<Line> LATEST_FIRST =
                Comparator.comparing(Line::place, Place.LATEST_FIRST);

        static Line of(CanaryKey canary, RolloutEvent event) {
            return new Line(
                    new Place(event.getAt(), canary, event.getRun(), event.getSequence()), event);
        }
    }

    /**
     * What happened to all that the caller may see, the latest first.
     *
     * @param people true: only what people asked for
     */
    @Get
    HttpResponse<String> list(
            HttpRequest<?> request,
            @RequestBean Asked asked,
            @QueryValue(defaultValue = "false") String people) {
        List<String> wrong = new ArrayList<>(asked.mistakes());
        if (!people.equals("true") && !people.equals("false")) {
            wrong.add("people must be true or false, was '%s'".formatted(people));
        }
        if (!wrong.isEmpty()) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, String.join("; ", wrong));
        }
        Optional<Place> after = asked.after().flatMap(Place::read);
        if (asked.after().isPresent() && after.isEmpty()) {
            return Answers.problem(
                    request,
                    HttpStatus.BAD_REQUEST,
                    "continue must be what the page before answered, was '%s'"
                            .formatted(asked.more()));
        }
        int limit = asked.limit() == null ? Paging.MOST : asked.limit();
        var following =
                latest(
                        Login.caller(request),
                        asked,
                        people.equals("true"),
                        after.orElse(null),
                        limit + 1);
        var paging = Paging.of(following, limit, line -> line.place().written());
        return Answers.tagged(
                request,
                new Views.EventsView(
                        paging.page().size(),
                        paging.page().stream()
                                .map(
                                        line ->
                                                Views.EventLine.of(
                                                        line.place().canary(), line.event()))
                                .toList(),
                        paging.more()));
    }

    /**
     * So many of those that follow a place. A fleet has a million events, so of each canary only
     * those are looked at that may be among them, and nobody who writes waits for all of it.
     */
    private List<Line> latest(
            Caller caller, Asked asked, boolean people, @Nullable Place after, int count) {
        Instant since = asked.sinceTime().orElse(Instant.EPOCH);
        var found = new PriorityQueue<Line>(Line.LATEST_FIRST.reversed());
        for (CanaryKey canary : fleet.withHistory()) {
            if (!asked.covers(canary) || !access.allows(caller, Rules.READ, canary)) {
                continue;
            }
            Line last = found.size() < count ? null : found.peek();
            Instant oldest = last == null ? since : last.place().at();
            fleet.history(canary, oldest, people).stream()
                    .map(event -> Line.of(canary, event))
                    .filter(
                            line ->
                                    after == null
                                            || Place.LATEST_FIRST.compare(after, line.place()) < 0)
                    .forEach(
                            line -> {
                                found.add(line);
                                if (found.size() > count) {
                                    found.remove();
                                }
                            });
        }
        return found.stream().sorted(Line.LATEST_FIRST).toList();
    }
}
