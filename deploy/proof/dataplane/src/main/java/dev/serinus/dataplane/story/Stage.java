package dev.serinus.dataplane.story;

import dev.serinus.dataplane.cluster.Cluster;
import dev.serinus.dataplane.cluster.Weights;
import dev.serinus.dataplane.proxy.Plane;
import dev.serinus.dataplane.traffic.Answer;
import dev.serinus.dataplane.traffic.Load;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Where stories play: a cluster, its proxy, and what is found. */
public record Stage(Cluster cluster, Plane plane, Findings findings) {

    static final String NAMESPACE = "apps";
    static final String FIRST = "1.0.0";
    static final String GOOD = "2.0.0";
    static final String BAD = "3.0.0";
    static final Duration PATIENCE = Duration.ofMinutes(3);

    /** An application with a Canary of this shape, put into Serinus' care. */
    void found(String name, String canary) {
        cluster.apply("application.yaml", Map.of("NAME", name));
        cluster.apply(canary, Map.of("NAME", name));
        awaitPhase(name, "Initialized");
    }

    /** Waits for a phase; one that ends a rollout otherwise is trouble. */
    void awaitPhase(String name, String wanted) {
        var ends = new HashSet<>(Set.of("Failed", "Succeeded"));
        ends.add(wanted);
        String phase = cluster.awaitPhase(NAMESPACE, name, ends, PATIENCE);
        if (!phase.equals(wanted)) {
            throw new IllegalStateException(
                    "%s became %s instead of %s".formatted(name, phase, wanted));
        }
    }

    /** Releases a version and waits for the phase in which it ends. */
    void release(String name, String version, int errorPercent, String end) {
        cluster.release(NAMESPACE, name, version, errorPercent);
        var _ =
                cluster.awaitPhase(
                        NAMESPACE,
                        name,
                        Set.of("Progressing", "Waiting", "Promoting", "Finalising"),
                        PATIENCE);
        awaitPhase(name, end);
    }

    Weights weights(String name) {
        return new Weights(cluster.user(), plane.route(), NAMESPACE, name);
    }

    /** A load on an application, from the moment on when its proxy knows it. */
    Load load(String name, List<Load.Client> clients, int perSecond) throws InterruptedException {
        String host = name + ".example";
        try (var knocking = Load.start(plane.address(), host, List.of(Load.Client.PLAIN), 10)) {
            if (!knocking.await(Answer::isGood, Duration.ofSeconds(60))) {
                throw new IllegalStateException(
                        "%s cannot be reached through the proxy: %s"
                                .formatted(
                                        host,
                                        knocking.answers().isEmpty()
                                                ? "no answer"
                                                : knocking.answers().getLast().trouble()));
            }
        }
        return Load.start(plane.address(), host, clients, perSecond);
    }

    /** Until what happened is seen by all, and pods that were deleted are gone. */
    void settle() throws InterruptedException {
        Thread.sleep(plane.settling().plusSeconds(6));
    }

    static boolean isCanary(String name, Answer answer) {
        return answer.pod().startsWith(name + "-") && !answer.pod().startsWith(name + "-primary-");
    }

    /** Of the requests that were sent in a time. */
    static List<Answer> between(List<Answer> answers, long from, long to) {
        return answers.stream().filter(it -> it.sent() >= from && it.sent() < to).toList();
    }

    /** Counts the requests of a story, whose failures may only be such as are excused. */
    void count(String story, List<Answer> answers, Predicate<Answer> excused, String split) {
        var failed = answers.stream().filter(it -> !it.isGood() && !excused.test(it)).toList();
        var reasons = new TreeMap<String, Integer>();
        failed.forEach(it -> reasons.merge(it.trouble() + " " + it.pod(), 1, Integer::sum));
        findings.row(
                new Findings.Row(
                        story,
                        answers.size(),
                        failed.size(),
                        reasons.isEmpty() ? split : split + "; " + reasons));
    }
}
