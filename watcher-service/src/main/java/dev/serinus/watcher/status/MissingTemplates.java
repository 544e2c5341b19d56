package dev.serinus.watcher.status;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.WatchedCanary;
import dev.serinus.watcher.cluster.WatchedCanary.Verdict;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tells of metrics that mean a MetricTemplate by their name alone where there is none, so that no
 * release has to find out: when the Canary is seen, and again when other ones are missing. One that
 * comes a moment after its Canary, as with Helm and with a folder of manifests, is not missing.
 * Only what the watches show is looked at.
 */
public final class MissingTemplates implements AutoCloseable {

    /** So long a template may come after its Canary. */
    private static final Duration MOMENT = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Notices notices;
    private final Sleeper sleeper;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Canaries that are about to be looked at again. */
    private final Set<CanaryKey> doubted = ConcurrentHashMap.newKeySet();

    /** What was told of each Canary for which something is missing. */
    private final Map<CanaryKey, Missing> told = new ConcurrentHashMap<>();

    private volatile boolean open;

    /**
     * @param uid of the Canary
     * @param sentence about it
     */
    private record Missing(String uid, String sentence) {}

    /** Tells nothing yet. */
    public MissingTemplates(Cluster cluster, Notices notices) {
        this(cluster, notices, Thread::sleep);
    }

    /** The same with pauses of a test's own. */
    MissingTemplates(Cluster cluster, Notices notices, Sleeper sleeper) {
        this.cluster = cluster;
        this.notices = notices;
        this.sleeper = sleeper;
        cluster.canaries()
                .onChange(
                        (before, after) -> {
                            if (after != null) {
                                look(after);
                            } else if (before != null) {
                                told.remove(cluster.key(before));
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

    /** Begins to tell; call it once all that is watched was seen. */
    public void open() {
        open = true;
        cluster.canaries().all().forEach(this::look);
    }

    /** In the namespace of a template that came or went. */
    private void lookIn(@Nullable Observed<?> template) {
        if (template != null) {
            cluster.canaries().all().stream()
                    .filter(canary -> canary.namespace().equals(template.namespace()))
                    .forEach(this::look);
        }
    }

    private void look(Observed<WatchedCanary> canary) {
        var now = missing(canary);
        var key = cluster.key(canary);
        if (now.isEmpty()) {
            told.remove(key);
        } else if (!now.get().equals(told.get(key)) && doubted.add(key)) {
            var _ =
                    threads.submit(
                            () -> {
                                sleeper.sleep(MOMENT);
                                doubted.remove(key);
                                cluster.canaries()
                                        .get(canary.namespace(), canary.name())
                                        .ifPresent(this::tell);
                                return null;
                            });
        }
    }

    private void tell(Observed<WatchedCanary> canary) {
        missing(canary)
                .filter(now -> !now.equals(told.put(cluster.key(canary), now)))
                .ifPresent(now -> notices.tellHint(canary, "template", now.sentence()));
    }

    private Optional<Missing> missing(Observed<WatchedCanary> canary) {
        if (!open
                || !(canary.value().verdict() instanceof Verdict.Accepted accepted)
                || accepted.spec().getSkipAnalysis()) {
            return Optional.empty();
        }
        var sentence = sentence(canary, accepted);
        return sentence.isEmpty()
                ? Optional.empty()
                : Optional.of(new Missing(canary.uid(), sentence));
    }

    private String sentence(Observed<WatchedCanary> canary, Verdict.Accepted accepted) {
        var metrics = accepted.summary().metrics();
        return IntStream.range(0, metrics.size())
                .filter(place -> isMissing(canary, metrics.get(place)))
                .mapToObj(
                        place ->
                                "spec.analysis.metrics[%1$d]: has a name and nothing to ask, and there is no MetricTemplate %2$s in namespace %3$s, so that each check fails: make one, or give the entry query or templateRef"
                                        .formatted(
                                                place,
                                                metrics.get(place).name(),
                                                canary.namespace()))
                .collect(Collectors.joining("; "));
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
