package dev.serinus.schemas.mesh;

/**
 * The queries behind {@code request-success-rate} and {@code request-duration}: one constant per
 * kind of mesh or ingress, the text as Flagger sends it, so that recording rules and proxies that
 * know its queries go on working.
 *
 * @param series what is counted
 * @param selector labels that single out the canary's pods
 * @param success label that a request without error has
 * @param buckets the histogram of durations
 * @param millis milliseconds in the histogram's unit
 */
public record BuiltinQueries(
        String series, String selector, String success, String buckets, double millis) {

    public static final BuiltinQueries ISTIO =
            new BuiltinQueries(
                    "istio_requests_total",
                    "reporter=\"destination\", destination_workload_namespace=\"{{ namespace }}\","
                            + " destination_workload=~\"{{ target }}\"",
                    "response_code!~\"5.*\"",
                    "istio_request_duration_milliseconds_bucket",
                    1);

    /** What the application says of itself: no mesh (kubernetes) and Gateway API. */
    public static final BuiltinQueries HTTP = http("{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)");

    /**
     * The same for a DaemonSet, whose pods have one group of letters after their name. Flagger's
     * pattern, meant for Deployments, measures the primary's pods there instead of the canary's.
     */
    public static final BuiltinQueries HTTP_OF_DAEMONSET = http("{{ target }}-[0-9a-zA-Z]+");

    /**
     * The same for a kind of target: a DaemonSet's pods are named otherwise than a Deployment's.
     *
     * @param targetKind as in spec.targetRef.kind
     */
    public BuiltinQueries of(String targetKind) {
        return equals(HTTP) && targetKind.equals("DaemonSet") ? HTTP_OF_DAEMONSET : this;
    }

    private static BuiltinQueries http(String pods) {
        return new BuiltinQueries(
                "http_request_duration_seconds_count",
                "kubernetes_namespace=\"{{ namespace }}\", kubernetes_pod_name=~\"" + pods + "\"",
                "status!~\"5.*\"",
                "http_request_duration_seconds_bucket",
                1000);
    }

    /** Percent of the requests that did not fail. */
    public String successRate() {
        return " sum( rate( %s{ %s, %s }[{{ interval }}] ) ) / sum( rate( %s{ %s }[{{ interval }}] ) ) * 100"
                .formatted(series, selector, success, series, selector);
    }

    /** Requests per second, failed ones included. */
    public String requests() {
        return "sum( rate( %s{ %s }[{{ interval }}] ) )".formatted(series, selector);
    }

    /** 99th percentile of the duration, in the histogram's own unit. */
    public String duration() {
        return " histogram_quantile( 0.99, sum( rate( %s{ %s }[{{ interval }}] ) ) by (le) )"
                .formatted(buckets, selector);
    }
}
