package dev.serinus.trials;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a scrape shows under Flagger's names, as Flagger's {@code pkg/metrics/recorder.go} makes
 * them.
 */
final class FlaggersMetrics {

    /** The table: name to type and labels (metrics and alerts 1.7). */
    static final Map<String, String> TABLE =
            Map.of(
                    "flagger_info", "gauge mesh_provider, version",
                    "flagger_canary_total", "gauge namespace",
                    "flagger_canary_status", "gauge name, namespace",
                    "flagger_canary_weight", "gauge namespace, workload",
                    "flagger_canary_metric_analysis", "gauge metric, name, namespace",
                    "flagger_canary_duration_seconds", "histogram name, namespace",
                    "flagger_canary_successes_total",
                            "counter analysis_status, deployment_strategy, name, namespace",
                    "flagger_canary_failures_total",
                            "counter analysis_status, deployment_strategy, name, namespace");

    private static final Pattern TYPE = Pattern.compile("# TYPE (flagger\\S*) (\\S+)");
    private static final Pattern SAMPLE =
            Pattern.compile("(flagger\\w*)(?:\\{(.*)})? (\\S+)(?: \\S+)?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Map<String, String> types = new TreeMap<>();
    private final List<String> samples = new ArrayList<>();

    private FlaggersMetrics(String text) {
        text.lines().forEach(this::line);
    }

    static FlaggersMetrics scraped(String url) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return new FlaggersMetrics(
                    http.send(
                                    HttpRequest.newBuilder(URI.create(url + "/metrics")).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());
        }
    }

    private void line(String line) {
        Matcher type = TYPE.matcher(line);
        if (type.matches()) {
            types.put(type.group(1), type.group(2));
        } else if (line.startsWith("flagger")) {
            samples.add(line);
        }
    }

    /**
     * The same for what was scraped; a metric that is there in two forms has both. The client adds
     * the longest of a histogram's values, which Flagger has not.
     */
    Map<String, String> table() {
        Map<String, String> table = new TreeMap<>();
        types.forEach((name, type) -> table.put(name, type + labels(name, type)));
        table.remove("flagger_canary_duration_seconds_max");
        return table;
    }

    private String labels(String name, String type) {
        var names = type.equals("histogram") ? List.of("_bucket", "_sum", "_count") : List.of("");
        var forms = new TreeSet<String>();
        for (String sample : samples) {
            Matcher parts = SAMPLE.matcher(sample);
            if (parts.matches()
                    && names.stream().map(name::concat).anyMatch(parts.group(1)::equals)) {
                var labels = new TreeSet<String>();
                Matcher label = LABEL.matcher(parts.group(2) == null ? "" : parts.group(2));
                while (label.find()) {
                    labels.add(label.group(1));
                }
                labels.remove("le");
                forms.add(" " + String.join(", ", labels));
            }
        }
        return String.join(" or", forms);
    }

    /** The value of the sample that begins with this and has all of these labels; NaN for none. */
    double value(String name, String... labels) {
        return samples.stream()
                .filter(sample -> sample.startsWith(name + "{"))
                .filter(sample -> List.of(labels).stream().allMatch(sample::contains))
                .mapToDouble(
                        sample -> Double.parseDouble(sample.substring(sample.lastIndexOf(' '))))
                .findFirst()
                .orElse(Double.NaN);
    }
}
