package dev.serinus.demo.measure;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * Counts what one pod answered, as an application instrumented with a Prometheus client does: a
 * histogram of durations for each status. The labels of namespace and pod are those that Flagger's
 * bundled Prometheus adds.
 */
public final class PodMeter {

    static final String NAME = "http_request_duration_seconds";
    private static final double[] BOUNDS = {
        .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, Double.POSITIVE_INFINITY
    };

    private final String namespace;
    private final String pod;
    private final Map<Integer, LongAdder[]> answers = new ConcurrentHashMap<>();
    private final Map<Integer, DoubleAdder> durations = new ConcurrentHashMap<>();

    /** A meter at zero. A series that begins at zero loses none of its first requests in a rate. */
    public PodMeter(String namespace, String pod) {
        this.namespace = namespace;
        this.pod = pod;
        answers.put(200, buckets());
        answers.put(500, buckets());
    }

    /** Counts one answer and what the application took for it. */
    public void answered(int status, Duration took) {
        double seconds = took.toNanos() / 1e9;
        int bucket = 0;
        while (seconds > BOUNDS[bucket]) {
            bucket++;
        }
        durations.computeIfAbsent(status, _ -> new DoubleAdder()).add(seconds);
        answers.computeIfAbsent(status, _ -> buckets())[bucket].increment();
    }

    /** How many answers were counted. */
    public long answered() {
        return answers.values().stream().flatMap(Arrays::stream).mapToLong(LongAdder::sum).sum();
    }

    /** Hands over each counter with its labels, as a scrape reads them. */
    void scrape(BiConsumer<Labels, Double> reader) {
        answers.forEach(
                (status, buckets) -> {
                    double sum = 0;
                    for (int i = 0; i < BOUNDS.length; i++) {
                        sum += buckets[i].sum();
                        reader.accept(
                                labels(NAME + "_bucket", status).with("le", bound(BOUNDS[i])), sum);
                    }
                    reader.accept(labels(NAME + "_count", status), sum);
                    var duration = durations.get(status);
                    reader.accept(
                            labels(NAME + "_sum", status), duration == null ? 0 : duration.sum());
                });
    }

    private Labels labels(String name, int status) {
        return new Labels(
                Map.of(
                        Labels.NAME,
                        name,
                        "kubernetes_namespace",
                        namespace,
                        "kubernetes_pod_name",
                        pod,
                        "status",
                        Integer.toString(status)));
    }

    private static String bound(double bound) {
        return Double.isInfinite(bound) ? "+Inf" : Double.toString(bound);
    }

    private static LongAdder[] buckets() {
        var buckets = new LongAdder[BOUNDS.length];
        Arrays.setAll(buckets, _ -> new LongAdder());
        return buckets;
    }
}
