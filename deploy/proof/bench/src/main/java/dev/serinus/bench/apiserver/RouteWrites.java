package dev.serinus.bench.apiserver;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the routes that were written because of a metric's answer, and how long that took. */
public final class RouteWrites {

    /**
     * From the last answer to the written route.
     *
     * @param serinus until the API server had the request
     * @param apiServer from then until its answer was complete
     */
    public record Sample(String canary, Duration serinus, Duration apiServer) {

        /** All of it. */
        public Duration whole() {
            return serinus.plus(apiServer);
        }
    }

    private static final String ROUTE = "virtualservices";
    private static final Set<String> DECISIVE = Set.of(ROUTE, "deployments");
    private static final String PRIMARY = "-primary";

    private RouteWrites() {}

    /**
     * Pairs each written route of a canary with the last answer before it. An answer counts once,
     * and not at all when the router touched a workload first: then the route had to wait for pods,
     * as it does in a promotion.
     */
    public static List<Sample> after(List<Answer> answers, List<Request> requests) {
        Map<String, Instant> lastAnswers = new HashMap<>();
        List<Sample> samples = new ArrayList<>();
        for (Event event : inOrder(answers, requests)) {
            Request write = event.write();
            if (write == null) {
                lastAnswers.put(event.canary(), event.at());
                continue;
            }
            Instant answer = lastAnswers.remove(event.canary());
            if (answer != null && write.resource().equals(ROUTE)) {
                var serinus = Duration.between(answer, write.received());
                samples.add(new Sample(event.canary(), serinus, write.took()));
            }
        }
        return samples;
    }

    /**
     * An answer, or what the router wrote.
     *
     * @param write null for an answer
     */
    private record Event(Instant at, String canary, @Nullable Request write) {}

    private static List<Event> inOrder(List<Answer> answers, List<Request> requests) {
        List<Event> events = new ArrayList<>();
        answers.forEach(answer -> events.add(new Event(answer.at(), answer.canary(), null)));
        requests.stream()
                .filter(request -> request.service().equals("router") && request.wrote())
                .filter(request -> DECISIVE.contains(request.resource()))
                .map(write -> new Event(write.received(), canary(write.name()), write))
                .forEach(events::add);
        events.sort(Comparator.comparing(Event::at));
        return events;
    }

    private static String canary(String object) {
        return object.endsWith(PRIMARY)
                ? object.substring(0, object.length() - PRIMARY.length())
                : object;
    }
}
