package dev.serinus.router.drift;

import dev.serinus.router.canary.Canaries;
import dev.serinus.router.canary.Known;
import dev.serinus.router.command.ActionContext;
import dev.serinus.router.command.ActionListener;
import dev.serinus.router.command.ActionResult;
import dev.serinus.router.command.CanaryLocks;
import dev.serinus.router.command.Order;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Conflict;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.objects.RememberedCluster;
import dev.serinus.router.objects.Serving;
import dev.serinus.router.objects.Sight;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.Baseline;
import dev.serinus.router.workload.CopyNote;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Watches what the router owns and repairs what somebody else changed. Told by watches alone: while
 * nothing changes it asks nothing.
 */
public final class Drift implements RememberedCluster.Watched, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Drift.class);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** The longest that traffic waits for another try. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Canaries canaries;
    private final ActionContext context;
    private final CanaryLocks locks;
    private final String cluster;
    private final LastWritten lastWritten = new LastWritten();
    private final Repair repair;
    private final RepairBackoff<CanaryKey> pace;

    /** Of its own: who edits a copy keeps no repair of routes and Services waiting. */
    private final RepairBackoff<ChangedCopies.Copy> copyPace;

    private final ChangedCopies copies = new ChangedCopies();
    private final Unrepaired unrepaired;

    private final InstantSource clock;
    private final Watches watches;
    private final WatchedConfigs configs;

    /** Who asks for an object; two, where a mistake makes them share it. */
    private final Map<Ref, Set<CanaryKey>> owners = new ConcurrentHashMap<>();

    /** Kinds among which is what some Canary had in hand before, perhaps when nobody watched. */
    private final Set<Kind> searched = ConcurrentHashMap.newKeySet();

    /** What is released and what serves: looked at in every step. */
    private final Set<Ref> workloads = ConcurrentHashMap.newKeySet();

    private final SuspectedDrift suspected = new SuspectedDrift();

    private volatile boolean begun;
    private final ExecutorService threads;
    private final Sleeper sleeper;

    /** Begins nothing yet; repairs run on virtual threads, by the system's clock. */
    public Drift(
            KubernetesClient client, Canaries canaries, ActionContext context, CanaryLocks locks) {
        this(
                client,
                canaries,
                context,
                locks,
                Executors.newVirtualThreadPerTaskExecutor(),
                Thread::sleep,
                InstantSource.system());
    }

    /**
     * Begins nothing yet.
     *
     * @param threads where repairs run, which may wait; closed with this
     */
    public Drift(
            KubernetesClient client,
            Canaries canaries,
            ActionContext context,
            CanaryLocks locks,
            ExecutorService threads,
            Sleeper sleeper,
            InstantSource clock) {
        this.threads = threads;
        this.sleeper = sleeper;
        this.canaries = canaries;
        this.context = context;
        this.locks = locks;
        this.cluster = context.installation().cluster();
        this.repair = new Repair(canaries, context, lastWritten);
        this.pace = new RepairBackoff<>(clock);
        this.copyPace = new RepairBackoff<>(clock);
        this.unrepaired = new Unrepaired(clock);
        this.clock = clock;
        this.watches =
                new Watches(
                        client,
                        context.installation().namespace(),
                        context.routers(),
                        workloads::contains,
                        this::seen);
        this.configs =
                new WatchedConfigs(
                        client,
                        context.installation().namespace(),
                        new WatchedConfigs.Listener() {
                            @Override
                            public void untracked(String namespace) {
                                var _ = threads.submit(() -> untrackIn(namespace));
                            }

                            @Override
                            public void copyChanged(Ref copy, CopyNote before, String version) {
                                changed(copy, before, version);
                            }
                        });
        canaries.onChange(this::canarySeen);
    }

    /** Begins to watch, once the Canaries are known. */
    public void start() {
        var _ = threads.submit(this::begin);
    }

    private void begin() {
        try {
            awaitTrue(canaries::hasSynced);
            begun = true;
            owners.keySet().forEach(ref -> watches.watch(ref.kind()));
            searched.forEach(watches::watch);
            if (context.installation().configTracking()) {
                configs.start();
            }
            new FirstLook(watches, repair, lastWritten, sleeper)
                    .each(
                            owners.values().stream()
                                    .flatMap(Set::stream)
                                    .collect(Collectors.toSet()),
                            key -> check(key, true));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** A config of the namespace is no longer copied: whose primary has a copy reads it itself. */
    private void untrackIn(String namespace) {
        owners.values().stream()
                .flatMap(Set::stream)
                .filter(key -> key.namespace().equals(namespace))
                .distinct()
                .toList()
                .forEach(this::untrack);
    }

    private void untrack(CanaryKey key) {
        new Untracking(repair, context, locks)
                .of(
                        key,
                        configs.untrackedIn(key.namespace()),
                        again -> {
                            var _ = threads.submit(() -> untrack(again));
                        });
    }

    /** A copy is not as it was seen; on the watch's thread. */
    private void changed(Ref ref, CopyNote before, String version) {
        var copy = new ChangedCopies.Copy(key(ref.namespace(), before.canary()), ref);
        if (version.isEmpty()) {
            lastWritten.forget(ref);
        }
        copies.add(copy, new ChangedCopies.Seen(before, version));
        lookInto(copy);
        if (canaries.get(ref.namespace(), before.canary()).isEmpty()) {
            copies.forget(copy.canary());
        }
    }

    /** Has one look into a copy that was changed, once it may be written. */
    private void lookInto(ChangedCopies.Copy copy) {
        if (repair.managed(copy.canary()).isPresent() && copies.isToBeLookedInto(copy)) {
            var _ =
                    threads.submit(
                            () -> {
                                sleeper.sleep(copyPace.pause(copy));
                                putBack(copy);
                                return null;
                            });
        }
    }

    private void putBack(ChangedCopies.Copy copy) throws InterruptedException {
        try {
            if (new CopyRepair(repair, context, locks, lastWritten).of(copy, copies)) {
                copyPace.repaired(copy);
                log.atWarn()
                        .addKeyValue("canary", copy.canary())
                        .addKeyValue("objects", List.of(copy.ref()))
                        .log("repaired what somebody else changed");
            }
            // It may be managed again by now.
            lookInto(copy);
        } catch (Conflict raced) {
            copyPace.repaired(copy);
            lookInto(copy);
        } catch (Refusal refusal) {
            copyPace.repaired(copy);
            if (refusal.outcome() == RouterOutcome.RETRY && !copyPace.isVain(copy)) {
                lookInto(copy);
                return;
            }
            repair.managed(copy.canary())
                    .ifPresent(
                            it ->
                                    notice(
                                            DriftEvents.unrepaired(
                                                    it, refusal.because(), clock.instant())));
        }
    }

    private void awaitTrue(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            sleeper.sleep(LOOK);
        }
    }

    @Override
    public Sight sight(Ref ref) {
        return watches.sight(ref);
    }

    @Override
    public Optional<List<Ref>> made(Canary canary, Kind kind) {
        return watches.made(canary, kind);
    }

    @Override
    public boolean isWatched(Kind kind) {
        return watches.isCurrent(kind);
    }

    /** Is to be told what commands did. */
    public ActionListener memory() {
        return new ActionListener() {
            @Override
            public void begins(CanaryKey canary, RouterAction action, Order order) {
                lastWritten.begins(canary, action, order);
            }

            @Override
            public void did(CanaryKey canary, RouterAction action, Order order, ActionResult done) {
                lastWritten.did(canary, action, order, done);
                if (done.withdrawn()) {
                    // There was no time then to give it back.
                    check(canary, false);
                }
            }

            @Override
            public void wrote(ActionResult done) {
                lastWritten.wrote(done);
            }

            @Override
            public @Nullable Split present(CanaryKey canary) {
                return lastWritten.present(canary);
            }
        };
    }

    /** Target, primary and baseline, where they are workloads. */
    private static List<Ref> workloads(Canary canary) {
        var kind = ReleaseTargets.of(canary.getSpec().targetRef());
        if (!kind.target().hasPods()) {
            return List.of();
        }
        var pair =
                Stream.concat(
                        Stream.of(kind.named(canary)), kind.primary(canary, _ -> null).stream());
        return canary.hasBaseline()
                ? Stream.concat(pair, Stream.of(Baseline.ref(canary))).toList()
                : pair.toList();
    }

    private void forgetWorkloads(Known gone) {
        var inForce = gone.inForce();
        if (inForce == null) {
            return;
        }
        try {
            workloads(inForce).forEach(workloads::remove);
        } catch (Refusal unsupported) {
            // None of it was kept.
        }
    }

    private void canarySeen(@Nullable Observed<Known> before, @Nullable Observed<Known> after) {
        if (after == null) {
            var last = Objects.requireNonNull(before, "neither before nor after");
            var gone = key(last.namespace(), last.name());
            owners.values().forEach(keys -> keys.remove(gone));
            owners.values().removeIf(Set::isEmpty);
            forgetWorkloads(last.value());
            context.recent().forget(last.uid());
            context.turns().forget(last.uid());
            lastWritten.forget(gone);
            pace.forget(gone);
            copies.forget(gone);
            copyPace.forgetIf(copy -> copy.canary().equals(gone));
            unrepaired.forget(gone);
            return;
        }
        var key = key(after.namespace(), after.name());
        if (before != null && !before.uid().equals(after.uid())) {
            // Deleted and created again: what was commanded was for another.
            lastWritten.forget(key);
            copies.forget(key);
        }
        var inForce = after.value().inForce();
        if (inForce == null) {
            return;
        }
        copies.of(key).forEach(this::lookInto);
        try {
            workloads.addAll(workloads(inForce));
            for (Ref ref : repair.objects(inForce)) {
                owners.computeIfAbsent(ref, _ -> ConcurrentHashMap.newKeySet()).add(key);
                if (begun) {
                    watches.watch(ref.kind());
                }
            }
            searched.addAll(repair.searched(inForce));
            if (begun) {
                searched.forEach(watches::watch);
            }
        } catch (Refusal unsupported) {
            return;
        }
        if (before == null) {
            return;
        }
        var old = before.value().inForce();
        if (isLeft(before.value()) && !isLeft(after.value())) {
            check(key, true);
        } else if (old != null && !(sameShape(old, inForce) && sameAnnotations(old, inForce))) {
            var _ = threads.submit(() -> reshaped(key));
        } else if (old != null && !sameTarget(old, inForce)) {
            check(key, true);
        }
    }

    private static boolean sameTarget(Canary one, Canary other) {
        return one.getSpec().targetRef().equals(other.getSpec().targetRef());
    }

    private static boolean sameShape(Canary one, Canary other) {
        var now = other.getSpec();
        return one.hasBaseline() == other.hasBaseline()
                && one.getSpec().analysis().splitsByReplicas() == now.analysis().splitsByReplicas()
                && Objects.equals(one.getSpec().analysis().match(), now.analysis().match())
                && Objects.equals(
                        one.getSpec().analysis().sessionAffinity(),
                        now.analysis().sessionAffinity())
                && Objects.equals(one.getSpec().service(), now.service())
                && Objects.equals(one.getSpec().provider(), now.provider())
                && Objects.equals(one.getSpec().ingressRef(), now.ingressRef())
                && Objects.equals(one.getSpec().routeRef(), now.routeRef())
                && Objects.equals(one.getSpec().autoscalerRef(), now.autoscalerRef())
                && Objects.equals(one.getSpec().upstreamRef(), now.upstreamRef());
    }

    /** As far as the mesh reads them. */
    private boolean sameAnnotations(Canary one, Canary other) {
        var followed =
                context.routers()
                        .find(other)
                        .map(it -> it.router().followedAnnotations())
                        .orElse(Set.of());
        return followed.stream()
                .allMatch(key -> Objects.equals(annotation(one, key), annotation(other, key)));
    }

    private static @Nullable String annotation(Canary canary, String key) {
        var annotations = canary.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(key);
    }

    /** Another shape is asked for: it is there at the present split before the next step. */
    private void reshaped(CanaryKey key) {
        try (var _ = locks.take(key)) {
            var done = repair.carryOut(key);
            log.atInfo()
                    .addKeyValue("canary", key)
                    .addKeyValue("objects", done.written())
                    .log("reshaped as the Canary asks now");
            goOn(key, done, false);
        } catch (Conflict | Refusal later) {
            check(key, false);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Comes again for what a repair could not do, and says why. */
    private void goOn(CanaryKey key, RepairOutcome done, boolean urgent) {
        if (done.later()) {
            var _ =
                    threads.submit(
                            () -> {
                                sleeper.sleep(context.patience());
                                check(key, false);
                                return null;
                            });
        }
        if (done.turning()) {
            repair.managed(key).ifPresent(it -> turnOn(key, it));
        }
        if (unrepaired.tell(key, done.told())) {
            String because = Unrepaired.because(done.told());
            repair.managed(key)
                    .ifPresent(it -> notice(DriftEvents.unrepaired(it, because, clock.instant())));
        }
        if (unrepaired.isToBeTriedAgain(key, done)) {
            check(key, urgent && !done.refused().isEmpty());
        }
    }

    /** Comes again for a route that is on its way; meanwhile others have the canary's turn. */
    private void turnOn(CanaryKey key, Canary canary) {
        var _ =
                threads.submit(
                        () -> {
                            context.awaitFollowed(canary);
                            var _ = suspected.addCertain(key, true);
                            repaired(key, Duration.ZERO, true);
                            return null;
                        });
    }

    /** Nothing of it is written: it is suspended, or only tried. */
    private boolean isLeft(Known known) {
        var spec = known.latest().getSpec();
        boolean suspended = spec != null && Boolean.TRUE.equals(spec.suspend());
        return suspended || canaries.isTried(known.latest());
    }

    /** An object changed; on the watch's thread. */
    private void seen(
            Ref ref, @Nullable ObservedState before, @Nullable ObservedState now, String version) {
        for (CanaryKey key : owners.getOrDefault(ref, Set.of())) {
            // Pods that it led to stay until data planes followed, whoever wrote it.
            canaries.get(key.namespace(), key.name())
                    .map(Known::inForce)
                    .ifPresent(
                            it ->
                                    context.observed(
                                            it,
                                            ref,
                                            now == null ? Serving.NOWHERE : now.serving(),
                                            now == null ? "" : version));
            seen(key, ref, before, now);
        }
    }

    private void seen(
            CanaryKey key, Ref ref, @Nullable ObservedState before, @Nullable ObservedState now) {
        var left = lastWritten.left(ref);
        if (now == null) {
            if (before != null) {
                suspect(key, ref, null, true);
            }
        } else if (now.equals(ObservedState.STOPPED) && !now.equals(left)) {
            // However it is found: a primary that serves nobody was not left so.
            suspect(key, ref, now, true);
        } else if (left == null && before == null) {
            // The first list after a start: how it is found is how it was left.
            lastWritten.accept(ref, now);
            if (now.split() != null
                    && lastWritten.split(key) == null
                    && !repair.steersRoutesOfTheUser(key)) {
                lastWritten.found(key, now.split(), now.mark());
            }
        } else if (left == null || !now.fingerprint().equals(left.fingerprint())) {
            suspect(key, ref, now, ObservedState.isUrgent(Optional.of(now), left));
        }
    }

    private void suspect(CanaryKey key, Ref ref, @Nullable ObservedState now, boolean urgent) {
        boolean ours =
                repair.managed(key).isPresent() || (urgent && repair.suspended(key).isPresent());
        if (ours && suspected.add(key, ref, now, urgent)) {
            var _ = threads.submit(() -> repaired(key, pause(key, urgent), urgent));
        }
    }

    /** Looks after a canary soon; asked for twice, it is done once. */
    private void check(CanaryKey key, boolean urgent) {
        if (repair.managed(key).isPresent() && suspected.addCertain(key, urgent)) {
            var _ = threads.submit(() -> repaired(key, pause(key, urgent), urgent));
        }
    }

    /**
     * @param pause what to wait before
     * @param urgent true where traffic is concerned: then nobody waits, however often it was
     *     repaired
     */
    private void repaired(CanaryKey key, Duration pause, boolean urgent) {
        try {
            sleeper.sleep(pause);
            var done = RepairOutcome.NOTHING;
            SuspectedDrift.Taken taken;
            try (var _ = locks.take(key)) {
                taken = suspected.take(key, lastWritten);
                if (taken.holds()) {
                    done = repair.carryOut(key);
                }
            }
            if (!done.written().isEmpty()) {
                if (!urgent) {
                    pace.repaired(key);
                }
                tell(key, done.written(), taken);
            }
            if (taken.holds()) {
                goOn(key, done, urgent);
            }
        } catch (Conflict raced) {
            if (!urgent) {
                pace.repaired(key);
            }
            check(key, urgent);
        } catch (Refusal refusal) {
            var _ = unrepaired.tell(key, List.of(refusal));
            if (unrepaired.isToBeTriedAgain(key, RepairOutcome.of(List.of(), List.of(refusal)))) {
                check(key, urgent);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause(CanaryKey key, boolean urgent) {
        var again = unrepaired.pause(key);
        var wanted = urgent ? Duration.ZERO : pace.pause(key);
        return again.compareTo(wanted) < 0
                ? wanted
                : urgent && again.compareTo(SOON) > 0 ? SOON : again;
    }

    /**
     * Names the one who writes it too, once for as long as they go on. What nobody was seen to
     * change is a route on its way, say, or follows from what was.
     */
    private void tell(CanaryKey key, List<Ref> written, SuspectedDrift.Taken taken) {
        var changed = written.stream().filter(taken.changed()::contains).toList();
        if (!changed.isEmpty()) {
            log.atWarn()
                    .addKeyValue("canary", key)
                    .addKeyValue("objects", changed)
                    .log("repaired what somebody else changed");
        }
        var others = written.stream().filter(ref -> !changed.contains(ref)).toList();
        if (!others.isEmpty()) {
            log.atInfo()
                    .addKeyValue("canary", key)
                    .addKeyValue("objects", others)
                    .log("made as it has to be");
        }
        for (Ref ref : written) {
            String by = taken.turned().getOrDefault(ref, "");
            if (!by.isEmpty() && context.contested().repaired(ref, by)) {
                log.atError()
                        .addKeyValue("canary", key)
                        .addKeyValue("object", ref)
                        .addKeyValue("by", by)
                        .log(
                                "somebody else keeps changing what leads traffic; let only one"
                                        + " write it");
                repair.managed(key)
                        .ifPresent(
                                canary ->
                                        notice(
                                                DriftEvents.contested(
                                                        canary, ref, by, clock.instant())));
            }
        }
    }

    /** So that whoever looks at the Canary finds it. One that is there already is fine. */
    private void notice(ClusterObject event) {
        try {
            var _ = context.cluster().create(event);
        } catch (Conflict | Refusal untold) {
            log.atDebug()
                    .addKeyValue("event", event.at("/message").asText())
                    .addKeyValue("because", untold.getMessage())
                    .log("the event was not written");
        }
    }

    private CanaryKey key(String namespace, String name) {
        return new CanaryKey(cluster, namespace, name);
    }

    @Override
    public void close() {
        watches.close();
        configs.close();
        threads.shutdownNow();
    }
}
