package dev.serinus.dataplane.story;

import dev.serinus.dataplane.cluster.Cluster;
import dev.serinus.dataplane.cluster.Weights;
import dev.serinus.dataplane.proxy.Api;
import dev.serinus.dataplane.proxy.Plane;
import dev.serinus.dataplane.proxy.ProxyView;
import dev.serinus.dataplane.traffic.Answer;
import dev.serinus.dataplane.traffic.Load;
import dev.serinus.demo.cluster.PodServers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Where stories play: a cluster, its proxy, and what is found.
 *
 * @param api by which the proxy is told
 * @param view what the proxy has taken over
 * @param pods who answers
 * @param gates before more traffic goes to a new version
 */
public record Stage(
        Cluster cluster,
        Plane plane,
        Api api,
        ProxyView view,
        PodServers pods,
        Gates gates,
        Findings findings) {

    static final String NAMESPACE = "apps";
    static final String FIRST = "1.0.0";
    static final String GOOD = "2.0.0";
    static final String BAD = "3.0.0";
    static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** An application with a Canary of this shape, put into Serinus' care. */
    void found(String name, String canary) {
        cluster.apply("application.yaml", Map.of("NAME", name));
        if (!api.isByGateway()) {
            cluster.apply(api.manifest("application.yaml"), Map.of("NAME", name));
        }
        apply(canary, name);
        awaitPhase(name, "Initialized");
    }

    /** A Canary of this shape. */
    void apply(String canary, String name) {
        cluster.apply(
                canary,
                Map.of(
                        "NAME", name,
                        "GATES", gates.url(),
                        "ROUTED", api.routed(name),
                        "METRIC", api.metric()));
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
        return new Weights(cluster.user(), api.route(), NAMESPACE, name);
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

    /**
     * Until only such pods answer and an answer has come since: a pod that was deleted goes once
     * the proxy sends it nothing any more.
     */
    void settle(String name, Load load, Predicate<String> remaining) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var answering =
                    pods.answering().stream().filter(it -> it.startsWith(name + "-")).toList();
            if (!answering.isEmpty() && answering.stream().allMatch(remaining)) {
                break;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "%s does not come to rest: %s still answer".formatted(name, answering));
            }
            Thread.sleep(LOOK);
        }
        var _ = load.await(_ -> true, PATIENCE);
    }

    /** Until the primary alone answers, and nobody else is asked. */
    void settleOnPrimary(String name, Load load) throws InterruptedException {
        settle(name, load, pod -> !isCanary(name, pod));
    }

    /** What was declared since a time, step by step, and what was served of it. */
    List<Step> steps(String name, Weights weights, Load load, long since) {
        var answers = load.answers();
        List<Step> steps = new ArrayList<>();
        var changes = weights.changes();
        for (int i = 0; i < changes.size(); i++) {
            var change = changes.get(i);
            if (change.at() >= since) {
                long next = i + 1 < changes.size() ? changes.get(i + 1).at() : Long.MAX_VALUE;
                steps.add(new Step(change, served(name, change, next, answers)));
            }
        }
        return steps;
    }

    private List<Answer> served(
            String name, Weights.Change change, long next, List<Answer> answers) {
        var taken = view.takenAt(name, change.shares(), change.at());
        if (taken.isEmpty()) {
            return List.of();
        }
        long from = taken.getAsLong();
        long until = Math.min(next, view.leftAfter(name, from).orElse(Long.MAX_VALUE));
        return answers.stream().filter(it -> it.sent() >= from && it.received() < until).toList();
    }

    static boolean isCanary(String name, Answer answer) {
        return isCanary(name, answer.pod());
    }

    static boolean isCanary(String name, String pod) {
        return pod.startsWith(name + "-") && !pod.startsWith(name + "-primary-");
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
