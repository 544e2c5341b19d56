package dev.serinus.watcher.status;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.WatchedCanary;
import dev.serinus.watcher.cluster.WatchedCanary.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tells of metrics that mean a MetricTemplate by their name alone where there is none, so that no
 * release has to find out: when the Canary is seen, and again when other ones are missing. Only
 * what the watches show is looked at.
 */
public final class MissingTemplates {

    private final Cluster cluster;
    private final Notices notices;

    /** What is missing for each Canary for which something is. */
    private final Map<CanaryKey, Missing> missing = new ConcurrentHashMap<>();

    private volatile boolean open;

    /**
     * @param uid of the Canary
     * @param sentence that was told
     */
    private record Missing(String uid, String sentence) {}

    /** Tells nothing yet. */
    public MissingTemplates(Cluster cluster, Notices notices) {
        this.cluster = cluster;
        this.notices = notices;
        cluster.canaries()
                .onChange(
                        (before, after) -> {
                            if (after != null) {
                                look(after);
                            } else if (before != null) {
                                missing.remove(cluster.key(before));
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
        if (!open
                || !(canary.value().verdict() instanceof Verdict.Accepted accepted)
                || accepted.spec().getSkipAnalysis()) {
            return;
        }
        var key = cluster.key(canary);
        var sentence = sentence(canary, accepted);
        if (sentence.isEmpty()) {
            missing.remove(key);
            return;
        }
        var now = new Missing(canary.uid(), sentence);
        if (!now.equals(missing.put(key, now))) {
            notices.tellHint(canary, "template", sentence);
        }
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
}
