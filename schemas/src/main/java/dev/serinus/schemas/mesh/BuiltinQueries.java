package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The queries behind {@code request-success-rate} and {@code request-duration}, the text as Flagger
 * sends it (pkg/metrics/observers), so that recording rules and proxies that know its queries go on
 * working. Each descriptor of a mesh has its own; where Flagger names the target although the mesh
 * shows the Service's name, ours names the Service, which only differs where {@code service.name}
 * is set and Flagger finds nothing.
 *
 * @param successRate percent of the requests that did not fail
 * @param requests per second, failed ones included
 * @param duration 99th percentile or mean of the duration
 * @param millis milliseconds in one unit of what duration answers
 * @param onDaemonSet what takes the place of a text in the queries of a DaemonSet, which a mesh
 *     labels otherwise than a Deployment
 * @param wordsOnly true where the mesh shows names with every other character than letters, digits
 *     and underscores replaced by an underscore
 */
public record BuiltinQueries(
        String successRate,
        String requests,
        String duration,
        double millis,
        Map<String, String> onDaemonSet,
        boolean wordsOnly) {

    private static final String POD = "kubernetes_pod_name";

    private static final String FLAGGERS_PODS = "%s=~\"%s\"".formatted(POD, PodNames.PODS);

    /** Labels of the canary's pods, as the scrape configuration of Flagger's chart sets them. */
    static final String POD_LABELS = "kubernetes_namespace=\"{{ namespace }}\", " + FLAGGERS_PODS;

    /** What the application says of itself: no mesh (kubernetes) and Gateway API. */
    public static final BuiltinQueries HTTP =
            counting(
                            "http_request_duration_seconds_count{ %s, status!~\"5.*\" }"
                                    .formatted(POD_LABELS),
                            "http_request_duration_seconds_count{ %s }".formatted(POD_LABELS))
                    .percentile("http_request_duration_seconds_bucket{ %s }".formatted(POD_LABELS))
                    .inUnitsOf(1000);

    public BuiltinQueries {
        onDaemonSet = Map.copyOf(onDaemonSet);
    }

    /**
     * Begins with what is counted.
     *
     * @param good the series of requests that did not fail, with its labels
     * @param all the series of all requests
     */
    static Counting counting(String good, String all) {
        return new Counting(good, all);
    }

    record Counting(String good, String all) {

        /** With durations of which the 99th percentile counts. */
        BuiltinQueries percentile(String buckets) {
            return duration(
                    " histogram_quantile( 0.99, sum( rate( %s[{{ interval }}] ) ) by (le) )"
                            .formatted(buckets));
        }

        /** With durations in seconds of which the 99th percentile counts, made milliseconds. */
        BuiltinQueries percentileOfSeconds(String buckets) {
            return duration(
                    " histogram_quantile( 0.99, sum( rate( %s[{{ interval }}] ) ) by (le) ) * 1000"
                            .formatted(buckets));
        }

        /** With durations in seconds of which only the mean is known, made milliseconds. */
        BuiltinQueries mean(String sums, String counts) {
            return duration(
                    " sum( rate( %s[{{ interval }}] ) ) / sum( rate( %s[{{ interval }}] ) ) * 1000"
                            .formatted(sums, counts));
        }

        private BuiltinQueries duration(String query) {
            return new BuiltinQueries(
                    " sum( rate( %s[{{ interval }}] ) ) / sum( rate( %s[{{ interval }}] ) ) * 100"
                            .formatted(good, all),
                    "sum( rate( %s[{{ interval }}] ) )".formatted(all),
                    query,
                    1,
                    Map.of(),
                    false);
        }
    }

    /** With another unit of the duration than milliseconds. */
    BuiltinQueries inUnitsOf(double milliseconds) {
        return new BuiltinQueries(
                successRate, requests, duration, milliseconds, onDaemonSet, wordsOnly);
    }

    /** With other texts for a DaemonSet. */
    BuiltinQueries onDaemonSet(Map<String, String> texts) {
        return new BuiltinQueries(successRate, requests, duration, millis, texts, wordsOnly);
    }

    /**
     * The same for one workload.
     *
     * @param targetKind as in spec.targetRef.kind
     * @param name of the workload that is asked about
     * @param others what must not be taken for it: behind the name and a dash, such as primary
     */
    public BuiltinQueries of(String targetKind, String name, List<String> others) {
        Map<String, String> texts = new HashMap<>();
        texts.put(FLAGGERS_PODS, PodNames.matchers(POD, targetKind, name, others));
        if (targetKind.equals(Kind.DAEMON_SET.name())) {
            texts.putAll(onDaemonSet);
        }
        return new BuiltinQueries(
                with(texts, successRate),
                with(texts, requests),
                with(texts, duration),
                millis,
                Map.of(),
                wordsOnly);
    }

    private static String with(Map<String, String> texts, String query) {
        String replaced = query;
        for (var text : texts.entrySet()) {
            replaced = replaced.replace(text.getKey(), text.getValue());
        }
        return replaced;
    }

    /** A name as the mesh shows it. */
    public String shown(String name) {
        return wordsOnly ? name.replaceAll("\\W", "_") : name;
    }
}
