package dev.serinus.schemas.mesh;

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
 * @param onDaemonSet what takes the place of a text in the queries of a DaemonSet, whose pods are
 *     named and labelled otherwise than a Deployment's
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

    private static final String PODS = "{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)";

    /** Labels of the canary's pods, as the scrape configuration of Flagger's chart sets them. */
    static final String POD_LABELS =
            "kubernetes_namespace=\"{{ namespace }}\", kubernetes_pod_name=~\"" + PODS + "\"";

    /**
     * A DaemonSet's pods have one group of letters after their name. Flagger's pattern, meant for
     * Deployments, measures the primary's pods there instead of the canary's.
     */
    static final Map<String, String> PODS_OF_DAEMONSET = Map.of(PODS, "{{ target }}-[0-9a-zA-Z]+");

    /** What the application says of itself: no mesh (kubernetes) and Gateway API. */
    public static final BuiltinQueries HTTP =
            counting(
                            "http_request_duration_seconds_count{ %s, status!~\"5.*\" }"
                                    .formatted(POD_LABELS),
                            "http_request_duration_seconds_count{ %s }".formatted(POD_LABELS))
                    .percentile("http_request_duration_seconds_bucket{ %s }".formatted(POD_LABELS))
                    .inUnitsOf(1000)
                    .onDaemonSet(PODS_OF_DAEMONSET);

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
     * The same for a kind of target.
     *
     * @param targetKind as in spec.targetRef.kind
     */
    public BuiltinQueries of(String targetKind) {
        return targetKind.equals("DaemonSet")
                ? new BuiltinQueries(
                        ofDaemonSet(successRate),
                        ofDaemonSet(requests),
                        ofDaemonSet(duration),
                        millis,
                        Map.of(),
                        wordsOnly)
                : this;
    }

    private String ofDaemonSet(String query) {
        String replaced = query;
        for (var text : onDaemonSet.entrySet()) {
            replaced = replaced.replace(text.getKey(), text.getValue());
        }
        return replaced;
    }

    /** A name as the mesh shows it. */
    public String shown(String name) {
        return wordsOnly ? name.replaceAll("\\W", "_") : name;
    }
}
