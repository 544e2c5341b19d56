package dev.serinus.watcher.observe;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.WatchedCanary;
import dev.serinus.watcher.cluster.WatchedCanary.Verdict;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Metrics that mean a MetricTemplate by their name alone where there is none, so that no release
 * has to find out. A template that comes a moment after its Canary, as with Helm and with a folder
 * of manifests, is not missing. Only what the watches show is looked at.
 */
public final class MissingTemplates implements AutoCloseable {

    /** So long a template may come after its Canary. */
    private static final Duration MOMENT = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Sleeper sleeper;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Canaries that are about to be looked at again. */
    private final Set<CanaryKey> doubted = ConcurrentHashMap.newKeySet();

    /** Which templates each Canary lacks for longer than a moment; none has an empty set. */
    private final Map<CanaryKey, Lack> lacking = new ConcurrentHashMap<>();

    private volatile Consumer<CanaryKey> changed = _ -> {};
    private volatile boolean open;

    /**
     * @param uid of the Canary
     * @param names of templates
     */
    private record Lack(String uid, Set<String> names) {}

    /** Finds nothing yet. */
    public MissingTemplates(Cluster cluster) {
        this(cluster, Thread::sleep);
    }

    /** The same with pauses of a test's own. */
    MissingTemplates(Cluster cluster, Sleeper sleeper) {
        this.cluster = cluster;
        this.sleeper = sleeper;
        cluster.canaries()
                .onChange(
                        (before, after) -> {
                            if (after != null) {
                                look(after);
                            } else if (before != null) {
                                lacking.remove(cluster.key(before));
                            }
                        });
        cluster.templates()
                .onChange(
                        (before, after) -> {
                            if (before == null) {
                                lookIn(after);
                            } else if (after == null) {
                                lookIn(before);
                            }
                        });
    }

    /** Tells of each Canary of which something else is missing than before. */
    void onChange(Consumer<CanaryKey> listener) {
        changed = listener;
    }

    /**
     * Begins to find; call it once all that is watched was seen. What is missing then has been so
     * for longer than a moment.
     */
    public void open() {
        open = true;
        cluster.canaries().all().forEach(this::settle);
    }

    /** What is missing of a Canary: a sentence with its path for each such metric. */
    List<String> of(Observed<WatchedCanary> canary) {
        var lack = lacking.get(cluster.key(canary));
        if (lack == null
                || !lack.uid().equals(canary.uid())
                || !(canary.value().verdict() instanceof Verdict.Accepted accepted)) {
            return List.of();
        }
        var metrics = accepted.summary().metrics();
        return IntStream.range(0, metrics.size())
                .filter(place -> lack.names().contains(metrics.get(place).name()))
                .filter(place -> isMissing(canary, metrics.get(place)))
                .mapToObj(
                        place ->
                                "spec.analysis.metrics[%d]: has a name and nothing to ask, and there is no MetricTemplate %s in namespace %s, so that each check fails: make one, or give the entry query or templateRef"
                                        .formatted(
                                                place,
                                                metrics.get(place).name(),
                                                canary.namespace()))
                .toList();
    }

    /** In the namespace of a template that came or went. */
    private void lookIn(@Nullable Observed<?> template) {
        if (template != null) {
            cluster.canaries().all().stream()
                    .filter(canary -> canary.namespace().equals(template.namespace()))
                    .forEach(this::look);
        }
    }

    /** What has come is known at once; what is missing anew is looked at once more. */
    private void look(Observed<WatchedCanary> canary) {
        var key = cluster.key(canary);
        var now = missing(canary);
        var lack = lacking.get(key);
        var known =
                lack != null && lack.uid().equals(canary.uid()) ? lack.names() : Set.<String>of();
        if (known.containsAll(now)) {
            note(key, canary.uid(), now);
        } else if (doubted.add(key)) {
            var _ =
                    threads.submit(
                            () -> {
                                sleeper.sleep(MOMENT);
                                doubted.remove(key);
                                cluster.canary(key).ifPresent(this::settle);
                                return null;
                            });
        }
    }

    private void settle(Observed<WatchedCanary> canary) {
        note(cluster.key(canary), canary.uid(), missing(canary));
    }

    private void note(CanaryKey key, String uid, Set<String> names) {
        var before = names.isEmpty() ? lacking.remove(key) : lacking.put(key, new Lack(uid, names));
        if (!names.equals(before == null ? Set.of() : before.names())) {
            changed.accept(key);
        }
    }

    private Set<String> missing(Observed<WatchedCanary> canary) {
        if (!open
                || !(canary.value().verdict() instanceof Verdict.Accepted accepted)
                || accepted.spec().getSkipAnalysis()) {
            return Set.of();
        }
        return accepted.summary().metrics().stream()
                .filter(metric -> isMissing(canary, metric))
                .map(CanaryMetric::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean isMissing(Observed<WatchedCanary> canary, CanaryMetric metric) {
        var template = metric.template();
        return template != null
                && metric.templateRef() == null
                && cluster.templates().get(canary.namespace(), template.name()).isEmpty();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
