package dev.serinus.watcher.metrics.provider;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A metric of one of Azure's resources, as a template says it: the resource's id, and behind a
 * question mark the parameters of Azure Monitor's API.
 *
 * @param path of the API
 * @param parameters those that a template may say
 */
record AzureMetricQuery(String path, Map<String, String> parameters) {

    private static final String WRONG = "query of Azure Monitor: ";
    private static final String METRIC = "metricnames";
    private static final String AGGREGATION = "aggregation";
    private static final String INTERVAL = "interval";
    private static final Set<String> KNOWN =
            new TreeSet<>(Set.of(METRIC, AGGREGATION, INTERVAL, "metricnamespace", "$filter"));
    private static final Set<String> AGGREGATIONS =
            new TreeSet<>(Set.of("Average", "Count", "Maximum", "Minimum", "Total"));

    /** Of the steps that Azure Monitor knows. */
    private static final List<Duration> GRAINS =
            Stream.of("PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D")
                    .map(Duration::parse)
                    .toList();

    AzureMetricQuery {
        parameters = Map.copyOf(parameters);
    }

    /** Reads it; all that is wrong with it is said at once. */
    static AzureMetricQuery read(String query) throws WrongSettings {
        String text = query.strip();
        int mark = text.indexOf('?');
        String resource = mark < 0 ? text : text.substring(0, mark);
        Map<String, String> parameters = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        if (!resource.matches("/subscriptions(?:/[^/?#\\s]++)++")) {
            problems.add("it must begin with a resource's id, /subscriptions/…");
        }
        for (String pair : mark < 0 ? new String[0] : text.substring(mark + 1).split("&")) {
            int equals = pair.indexOf('=');
            String name = QueryEncoding.decode(equals < 0 ? pair : pair.substring(0, equals));
            if (!KNOWN.contains(name)) {
                problems.add(
                        "there is no parameter %s, known are %s"
                                .formatted(name, String.join(", ", KNOWN)));
            } else if (parameters.put(
                            name,
                            equals < 0 ? "" : QueryEncoding.decode(pair.substring(equals + 1)))
                    != null) {
                problems.add(name + " is said twice");
            }
        }
        problem(parameters.get(METRIC), problems);
        if (!AGGREGATIONS.contains(parameters.getOrDefault(AGGREGATION, ""))) {
            problems.add("aggregation must be one of " + String.join(", ", AGGREGATIONS));
        }
        String interval = parameters.get(INTERVAL);
        if (interval != null && !GRAINS.contains(duration(interval))) {
            problems.add("interval must be a step of Azure Monitor, such as PT1M or PT1H");
        }
        if (!problems.isEmpty()) {
            throw new WrongSettings(WRONG + String.join("; ", problems));
        }
        String encoded =
                Stream.of(resource.substring(1).split("/"))
                        .map(QueryEncoding::encodePath)
                        .collect(Collectors.joining("/", "/", ""));
        return new AzureMetricQuery(encoded + "/providers/microsoft.insights/metrics", parameters);
    }

    private static void problem(@Nullable String metric, List<String> problems) {
        if (metric == null || metric.isBlank() || metric.contains(",")) {
            problems.add("metricnames must name one metric");
        }
    }

    private static Duration duration(String written) {
        try {
            return Duration.parse(written);
        } catch (DateTimeException _) {
            return Duration.ZERO;
        }
    }

    String aggregation() {
        return parameters.getOrDefault(AGGREGATION, "");
    }

    /** How long buckets are: as the query says, else no shorter than this. */
    Duration grain(Duration least) {
        String said = parameters.get(INTERVAL);
        return said != null
                ? duration(said)
                : GRAINS.stream()
                        .filter(each -> each.compareTo(least) >= 0)
                        .findFirst()
                        .orElse(GRAINS.getLast());
    }

    /** What is asked of the API, in the order of names. */
    List<Parameter> parameters(Instant from, Instant to, Duration grain) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.put("api-version", "2018-01-01");
        all.put(INTERVAL, grain.equals(GRAINS.getLast()) ? "P1D" : grain.toString());
        all.put("timespan", from + "/" + to);
        return all.entrySet().stream()
                .map(each -> new Parameter(each.getKey(), each.getValue()))
                .toList();
    }
}
