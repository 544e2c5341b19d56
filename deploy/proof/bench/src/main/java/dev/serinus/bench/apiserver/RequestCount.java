package dev.serinus.bench.apiserver;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.serinus.bench.figures.Figure;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** How many requests rollouts cost the API server, and which of them it refused. */
public final class RequestCount {

    private RequestCount() {}

    /** By service, verb and resource, for each rollout; what was refused also by its code. */
    public static List<Figure> figures(String section, List<Request> requests, long rollouts) {
        return figures(section, requests, rollouts, "/rollout");
    }

    /**
     * The same for something else that there were several of.
     *
     * @param unit begins with a slash
     */
    public static List<Figure> figures(
            String section, List<Request> requests, long rollouts, String unit) {
        List<Figure> figures = new ArrayList<>();
        tell(figures, section, requests, rollouts, unit, each -> "requests, " + each.verb());
        figures.add(
                new Figure(
                        section,
                        "requests, sum",
                        (double) requests.size() / rollouts,
                        unit,
                        requests.size()));
        tell(
                figures,
                section,
                requests,
                rollouts,
                unit,
                each ->
                        "  of these %s, %s %s"
                                .formatted(each.service(), each.verb(), each.resource()));
        tell(
                figures,
                section,
                requests.stream().filter(Request::refused).toList(),
                rollouts,
                unit,
                each ->
                        "  refused with %d, %s %s of %s"
                                .formatted(
                                        each.code(), each.verb(), each.resource(), each.service()));
        return figures;
    }

    private static void tell(
            List<Figure> figures,
            String section,
            List<Request> requests,
            long rollouts,
            String unit,
            Function<Request, String> name) {
        requests.stream()
                .collect(groupingBy(name, TreeMap::new, counting()))
                .forEach(
                        (what, count) ->
                                figures.add(
                                        new Figure(
                                                section,
                                                what,
                                                (double) count / rollouts,
                                                unit,
                                                count)));
    }
}
