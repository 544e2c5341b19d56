package dev.serinus.watcher.observe;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.CanaryGone;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.CanaryRejected;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.PriorStatus;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.ReleasedSides;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.cluster.WatchedCanary;
import dev.serinus.watcher.cluster.WatchedCanary.Verdict;
import dev.serinus.watcher.cluster.Workload;

import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/**
 * Publishes what is new about canaries and their workloads. A watch event only asks for a look; the
 * look compares all that the watches show now with what was last published. So nothing is published
 * twice, states that came and went while the broker was away are left out, and a restart, a missed
 * watch or an API error publishes nothing that is not so. One thing is not left out: that a
 * workload was not ready, since whoever judges it must not take two moments of readiness for one
 * long time.
 */
public final class Observer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Observer.class);

    private final Cluster cluster;
    private final WorkloadFacts workloadFacts;
    private final ManifestHints hints;
    private final Topic<CanaryKey, Change> changes;
    private final Outbox outbox;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final CanaryIndex index = new CanaryIndex();
    private final Map<CanaryKey, PublishedFacts> published = new ConcurrentHashMap<>();
    private final ObservationQueue queue;

    /** The last state in which a side was not ready, when no look came upon it yet. */
    private final Map<Side, Observed<Workload>> unready = new ConcurrentHashMap<>();

    /** One of a canary's workloads. */
    private record Side(CanaryKey canary, Role role) {}

    /**
     * Begins to collect what is to be looked at.
     *
     * @param missing made before this, so that it knows of a change first
     * @param looking runs the looks; closed with this
     */
    public Observer(
            Installation installation,
            Cluster cluster,
            AbsenceChecks absenceChecks,
            MissingTemplates missing,
            Topic<CanaryKey, Change> changes,
            Outbox outbox,
            ExecutorService looking,
            InstantSource clock,
            MeterRegistry meters) {
        this.queue = new ObservationQueue(this::look, looking);
        this.cluster = cluster;
        this.workloadFacts =
                new WorkloadFacts(cluster, absenceChecks, installation.configTracking());
        this.hints = new ManifestHints(missing);
        this.changes = changes;
        this.outbox = outbox;
        this.clock = clock;
        this.meters = meters;
        meters.gauge("serinus.watcher.canaries.due", queue, ObservationQueue::size);
        missing.onChange(queue::ask);
        cluster.canaries()
                .onChange((before, after) -> queue.ask(cluster.key(either(before, after))));
        cluster.workloads().forEach(this::noteUnready);
        cluster.workloads().forEach(this::follow);
        follow(Knative.SERVICE, cluster.knative().services());
        cluster.configs().onChange(config -> index.followersOf(config).forEach(queue::ask));
    }

    private static <T> Observed<T> either(
            @Nullable Observed<T> before, @Nullable Observed<T> after) {
        if (after != null) {
            return after;
        }
        if (before == null) {
            throw new IllegalStateException("a change of an object has a state before or after it");
        }
        return before;
    }

    private <T> void follow(Kind kind, ResourceWatch<T> watch) {
        watch.onChange(
                (before, after) -> {
                    var object = either(before, after);
                    if (before == null || after == null || !before.value().equals(after.value())) {
                        index.followersOf(kind.named(object.namespace(), object.name()))
                                .forEach(queue::ask);
                    }
                });
    }

    /** Before {@link #follow}, so that a look that is asked for finds what was noted. */
    private void noteUnready(Kind kind, ResourceWatch<Workload> watch) {
        watch.onChange(
                (_, after) -> {
                    if (after != null) {
                        var object = kind.named(after.namespace(), after.name());
                        index.followersOf(object)
                                .forEach(canary -> noteUnready(canary, object, after));
                    }
                });
    }

    private void noteUnready(CanaryKey canary, Ref object, Observed<Workload> now) {
        var inForce = cluster.inForce(canary).orElse(null);
        if (inForce == null) {
            return;
        }
        SpecSummary summary = inForce.summary();
        var sides = cluster.sides(canary, summary).orElse(null);
        if (sides == null) {
            return;
        }
        for (Role role : sides.roles()) {
            if (sides.isSide(role, object)
                    && !Readiness.of(now.value(), now.name(), summary.readyThreshold(role), false)
                            .ready()) {
                unready.put(new Side(canary, role), now);
            }
        }
    }

    /** Begins to publish; call it once all that is watched was seen. */
    public void open() {
        queue.open();
    }

    @Override
    public void close() {
        queue.close();
    }

    private void look(CanaryKey key) throws InterruptedException {
        var seen = cluster.canary(key).orElse(null);
        var before = published.get(key);
        if (before != null && (seen == null || !seen.uid().equals(before.uid))) {
            boolean left = cluster.claims().isLeft(key.namespace(), key.name(), before.uid);
            send(key, before.uid, new CanaryGone(before.generation, left));
            published.remove(key);
            follow(key, Set.of());
            for (Role role : Role.values()) {
                unready.remove(new Side(key, role));
            }
        }
        if (seen != null) {
            var now = published.computeIfAbsent(key, _ -> new PublishedFacts(seen.uid()));
            canary(key, seen, now);
            workloads(key, seen, now);
        }
    }

    private void canary(CanaryKey key, Observed<WatchedCanary> seen, PublishedFacts now)
            throws InterruptedException {
        switch (seen.value().verdict()) {
            case Verdict.Accepted(var spec, _, _, _) -> {
                var fact =
                        CanaryObserved.newBuilder()
                                .setGeneration(seen.generation())
                                .setSpec(spec)
                                .setDeleting(seen.value().deleting())
                                .setPrior(seen.value().prior())
                                .setClaimed(seen.value().claimed())
                                .setSkipAnalysisOnce(seen.value().skipAnalysis())
                                .setReset(seen.value().reset())
                                .setLabels(seen.value().labels())
                                .setHints(hints.of(seen))
                                .setPassFreeze(seen.value().passFreeze())
                                .build();
                if (now.isNews(fact)) {
                    send(key, now.uid, fact);
                    now.published(fact);
                }
            }
            case Verdict.Rejected(var problems) -> {
                var fact = new CanaryRejected(seen.generation(), problems);
                if (now.isNews(fact)) {
                    send(key, now.uid, fact);
                    now.published(fact);
                }
            }
        }
    }

    /** Of a Canary without any spec that was admitted, no workload is known: nothing is said. */
    private void workloads(CanaryKey key, Observed<WatchedCanary> seen, PublishedFacts now)
            throws InterruptedException {
        var inForce = cluster.inForce(key).filter(spec -> spec.uid().equals(now.uid)).orElse(null);
        if (inForce == null) {
            follow(key, Set.of());
            return;
        }
        var sides = cluster.sides(key, inForce.summary()).orElse(null);
        if (sides == null) {
            follow(key, Set.of());
            return;
        }
        // First follow, then look: a change between the two asks for another look.
        index.alsoFollow(key, Set.of(sides.target()));
        var things = new HashSet<>(sides.objects());
        index.alsoFollow(key, things);
        things.addAll(workloadFacts.configs(sides.target()));
        follow(key, things);
        for (Role role : sides.roles()) {
            workload(key, role, sides, inForce.summary(), now, seen.value().prior());
        }
    }

    private void follow(CanaryKey key, Set<Ref> things) {
        index.follow(key, things).forEach(cluster.configs()::forget);
    }

    private void workload(
            CanaryKey key,
            Role role,
            ReleasedSides sides,
            SpecSummary summary,
            PublishedFacts now,
            @Nullable PriorStatus prior)
            throws InterruptedException {
        var side = new Side(key, role);
        var passed = unready.get(side); // before the look, which so is at what came later
        var fact = workloadFacts.of(role, sides, summary, now, prior);
        if (fact.isEmpty()) {
            return;
        }
        if (passed != null && fact.get().getReady() && now.isReady(role)) {
            tell(key, now, workloadFacts.passed(role, passed, summary, now, prior));
        }
        tell(key, now, fact);
        if (passed != null) {
            unready.remove(side, passed);
        }
    }

    private void tell(CanaryKey key, PublishedFacts now, Optional<WorkloadObserved> fact)
            throws InterruptedException {
        if (fact.isPresent() && now.isNews(fact.get())) {
            send(key, now.uid, fact.get());
            now.published(fact.get());
        }
    }

    private void send(CanaryKey key, String uid, Object body) throws InterruptedException {
        outbox.send(
                changes,
                key,
                Change.newBuilder()
                        .setCanary(key.toString())
                        .setUid(uid)
                        .setObservedAt(clock.instant())
                        .setBody(body)
                        .build());
        String fact = body.getClass().getSimpleName();
        meters.counter("serinus.watcher.changes", "fact", fact).increment();
        var entry = LOG.atInfo().addKeyValue("canary", key).addKeyValue("fact", fact);
        if (body instanceof WorkloadObserved workload) {
            entry =
                    entry.addKeyValue("role", workload.getRole())
                            .addKeyValue("revision", workload.getRevision())
                            .addKeyValue("ready", workload.getReady());
        }
        entry.log("published");
    }
}
