package dev.serinus.analysis.rollout;

import dev.serinus.analysis.permit.Fleet;
import dev.serinus.analysis.permit.FleetEffect;
import dev.serinus.analysis.permit.FleetEvent;
import dev.serinus.analysis.permit.FleetMachine;
import dev.serinus.analysis.rollout.Effect.Announce;
import dev.serinus.analysis.rollout.Effect.AskMetrics;
import dev.serinus.analysis.rollout.Effect.CallHook;
import dev.serinus.analysis.rollout.Effect.Chat;
import dev.serinus.analysis.rollout.Effect.Happened;
import dev.serinus.analysis.rollout.Effect.Route;
import dev.serinus.analysis.rollout.RolloutEvent.BaselineSeen;
import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.MetricsAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.Outcome;
import dev.serinus.analysis.rollout.RolloutEvent.PrimarySeen;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.TargetSeen;
import dev.serinus.analysis.rollout.RolloutEvent.TimerFired;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Standing;
import dev.serinus.analysis.rollout.judge.Measurement;
import dev.serinus.analysis.rollout.judge.Sides;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.Point;
import dev.serinus.schemas.hook.TestReport;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A cluster in virtual time around the machine: workloads that become ready, a route, hooks and
 * metrics that answer. The clock moves only when nothing is in flight. It checks what must always
 * hold at each write.
 */
final class SimulatedCluster {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final CanaryKey CANARY = new CanaryKey("prod", "test", "podinfo");

    /** Of the first Canary; each that is created again has the next. */
    static final String UID = "uid-1";

    private static final int REPLICAS = 2;

    private record Scheduled(Instant at, long order, Function<Instant, RolloutEvent> event) {}

    final List<String> told = new ArrayList<>();
    final List<String> statuses = new ArrayList<>();
    final List<Cookies> cookies = new ArrayList<>();
    final List<Chat> chats = new ArrayList<>();
    final List<Route> routes = new ArrayList<>();
    final List<Happened> history = new ArrayList<>();
    final List<CallHook> calls = new ArrayList<>();
    final List<RolloutEvent> journal = new ArrayList<>();
    final List<Transition> decisions = new ArrayList<>();

    /** What the route really gave the canary when each of them was taken. */
    final List<Weight> weights = new ArrayList<>();

    final List<Effect> said = new ArrayList<>();
    final Set<String> neverReady = new HashSet<>();

    private final PriorityQueue<Scheduled> queue =
            new PriorityQueue<>(
                    Comparator.comparing(Scheduled::at).thenComparingLong(Scheduled::order));
    private final Random chance;
    private String cookie = "";
    private double repeated;
    private double lost;

    /** How often something follows an event that says nothing new. */
    double stale;

    /** How long the object stays after it was let go: others may hold it as well. */
    Duration lingers = Duration.ZERO;

    private long order;

    Instant now = START;
    Rollout rollout = Rollout.of(CANARY);
    Spec spec;
    long generation;

    String targetRevision = "a";
    int targetReplicas = REPLICAS;
    boolean targetServes = true;
    String primaryRevision = "";
    boolean primaryExists;
    boolean primaryServes;

    /** Pods of the template before still answer while those of a new one start. */
    boolean primaryServesStill;

    /** Of the pods that the primary is to have, some are not ready. */
    boolean primaryPartly;

    /** The primary's old pods end before new ones start. */
    boolean recreates;

    /**
     * Pods of a new template begin one after the other, so long each; null where all do at once.
     */
    @Nullable Duration podByPod;

    /** So many pods does a primary have whose pods begin so. */
    static final int ROLLING = 6;

    /** How many of them are of the new template; those before serve as long. */
    private int rolled = ROLLING;

    /** The Canary names a target that has no primary yet; what leads to the one before serves. */
    private boolean isAnotherTarget;

    /** The pods that the Services lead to until the other target's primary serves. */
    boolean formerPrimaryServes;

    boolean formerTargetServes;

    /** The other target is not there, or is none that the router releases. */
    boolean isOtherRefused;

    /** Since another target was named nothing kept traffic from the primary of before. */
    private boolean isLedBack;

    boolean apexAtPrimary;

    /** Annotations of the Canary. */
    boolean skipAnalysis;

    boolean reset;
    private @Nullable FreezeRequest passFreeze;
    boolean claimed;

    /** Of the Canary that is there, or was last. */
    String uid = UID;

    /** Some pods serve, and fewer than the threshold asks for. */
    boolean targetPartly;

    /** Configs that the target's pods cannot start without are not there. */
    boolean configMissing;

    /** Those of the target by name, as they are now; null while nobody tracks them. */
    @Nullable Map<String, String> configs;

    /** Those that its pods began with. */
    @Nullable Map<String, String> podConfigs;

    /** Those that the last promotion copied, and those that the pods had which were analysed. */
    @Nullable Map<String, String> promotedConfigs;

    @Nullable Map<String, String> promotedPodConfigs;

    /** What the router answers instead of doing anything, as long as it is set. */
    @Nullable Outcome refusal;

    /** With that: after which time it is to be asked again, since nothing is wrong. */
    @Nullable Duration pause;

    /** The router does not know what the Canary asks for, and says that it turned nothing. */
    boolean isRouterOlder;

    /** What the router says is wrong besides, when it takes traffic back. */
    String but = "";

    /** The watcher says that the baseline is gone before the router says that it stopped it. */
    boolean goneIsSeenFirst;

    /** The user has a workload by the baseline's name, which the router leaves alone. */
    boolean baselinesNameIsTaken;

    boolean baselineExists;
    boolean baselineServes;

    /** Some of its pods serve, and fewer than the threshold asks for. */
    boolean baselinePartly;

    /** What the route gives the baseline; none while it names no such share. */
    Weight baselineWeight = Weight.NONE;

    /** As many pods carry all traffic. */
    static final int ENOUGH = 10;

    private static final Duration POD_STARTS = Duration.ofSeconds(3);

    /** So many of the primary's pods serve: its autoscaler makes it small when it has little. */
    int primaryPods = ENOUGH;

    /** So many of the target's do. */
    int targetPods = ENOUGH;

    /** So many carried all before a canary began with the pods of a share; null without. */
    @Nullable Integer sizeBefore;

    /** Pods of the primary never begin: the cluster is full. */
    boolean isFull;

    /**
     * A split that the route was given.
     *
     * @param since when it was asked for first
     * @param primaryPods that served then
     * @param targetPods that served then
     * @param ofShare the canary began with the pods of a share
     * @param most pods that the canary may have for its share where they make it; else null
     */
    record Turned(
            Instant at,
            Instant since,
            Route route,
            Weight before,
            int primaryPods,
            int targetPods,
            boolean targetWhole,
            boolean ofShare,
            @Nullable Integer most) {}

    private final Map<Long, Instant> firstAsked = new HashMap<>();

    final List<Turned> turned = new ArrayList<>();

    /** What those know that share budgets; another canary comes and goes there. */
    Fleet fleet = Fleet.NOBODY;

    private List<Claim> budgets = List.of();
    private List<Freeze> freezes = List.of();

    /** That of another cluster which may have to be promoted first. */
    static final String FIRST = "us/test/first";

    private @Nullable Standing first;

    /** That of another cluster which is promoted together with this one. */
    static final String SECOND = "us/test/second";

    private long secondRun = 1;
    private @Nullable Instant secondBegun;
    private @Nullable GroupState secondState;
    private boolean secondRests;

    /** What it told those that wait for it. */
    final List<Standing> standings = new ArrayList<>();

    private long another;
    private boolean anotherRuns;
    private Instant sayAgain = START.plus(Claim.SAID_AGAIN_AFTER);

    private boolean present = true;
    private boolean deletionAsked;
    private Weight weight = Weight.NONE;

    /** The route leads those alone to the canary who match. */
    private boolean matched;

    long lastStep;

    /** The latest run that objects carry a mark of. */
    long lastRun;

    /** Values of each check by name and canary revision. */
    BiFunction<String, String, Double> metrics = (_, _) -> 100.0;

    /** Why the provider of a check does not answer before a Canary begins; empty where it does. */
    Function<String, String> trouble = _ -> "";

    /** What both sides of a check say; null where it is not compared. */
    interface SidesAsked {
        @Nullable Sides of(String check, AskMetrics ask, Instant now);
    }

    SidesAsked sides = (_, _, _) -> null;

    /** Whether a hook passes, by name and how often it was called before. */
    BiFunction<String, Long, Boolean> hooks = (_, _) -> true;

    /** What a hook says of its test; empty where it says nothing. */
    Function<String, Optional<TestReport>> reports = _ -> Optional.empty();

    /** Names of hooks that nobody answers. */
    Set<String> silent = Set.of();

    SimulatedCluster(Spec spec, long seed) {
        this.spec = spec;
        this.chance = new Random(seed);
    }

    SimulatedCluster(Spec spec) {
        this(spec, 0);
    }

    SimulatedCluster unreliable(double repeated, double lost) {
        this.repeated = repeated;
        this.lost = lost;
        return this;
    }

    /** The latest public event of a type. */
    List<Happened> happened(String type) {
        return history.stream().filter(event -> event.type().equals(type)).toList();
    }

    Happened last(String type) {
        return history.stream()
                .filter(event -> event.type().equals(type))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    /** What the route gives the canary, in whole percent. */
    int weight() {
        return weight.wholePercent();
    }

    /** The content of a config changes; null where nobody says it. */
    void config(@Nullable String content) {
        configs = content == null ? null : Map.of("configmap/settings", content);
        seeTarget();
    }

    /** The same, which the watcher shows so much later. */
    void config(@Nullable String content, Duration after) {
        configs = content == null ? null : Map.of("configmap/settings", content);
        String of = uid;
        schedule(after, at -> new TargetSeen(at, of, target()));
    }

    /** Somebody else gives the canary so many percent. */
    void routeShows(int percent) {
        weight = Weight.percent(percent);
    }

    // ---- what happens in the cluster

    void create() {
        seeCanary(false);
        seeTarget();
    }

    /** One whose canary is initialised and rests; what was told and done for that is forgotten. */
    static SimulatedCluster initialized(Spec spec) {
        var cluster = new SimulatedCluster(spec);
        cluster.create();
        cluster.run(Duration.ofMinutes(10));
        cluster.told.clear();
        cluster.statuses.clear();
        cluster.chats.clear();
        cluster.routes.clear();
        cluster.history.clear();
        cluster.calls.clear();
        return cluster;
    }

    /** What an installation finds that was handed over, or that lost its store. */
    void found(RolloutEvent.Prior prior, String primaryRuns, int routed) {
        primaryExists = true;
        primaryServes = true;
        primaryRevision = primaryRuns;
        apexAtPrimary = true;
        weight = Weight.percent(routed);
        targetReplicas = prior.phase().rests() ? 0 : REPLICAS;
        targetServes = targetReplicas > 0;
        generation++;
        long g = generation;
        Spec s = spec;
        schedule(Duration.ZERO, at -> seen(at, uid, g, s, false, claimed, prior));
        seeTarget();
        seePrimary();
    }

    void edit(Spec next) {
        if (!next.target().isSameAs(spec.target())) {
            nameAnother();
        }
        spec = next;
        if (present) {
            seeCanary(deletionAsked);
        }
    }

    /** Another target, whose pods run; as many as ever go to the pods of the one before. */
    private void nameAnother() {
        if (!isAnotherTarget) {
            formerPrimaryServes = primaryServes || primaryServesStill;
            formerTargetServes = targetReplicas > 0 && targetServes;
            // What nobody knows of a route is found out when it is taken over.
            isLedBack =
                    !DryRun.isOn(rollout)
                            && (!weight.isAny()
                                    || rollout.traffic().canaryWeight().isAny()
                                    || rollout.stage().question() instanceof Question.Adopt);
        }
        isAnotherTarget |= primaryExists;
        targetReplicas = REPLICAS;
        targetServes = true;
        primaryExists = false;
        primaryServes = false;
        primaryServesStill = false;
        primaryRevision = "";
        baselineExists = false;
        baselineServes = false;
        baselineWeight = Weight.NONE;
        seeTarget();
        seePrimary();
        seeBaseline();
    }

    void delete() {
        if (present) {
            deletionAsked = true;
            seeCanary(true);
        }
    }

    /** The object goes, restored or not: somebody may have taken the finalizer off. */
    void vanish() {
        vanishIn(Duration.ZERO);
    }

    private void vanishIn(Duration time) {
        if (present) {
            present = false;
            String of = uid;
            schedule(time, at -> new RolloutEvent.CanaryGone(at, of));
        }
    }

    /** Another installation claims it, as the watcher sees. */
    void leave() {
        String of = uid;
        schedule(Duration.ZERO, at -> new RolloutEvent.CanaryGone(at, of, true));
    }

    /** Another Canary of the same name, over whatever is there. */
    void createAgain() {
        vanish();
        present = true;
        deletionAsked = false;
        claimed = false;
        uid = "uid-" + (Integer.parseInt(uid.substring(4)) + 1);
        generation = 0;
        lastStep = 0;
        cookie = "";
        seeCanary(false);
        seeTarget();
        seePrimary();
    }

    /**
     * Somebody else worked on it meanwhile: our claim is gone, and the status says what it left.
     */
    void claimLost(RolloutEvent.@Nullable Prior prior) {
        if (present && !deletionAsked) {
            claimed = false;
            isAnotherTarget = false;
            long g = generation;
            Spec s = spec;
            String of = uid;
            schedule(Duration.ZERO, at -> seen(at, of, g, s, false, false, prior));
        }
    }

    /** A spec that breaks the rules. */
    void reject() {
        if (present) {
            String of = uid;
            var problems = List.of(new RolloutEvent.Problem("spec.service.port", "must be a port"));
            schedule(
                    Duration.ZERO,
                    at -> new RolloutEvent.CanaryRejected(at, of, generation + 1, problems));
        }
    }

    void ask(RolloutEvent.Action action) {
        inject(at -> new RolloutEvent.ActionAsked(at, "ada", action, "", 0));
    }

    /** The same with an id, and so with an answer; it says which. */
    String askForAnswer(RolloutEvent.Action action, String gate) {
        String id = "wish-" + order;
        inject(at -> new RolloutEvent.ActionAsked(at, "ada", action, "why", 0, id, gate, 0, at));
        return id;
    }

    /** The same for one run, taken so long after it was asked for. */
    void askAt(RolloutEvent.Action action, long run, String id, Duration ago) {
        inject(
                at ->
                        new RolloutEvent.ActionAsked(
                                at, "ada", action, "why", run, id, "", 0, at.minus(ago)));
    }

    /** What became of an action; nothing while it was not answered. */
    Optional<Happened> answer(String id) {
        return history.stream()
                .filter(one -> one.answer() != null && one.answer().id().equals(id))
                .findFirst();
    }

    /**
     * Something that was said before is said again, whenever it is. Not that an earlier object is
     * there: what is seen of a canary comes in order.
     */
    void repeatAnything() {
        if (!journal.isEmpty()) {
            var old = journal.get(chance.nextInt(journal.size()));
            boolean present =
                    switch (old) {
                        case RolloutEvent.CanarySeen seen -> seen.uid().equals(uid);
                        case RolloutEvent.CanaryRejected seen -> seen.uid().equals(uid);
                        default -> true;
                    };
            if (present) {
                inject(at -> at(old, at));
            }
        }
    }

    /**
     * Of a kind that is drawn, what was said last, or the answer to a question that nobody asked.
     */
    private RolloutEvent stale() {
        var step = new StepId(uid, rollout.run().number(), 0, 1);
        var kinds =
                List.<RolloutEvent>of(
                        seen(now, uid, generation, spec, deletionAsked, claimed, null),
                        new RolloutEvent.CanaryRejected(now, "uid-0", 0, rollout.problems()),
                        new RolloutEvent.CanaryGone(now, "uid-0"),
                        new TargetSeen(now, uid, target()),
                        new PrimarySeen(now, uid, primary()),
                        new BaselineSeen(now, uid, baseline()),
                        new RouterAnswered(now, step, Outcome.RETRY, "late", null, "", null, null),
                        new MetricsAnswered(now, step, generation, List.of()),
                        new HookAnswered(now, step, 0, true, ""),
                        new RolloutEvent.ActionAsked(
                                now, "ada", RolloutEvent.Action.PROMOTE, "", 1_000_000),
                        new RolloutEvent.RulesSeen(now, rollout.rules()),
                        new RolloutEvent.PermitAnswered(now, uid, 0, true, 0, ""),
                        new RolloutEvent.GroupAnswered(
                                now, uid, 0, RolloutEvent.GroupOutcome.FAILED, "another", null),
                        // It is told each time, and changes nothing else.
                        new RolloutEvent.StandingAsked(now),
                        new TimerFired(now, 0, now));
        var drawn = kinds.get(chance.nextInt(kinds.size()));
        boolean is = drawn instanceof RolloutEvent.CanaryRejected;
        boolean known =
                drawn instanceof RolloutEvent.CanarySeen
                        && (rollout.spec() == null || rollout.gone() || !present);
        // That another object was refused, or that one is there of which only mistakes were seen,
        // is news.
        return is || known
                ? new RolloutEvent.CanaryRejected(now, rollout.uid(), 0, rollout.problems())
                : drawn;
    }

    private static RolloutEvent at(RolloutEvent event, Instant at) {
        return switch (event) {
            case RolloutEvent.CanarySeen e ->
                    new RolloutEvent.CanarySeen(
                            at,
                            e.uid(),
                            e.generation(),
                            e.spec(),
                            e.deleting(),
                            e.claimed(),
                            e.prior(),
                            e.skipAnalysis(),
                            e.reset(),
                            e.labels(),
                            e.hints(),
                            e.passFreeze());
            case RolloutEvent.CanaryRejected e ->
                    new RolloutEvent.CanaryRejected(at, e.uid(), e.generation(), e.problems());
            case RolloutEvent.CanaryGone e -> new RolloutEvent.CanaryGone(at, e.uid());
            case TargetSeen e -> new TargetSeen(at, e.uid(), e.workload());
            case PrimarySeen e -> new PrimarySeen(at, e.uid(), e.workload());
            case BaselineSeen e -> new BaselineSeen(at, e.uid(), e.workload());
            case RouterAnswered e ->
                    new RouterAnswered(
                            at,
                            e.step(),
                            e.outcome(),
                            e.because(),
                            e.read(),
                            e.revision(),
                            e.cookies(),
                            e.found(),
                            e.pause());
            case MetricsAnswered e ->
                    new MetricsAnswered(at, e.step(), e.generation(), e.measurements());
            case RolloutEvent.RulesSeen e -> new RolloutEvent.RulesSeen(at, e.rules());
            case RolloutEvent.PermitAnswered e ->
                    new RolloutEvent.PermitAnswered(
                            at,
                            e.uid(),
                            e.step(),
                            e.granted(),
                            e.place(),
                            e.because(),
                            e.behind(),
                            e.until());
            case RolloutEvent.StandingAsked _ -> new RolloutEvent.StandingAsked(at);
            case RolloutEvent.GroupAnswered e ->
                    new RolloutEvent.GroupAnswered(
                            at, e.uid(), e.step(), e.outcome(), e.because(), e.until());
            case HookAnswered e ->
                    new HookAnswered(
                            at,
                            e.step(),
                            e.hook(),
                            e.passed(),
                            e.because(),
                            e.report(),
                            e.name(),
                            e.changed());
            case RolloutEvent.ActionAsked e ->
                    new RolloutEvent.ActionAsked(
                            at,
                            e.actor(),
                            e.action(),
                            e.reason(),
                            e.run(),
                            e.id(),
                            e.gate(),
                            e.sequence(),
                            e.askedAt());
            case TimerFired e -> new TimerFired(at, e.step(), e.dueAt());
        };
    }

    private RolloutEvent.CanarySeen seen(
            Instant at,
            String of,
            long g,
            Spec s,
            boolean deleting,
            boolean isClaimed,
            RolloutEvent.@Nullable Prior prior) {
        return new RolloutEvent.CanarySeen(
                at,
                of,
                g,
                s,
                deleting,
                isClaimed,
                prior,
                skipAnalysis,
                reset,
                null,
                List.of(),
                passFreeze);
    }

    /** Somebody annotates the Canary. */
    void annotate(boolean toSkip, boolean toReset) {
        skipAnalysis |= toSkip;
        reset |= toReset;
        seeAnnotations();
    }

    /** Somebody asks by an annotation to let a run pass these. */
    void annotateToPass(String... freezes) {
        passFreeze = FreezeRequest.asked(List.of(freezes), "the till is down", "kubectl-annotate");
        seeAnnotations();
    }

    private void seeAnnotations() {
        long g = generation;
        Spec s = spec;
        boolean deleting = deletionAsked;
        boolean isClaimed = claimed;
        String of = uid;
        schedule(
                Duration.ofMillis(20),
                at ->
                        of.equals(uid) && present
                                ? seen(at, of, g, s, deleting, isClaimed, null)
                                : new RolloutEvent.CanaryGone(at, of));
    }

    private void takeOff(List<String> annotations) {
        skipAnalysis &= !annotations.contains(Requests.SKIP_ANALYSIS);
        reset &= !annotations.contains(Requests.RESET);
        passFreeze = annotations.contains(FreezeRequest.ANNOTATION) ? null : passFreeze;
        seeAnnotations();
    }

    private void seeCanary(boolean deleting) {
        generation++;
        long g = generation;
        Spec s = spec;
        schedule(Duration.ZERO, at -> seen(at, uid, g, s, deleting, claimed, null));
    }

    void image(String revision) {
        targetRevision = revision;
        podConfigs = configs;
        targetServes = targetReplicas > 0 && !neverReady.contains(revision);
        seeTarget();
    }

    void targetServes(boolean serves) {
        targetServes = serves;
        seeTarget();
    }

    void baselineServes(boolean serves) {
        baselineServes = serves && baselineExists;
        seeBaseline();
    }

    /** Somebody deletes the baseline's pods. */
    void baselineDeleted() {
        baselineExists = false;
        baselineServes = false;
        seeBaseline();
    }

    void primaryServes(boolean serves) {
        primaryServes = serves;
        primaryServesStill = false;
        seePrimary();
    }

    /** Somebody gives the primary another template, with which it serves. */
    void primaryRuns(String revision) {
        primaryRevision = revision;
        primaryServes(true);
    }

    void seeTarget() {
        Workload seen = target();
        String of = uid;
        schedule(Duration.ofMillis(100), at -> new TargetSeen(at, of, seen));
    }

    /** With so many of its pods. */
    private void seeTarget(int pods) {
        var all = target();
        var seen =
                new Workload(
                        all.exists(),
                        all.revision(),
                        all.configs(),
                        all.missingConfigs(),
                        all.desired(),
                        pods,
                        Math.min(pods, all.available()),
                        false,
                        false,
                        "pods begin",
                        lastRun,
                        lastStep);
        String of = uid;
        schedule(Duration.ofMillis(100), at -> new TargetSeen(at, of, seen));
    }

    void seePrimary() {
        Workload seen = primary();
        String of = uid;
        schedule(Duration.ofMillis(100), at -> new PrimarySeen(at, of, seen));
    }

    private void seeBaseline() {
        Workload seen = baseline();
        String of = uid;
        schedule(Duration.ofMillis(100), at -> new BaselineSeen(at, of, seen));
    }

    Workload baseline() {
        return workload(
                baselineExists,
                baselineExists ? primaryRevision : "",
                baselineExists ? REPLICAS : 0,
                baselineServes && !baselinePartly,
                baselineServes,
                List.of(),
                null);
    }

    Workload target() {
        var all =
                workload(
                        true,
                        targetRevision,
                        targetReplicas,
                        targetServes && !targetPartly,
                        targetServes,
                        configMissing ? List.of("configmap/settings") : List.of(),
                        configs);
        return podsAreSaid ? all : all.withUpdated(0);
    }

    Workload primary() {
        return rolled < ROLLING && primaryExists && !primaryServes ? rolling() : whole();
    }

    private Workload rolling() {
        return new Workload(
                true,
                primaryRevision,
                null,
                List.of(),
                ROLLING,
                rolled,
                primaryServesStill ? ROLLING : rolled,
                false,
                false,
                "waiting for rollout to finish: %d out of %d new replicas have been updated"
                        .formatted(rolled, ROLLING),
                0,
                0,
                primaryRevision);
    }

    private Workload whole() {
        return workload(
                primaryExists,
                primaryRevision,
                REPLICAS,
                primaryServes && !primaryPartly,
                primaryServes || primaryServesStill,
                List.of(),
                null);
    }

    private static Workload workload(
            boolean exists,
            String revision,
            int desired,
            boolean complete,
            boolean serves,
            List<String> missing,
            @Nullable Map<String, String> configs) {
        boolean ready = desired == 0 || complete;
        return new Workload(
                exists,
                revision,
                configs,
                missing,
                desired,
                desired,
                serves ? desired : 0,
                ready,
                false,
                ready
                        ? ""
                        : "waiting for rollout to finish: 0 of 2 (readyThreshold 100%) updated"
                                + " replicas are available",
                0,
                0,
                revision.isEmpty() ? null : revision);
    }

    void inject(Function<Instant, RolloutEvent> event) {
        schedule(Duration.ZERO, event);
    }

    private void schedule(Duration in, Function<Instant, RolloutEvent> event) {
        queue.add(new Scheduled(now.plus(in), order++, event));
    }

    // ---- running

    /** Lets everything happen that happens within this time. */
    SimulatedCluster run(Duration time) {
        Instant end = now.plus(time);
        while (true) {
            Instant due = rollout.due().orElse(Instant.MAX);
            Scheduled head = queue.peek();
            if (sayAgain.isBefore(due) && (head == null || sayAgain.isBefore(head.at()))) {
                if (sayAgain.isAfter(end)) {
                    now = end;
                    return this;
                }
                sayAgain();
                continue;
            }
            boolean timer = head == null || due.isBefore(head.at());
            Instant next = timer ? due : head.at();
            if (next.isAfter(end)) {
                now = end;
                return this;
            }
            if (next.isAfter(now)) {
                now = next;
            }
            if (timer) {
                long step = rollout.timerStep();
                take(new TimerFired(now, step, due));
            } else {
                take(queue.remove().event().apply(now));
            }
        }
    }

    private void take(RolloutEvent event) {
        decide(event);
        // A baseline is started in a moment: what can come in between has to come often to be met.
        int times = rollout.stage().question() instanceof Question.StartBaseline ? 4 : 1;
        for (int i = 0; i < times; i++) {
            if (chance.nextDouble() < stale) {
                decide(stale());
            }
        }
    }

    private void decide(RolloutEvent event) {
        if (journal.size() > 20_000) {
            throw new IllegalStateException("the rollout never comes to rest: " + rollout.stage());
        }
        journal.add(event);
        Transition transition = RolloutMachine.next(rollout, event);
        decisions.add(transition);
        weights.add(weight);
        rollout = transition.state();
        checkLedBack();
        transition.effects().forEach(this::carryOut);
    }

    /** Nobody is left at the canary of another target before while something else goes on. */
    private void checkLedBack() {
        isLedBack &= formerPrimaryServes && refusal == null && !isRouterOlder;
        boolean isInitialized =
                isAnotherTarget
                        && isLedBack
                        && rollout.phase() == Phase.INITIALIZING
                        && rollout.stage().part() == Part.INITIALIZATION
                        && !(rollout.stage().question() instanceof Question.Retreat);
        if (isInitialized && spec.routes() && weight.isAny()) {
            throw new AssertionError(
                    "%s stay at the canary of the target before: %s".formatted(weight, rollout));
        }
    }

    /** How often an answer arrives: it may be lost, and it may come twice. */
    private int deliveries() {
        return chance.nextDouble() < lost ? 0 : chance.nextDouble() < repeated ? 2 : 1;
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Route route -> {
                routes.add(route);
                firstAsked.putIfAbsent(route.step().step(), now);
                int times = deliveries();
                for (int i = 0; i < times; i++) {
                    schedule(Duration.ofMillis(50 + chance.nextInt(100)), at -> routed(at, route));
                }
            }
            case AskMetrics ask -> {
                for (int i = 0; i < deliveries(); i++) {
                    schedule(
                            Duration.ofMillis(80),
                            at -> new MetricsAnswered(at, ask.step(), generation, measure(ask)));
                }
            }
            case CallHook call -> {
                calls.add(call);
                boolean answers = call.type().answers() && !silent.contains(call.name());
                int times = answers ? deliveries() : 0;
                long before = calls.stream().filter(c -> c.name().equals(call.name())).count() - 1;
                for (int i = 0; i < times; i++) {
                    boolean passes = hooks.apply(call.name(), before);
                    schedule(Duration.ofMillis(60), at -> hookAnswered(at, call, passes));
                }
            }
            case Announce announce -> {
                if (announce.status() != null) {
                    var s = announce.status();
                    String line =
                            "%s %s %d %d"
                                    .formatted(
                                            s.phase().text(),
                                            s.canaryWeight(),
                                            s.failedChecks(),
                                            s.iterations());
                    if (statuses.isEmpty() || !statuses.getLast().equals(line)) {
                        statuses.add(line);
                    }
                    if (cookies.isEmpty() || !cookies.getLast().equals(s.cookies())) {
                        cookies.add(s.cookies());
                    }
                }
                if (announce.told() != null) {
                    told.add((announce.told().warning() ? "W " : "N ") + announce.told().message());
                }
            }
            case Chat chat -> chats.add(chat);
            case Happened happened -> history.add(happened);
            case Effect.Notice _ -> {}
            case Effect.TellStanding tell -> standings.add(tell.standing());
            case Effect.AskPermit _,
                    Effect.ReturnPermit _,
                    Effect.JoinGroup _,
                    Effect.LeaveGroup _ -> {
                said.add(effect);
                share(said(effect));
            }
        }
    }

    /** Of the manifest as the cluster has it, which may have been edited since. */
    private HookAnswered hookAnswered(Instant at, CallHook call, boolean passes) {
        boolean there =
                spec.hooks().stream()
                        .anyMatch(it -> it.name().equals(call.name()) && it.type() == call.type());
        return new HookAnswered(
                at,
                call.step(),
                call.hook(),
                there && passes,
                !there ? "the manifest changed" : passes ? "" : "no",
                there ? reports.apply(call.name()).orElse(null) : null,
                call.name(),
                !there);
    }

    /** What the shell does for each that has a place. */
    private void sayAgain() {
        now = sayAgain.isAfter(now) ? sayAgain : now;
        sayAgain = now.plus(Claim.SAID_AGAIN_AFTER);
        rollout.saidAgain().forEach(effect -> share(said(effect)));
        if (anotherRuns) {
            shareAnother();
        }
        if (secondState != null) {
            second(secondState);
        }
    }

    private FleetEvent said(Effect effect) {
        String canary = CANARY.toString();
        return switch (effect) {
            case Effect.AskPermit ask ->
                    new FleetEvent.Asked(
                            now,
                            canary,
                            ask.uid(),
                            ask.step(),
                            ask.claims(),
                            after(ask),
                            ask.running());
            case Effect.ReturnPermit back ->
                    new FleetEvent.Returned(now, canary, back.uid(), back.step());
            case Effect.JoinGroup join ->
                    new FleetEvent.JoinedGroup(
                            now,
                            canary,
                            join.uid(),
                            join.step(),
                            join.group(),
                            join.others(),
                            join.state(),
                            join.begun(),
                            join.earlier());
            case Effect.LeaveGroup left ->
                    new FleetEvent.LeftGroup(now, canary, left.uid(), left.step(), left.failed());
            default -> throw new IllegalArgumentException("nobody else is told: " + effect);
        };
    }

    /** The other one of a group says how far it is. */
    void second(GroupState state) {
        secondBegun = secondBegun == null ? now : secondBegun;
        secondState = state;
        secondRests = false;
        share(
                new FleetEvent.JoinedGroup(
                        now,
                        SECOND,
                        "uid-second",
                        secondRun,
                        "checkout",
                        List.of(CANARY.toString()),
                        state,
                        secondBegun));
    }

    /** The run of the other one has ended. */
    void secondEnds(boolean failed) {
        secondState = null;
        share(new FleetEvent.LeftGroup(now, SECOND, "uid-second", secondRun++, failed));
        secondBegun = null;
    }

    /** The other one of a group tells, from now on when it is asked, that it has nothing new. */
    void secondRests() {
        secondRests = true;
        share(
                new FleetEvent.StandingTold(
                        now,
                        SECOND,
                        "uid-second",
                        new Standing(Standing.Kind.RESTS, "", null, null, "")));
    }

    private static List<AwaitedPromotion> after(Effect.AskPermit ask) {
        return ask.after() == null ? List.of() : ask.after();
    }

    /** What is known of the canary of another cluster that may have to be promoted first. */
    void first(@Nullable Standing standing) {
        first = standing;
        tellOfFirst();
    }

    /** It was promoted with this just now. */
    void firstPromoted(String release) {
        first(new Standing(Standing.Kind.RESTS, release, release, now, "Succeeded"));
    }

    private void tellOfFirst() {
        if (first != null) {
            share(new FleetEvent.StandingTold(now, FIRST, "uid-first", first));
        }
    }

    /** What is said to a scope arrives there, and what it answers comes back, once each. */
    private void share(FleetEvent event) {
        var next = FleetMachine.next(fleet, event);
        fleet = next.state();
        next.effects().stream()
                .filter(effect -> effect.canary().equals(CANARY.toString()))
                .forEach(effect -> schedule(Duration.ofMillis(30), at -> answer(at, effect)));
        if (next.effects().contains(new FleetEffect.AskStanding(FIRST))) {
            tellOfFirst();
        }
        if (secondRests && next.effects().contains(new FleetEffect.AskStanding(SECOND))) {
            secondRests();
        }
    }

    private static RolloutEvent answer(Instant at, FleetEffect effect) {
        return switch (effect) {
            case FleetEffect.Granted it ->
                    new RolloutEvent.PermitAnswered(at, it.uid(), it.step(), true, 0, "");
            case FleetEffect.Placed it ->
                    new RolloutEvent.PermitAnswered(
                            at,
                            it.uid(),
                            it.step(),
                            false,
                            it.place(),
                            it.because(),
                            it.behind(),
                            it.until());
            case FleetEffect.AskStanding _ -> new RolloutEvent.StandingAsked(at);
            case FleetEffect.GroupWaits it ->
                    new RolloutEvent.GroupAnswered(
                            at,
                            it.uid(),
                            it.step(),
                            RolloutEvent.GroupOutcome.WAITS,
                            it.because(),
                            it.until());
            case FleetEffect.GroupOpened it ->
                    new RolloutEvent.GroupAnswered(
                            at, it.uid(), it.step(), RolloutEvent.GroupOutcome.OPEN, "", null);
            case FleetEffect.GroupFailed it ->
                    new RolloutEvent.GroupAnswered(
                            at,
                            it.uid(),
                            it.step(),
                            RolloutEvent.GroupOutcome.FAILED,
                            it.because(),
                            null);
        };
    }

    /** The installation says so many at a time; none below 1. */
    void budget(int most) {
        budgets = most < 1 ? List.of() : List.of(new Claim("shop", "shop", most));
        rule();
    }

    /** The installation has these freezes, and no others. */
    void freeze(Freeze... all) {
        freezes = List.of(all);
        rule();
    }

    /** One that has begun and lasts for so long. */
    Freeze freezeFor(String name, Duration lasts, Point... holds) {
        return freezeIn(name, Duration.ZERO, lasts, holds);
    }

    /** One that begins later. */
    Freeze freezeIn(String name, Duration begins, Duration lasts, Point... holds) {
        var from = now.plus(begins);
        var until = from.plus(lasts);
        return new Freeze(name, "", from, until, until.toString(), List.of(holds));
    }

    /** The same, which an annotation lets a run pass, too. */
    static Freeze byAnnotation(Freeze freeze) {
        return new Freeze(
                freeze.name(),
                freeze.reason(),
                freeze.from(),
                freeze.until(),
                freeze.ends(),
                freeze.holds(),
                true);
    }

    private void rule() {
        var rules = new FleetRules(budgets, freezes);
        inject(at -> new RolloutEvent.RulesSeen(at, rules));
    }

    /** Another canary asks for its place. */
    void anotherBegins() {
        another++;
        anotherRuns = true;
        shareAnother();
    }

    private void shareAnother() {
        share(
                new FleetEvent.Asked(
                        now,
                        "prod/test/another",
                        "uid-another",
                        another,
                        List.of(new Claim("shop", "shop", 1)),
                        false));
    }

    /** The other one has ended. */
    void anotherEnds() {
        anotherRuns = false;
        share(new FleetEvent.Returned(now, "prod/test/another", "uid-another", another));
    }

    private List<Measurement> measure(AskMetrics ask) {
        List<Measurement> all = new ArrayList<>();
        for (int i = 0; i < spec.checks().size(); i++) {
            String name = spec.checks().get(i).name();
            String because = ask.availabilityOnly() ? trouble.apply(name) : "no values found";
            Double value =
                    !ask.availabilityOnly()
                            ? metrics.apply(name, targetRevision)
                            : because.isEmpty() ? Double.valueOf(1) : null;
            all.add(
                    value == null
                            ? new Measurement(
                                    i,
                                    name,
                                    Measurement.Kind.BUILTIN,
                                    Measurement.Outcome.NO_DATA,
                                    null,
                                    because,
                                    sides.of(name, ask, now))
                            : new Measurement(
                                    i,
                                    name,
                                    Measurement.Kind.BUILTIN,
                                    Measurement.Outcome.VALUE,
                                    value,
                                    "",
                                    sides.of(name, ask, now)));
        }
        return all;
    }

    private RolloutEvent routed(Instant at, Route route) {
        boolean existed = baselineExists;
        var answer = carriedOut(at, route);
        if (!goneIsSeenFirst || !existed || baselineExists) {
            return answer;
        }
        schedule(Duration.ofMillis(200), later -> at(answer, later));
        return new BaselineSeen(at, uid, baseline());
    }

    /**
     * As the router does: the canary is left by whom no condition tells from everybody any more.
     */
    private void leaveWithoutConditions() {
        if (matched && weight.isAny() && !spec.strategy().matched() && primaryServes) {
            weight = Weight.NONE;
        }
    }

    private RolloutEvent carriedOut(Instant at, Route route) {
        leaveWithoutConditions();
        if (!route.step().uid().equals(uid)) {
            return new RouterAnswered(
                    at, route.step(), Outcome.STALE, "another object", null, "", null, null);
        }
        Outcome refused = refusal;
        if (refused != null) {
            return new RouterAnswered(
                    at, route.step(), refused, "the router cannot", null, "", null, null, pause);
        }
        if (route.takeOff() != null) {
            takeOff(route.takeOff());
        }
        if (route.step().run() < lastRun) {
            return new RouterAnswered(
                    at,
                    route.step(),
                    Outcome.STALE,
                    "stale",
                    null,
                    "",
                    null,
                    new RolloutEvent.Mark(lastRun, 1));
        }
        if (isForWhoMatches(route) && spec.routes() && !spec.strategy().matched()) {
            return new RouterAnswered(
                    at, route.step(), Outcome.INVALID, "no conditions", null, "", null, null);
        }
        if (route.step().step() < lastStep) {
            return new RouterAnswered(
                    at,
                    route.step(),
                    Outcome.STALE,
                    "stale",
                    null,
                    "",
                    null,
                    new RolloutEvent.Mark(route.step().run(), lastStep));
        }
        lastStep = route.step().step();
        String revision = "";
        switch (route.action()) {
            case INITIALIZE -> {
                if (isOtherRefused) {
                    return new RouterAnswered(
                            at,
                            route.step(),
                            Outcome.RETRY,
                            "no such target",
                            null,
                            "",
                            null,
                            null);
                }
                claim();
                if (isAnotherTarget
                        && formerPrimaryServes
                        && !route.split().canaryWeight().isAny()) {
                    weight = Weight.NONE;
                }
                if (!primaryExists) {
                    primaryExists = true;
                    copyToPrimary();
                }
                revision = primaryRevision;
            }
            case TAKE_OVER -> {
                if (isAnotherTarget && !primaryServes && !primaryServesStill) {
                    return new RouterAnswered(
                            at, route.step(), Outcome.RETRY, "no primary", null, "", null, null);
                }
                isAnotherTarget = false;
                weight = route.split().canaryWeight();
                matched = route.split().matched();
                baselineWeight = Weight.NONE;
                apexAtPrimary = true;
                scale(route.targetRunning());
            }
            case SCALE -> {
                if (route.baselineRunning() && baselinesNameIsTaken) {
                    return new RouterAnswered(
                            at, route.step(), Outcome.INVALID, "taken", null, "", null, null);
                }
                if (!route.baselineRunning()) {
                    stopBaseline();
                }
                size(route);
                scale(route.targetRunning());
                if (route.baselineRunning()) {
                    startBaseline();
                }
            }
            case SHIFT -> {
                if (isAnotherTarget && !primaryExists && route.split().canaryWeight().isAny()) {
                    return new RouterAnswered(
                            at, route.step(), Outcome.RETRY, "no primary", null, "", null, null);
                }
                if (route.split().baseline() != null && !baselineServes) {
                    startBaseline();
                    return new RouterAnswered(
                            at, route.step(), Outcome.RETRY, "no baseline", null, "", null, null);
                }
                if (isAnotherTarget
                        && spec.routes()
                        && !formerPrimaryServes
                        && formerTargetServes) {
                    weight = Weight.ALL; // who is to serve does not, and the canary does
                    baselineWeight = Weight.NONE;
                    break;
                }
                if (!spec.routes() || isRouterOlder) {
                    weight = Weight.NONE; // nothing is turned: the apex leads to the primary
                    baselineWeight = Weight.NONE;
                    break;
                }
                var waits = podsMissing(route);
                if (waits.isPresent()) {
                    return new RouterAnswered(
                            at,
                            route.step(),
                            Outcome.RETRY,
                            waits.get(),
                            null,
                            "",
                            null,
                            null,
                            Duration.ofSeconds(2));
                }
                turned.add(
                        new Turned(
                                at,
                                since(route),
                                route,
                                weight,
                                primaryPods,
                                targetPods,
                                isTargetWhole(),
                                sizeBefore != null,
                                shares(route.split().canaryWeight())
                                        ? Integer.valueOf(needed(route.split().canaryWeight()))
                                        : null));
                weight = route.split().canaryWeight();
                matched = route.split().matched();
                if (shares(weight)) {
                    targetPods = Math.min(targetPods, needed(weight));
                }
                baselineWeight =
                        route.split().baseline() == null ? Weight.NONE : route.split().baseline();
            }
            case PROMOTE -> {
                if (!route.revision().equals(targetRevision) || isOther(route.configs())) {
                    return new RouterAnswered(
                            at, route.step(), Outcome.CHANGED, "changed", null, "", null, null);
                }
                if (shares(weight)) {
                    if (targetPods < ENOUGH) {
                        starts(() -> targetPods = ENOUGH);
                        return new RouterAnswered(
                                at,
                                route.step(),
                                Outcome.RETRY,
                                "pods of the canary are on their way",
                                null,
                                "",
                                null,
                                null,
                                Duration.ofSeconds(2));
                    }
                    weight = Weight.ALL;
                }
                promotedConfigs = configs;
                promotedPodConfigs = podConfigs;
                noteUnread(at);
                if (!primaryRevision.equals(targetRevision)) {
                    copyToPrimary();
                }
                revision = primaryRevision;
            }
            case RESTORE -> {
                scale(true);
                weight = Weight.NONE;
                stopBaseline();
                vanishIn(lingers);
            }
        }
        return new RouterAnswered(
                at,
                route.step(),
                Outcome.DONE,
                route.action() == Effect.RouteAction.SHIFT && !weight.isAny() ? but : "",
                new RolloutEvent.Read(
                        weight, route.split().mirrored(), baselineWeight, route.split().copies()),
                revision,
                cookies(route),
                null);
    }

    private static boolean isForWhoMatches(Route route) {
        boolean writes =
                switch (route.action()) {
                    case TAKE_OVER, SHIFT -> true;
                    case INITIALIZE, SCALE, PROMOTE, RESTORE -> false;
                };
        return writes && route.split().matched() && route.split().canaryWeight().isAny();
    }

    /** When this was asked for first: another attempt is the same step. */
    private Instant since(Route route) {
        return firstAsked.getOrDefault(route.step().step(), now);
    }

    private boolean isTargetWhole() {
        return targetReplicas > 0 && targetServes && !targetPartly;
    }

    private int needed(@Nullable Weight share) {
        if (share == null || !Weight.ALL.isAbove(share)) {
            return ENOUGH;
        }
        int whole = shares(share) ? share.rest().basisPoints() : 10_000;
        return Math.clamp(Math.ceilDiv(ENOUGH * share.basisPoints(), whole), 1, ENOUGH);
    }

    /** One Service selects the pods of both sides at this weight. */
    private boolean shares(Weight at) {
        return spec.ruled().splitsByReplicas()
                && spec.routes()
                && at.isAny()
                && Weight.ALL.isAbove(at);
    }

    /** As the router does: what is there is made no smaller, and what carried all is noted. */
    private void size(Route route) {
        var share = route.pods() == null ? null : route.pods().share();
        boolean begins = route.targetRunning() && targetReplicas == 0;
        if (begins || !route.targetRunning()) {
            targetPods = needed(share);
            sizeBefore = null;
        }
        if (share != null && !weight.isAny()) {
            sizeBefore = primaryPods;
        }
    }

    /** As the router does: the side that gets more is given its pods, and may be waited for. */
    private Optional<String> podsMissing(Route route) {
        boolean first = route.pods() != null && route.pods().first();
        var said = route.pods() == null ? null : route.pods().share();
        boolean isSmall = said == null && sizeBefore != null;
        var to = route.split().canaryWeight();
        if (to.isAbove(weight) && (said != null || isSmall) && targetPods < needed(said)) {
            int wanted = needed(said);
            starts(() -> targetPods = Math.max(targetPods, wanted));
            return first || (isSmall && (primaryServes || primaryServesStill))
                    ? Optional.of("pods of the canary are on their way")
                    : Optional.empty();
        }
        if (shares(to) && !weight.isAny() && targetPods > needed(to)) {
            int most = needed(to);
            starts(() -> targetPods = Math.min(targetPods, most));
            return Optional.of("pods of the canary that are too many are on their way out");
        }
        int wanted = returning();
        if (weight.isAbove(to) && primaryPods * 100 < wanted * 80) {
            if (!isFull) {
                starts(() -> primaryPods = Math.max(primaryPods, wanted));
            }
            return first && isTargetWhole()
                    ? Optional.of("pods of the primary are on their way")
                    : Optional.empty();
        }
        return Optional.empty();
    }

    /** How many pods the primary is to have for all traffic, as the router tells it. */
    private int returning() {
        if (sizeBefore == null || !weight.isAny()) {
            return targetPods;
        }
        int whole = (targetPods - 1) * 10_000 / weight.basisPoints() + 1;
        return Math.max(targetPods, Math.min(sizeBefore, whole));
    }

    private void starts(Runnable pods) {
        schedule(
                POD_STARTS,
                at -> {
                    pods.run();
                    return new TargetSeen(at, uid, target());
                });
    }

    /** Its autoscaler makes the primary small. */
    void primaryShrinks(int pods) {
        primaryPods = pods;
    }

    /** Claim and finalizer are on the Canary from here on, which the watcher sees. */
    private void claim() {
        if (!claimed && present && !deletionAsked) {
            claimed = true;
            long g = generation;
            Spec s = spec;
            String of = uid;
            schedule(
                    Duration.ofMillis(20),
                    at ->
                            of.equals(uid)
                                    ? seen(at, of, g, s, false, true, null)
                                    : new RolloutEvent.CanaryGone(at, of));
        }
    }

    /** As a router answers that keeps clients where they are. */
    private @Nullable Cookies cookies(Route route) {
        return switch (route.action()) {
            case TAKE_OVER, SHIFT -> {
                String before = cookie;
                cookie = weight.isAny() ? "stick=" + route.step().run() : "";
                yield weight.isAny()
                        ? new Cookies(cookie, "", "stay=1")
                        : new Cookies("", before, "");
            }
            case INITIALIZE, SCALE, PROMOTE, RESTORE -> null;
        };
    }

    /** Promotions of configs that no pod had read which was analysed, though one was asked for. */
    final List<String> unread = new ArrayList<>();

    private void noteUnread(Instant at) {
        boolean analysed =
                !rollout.skipsAnalysis()
                        && !rollout.run().stays()
                        // A first primary gets what the target shows, and nobody analyses it.
                        && rollout.stage().part() != Part.INITIALIZATION;
        if (analysed && Revisions.otherConfigs(podConfigs, configs)) {
            unread.add("%s at %s in %s".formatted(configs, at, rollout));
        }
    }

    /** As the router does: others are there than the run was about. */
    private boolean isOther(@Nullable Map<String, String> analysed) {
        return analysed != null && configs != null && !analysed.equals(configs);
    }

    private void copyToPrimary() {
        primaryRevision = targetRevision;
        primaryServesStill = !recreates && (primaryServes || primaryServesStill);
        primaryServes = false;
        rolled = podByPod == null ? ROLLING : 0;
        seePrimary();
        boolean begins = !neverReady.contains("primary-" + primaryRevision);
        if (begins && podByPod != null) {
            roll(podByPod);
        } else if (begins) {
            String copied = primaryRevision;
            schedule(
                    Duration.ofSeconds(3),
                    at -> {
                        primaryServes = primaryRevision.equals(copied) || primaryServes;
                        primaryServesStill &= !primaryServes;
                        return new PrimarySeen(at, uid, primary());
                    });
        }
    }

    private void roll(Duration each) {
        String copied = primaryRevision;
        for (int pods = 1; pods <= ROLLING; pods++) {
            int now = pods;
            schedule(
                    each.multipliedBy(pods),
                    at -> {
                        if (primaryRevision.equals(copied)) {
                            rolled = Math.max(rolled, now);
                            primaryServes |= rolled == ROLLING;
                            primaryServesStill &= !primaryServes;
                        }
                        return new PrimarySeen(at, uid, primary());
                    });
        }
    }

    /** True while the object is there, being deleted or not. */
    boolean isPresent() {
        return present;
    }

    boolean isDeleting() {
        return deletionAsked;
    }

    /** Its share goes first. */
    private void stopBaseline() {
        baselineWeight = Weight.NONE;
        if (baselineExists) {
            baselineDeleted();
        }
    }

    private void startBaseline() {
        if (baselineExists) {
            return;
        }
        baselineExists = true;
        seeBaseline();
        if (!neverReady.contains("baseline")) {
            schedule(
                    Duration.ofSeconds(2),
                    at -> {
                        baselineServes = baselineExists;
                        return new BaselineSeen(at, uid, baseline());
                    });
        }
    }

    /** Somebody starts the target's pods again at once. */
    boolean podsAreKept;

    /** Somebody starts the target again once, when all its pods have gone, before anybody looks. */
    boolean othersBegin;

    /** The target's controller has said which pods there are: a moment after they were wanted. */
    private boolean podsAreSaid = true;

    private void scale(boolean running) {
        if (podsAreKept && !running) {
            return;
        }
        if (othersBegin && !running) {
            othersBegin = false;
            targetServes = false;
            podConfigs = configs;
            seeTarget(0);
            schedule(
                    Duration.ofSeconds(2),
                    at -> {
                        targetServes = true;
                        return new TargetSeen(at, uid, target());
                    });
            return;
        }
        int wanted = running ? REPLICAS : 0;
        if (wanted == targetReplicas) {
            return;
        }
        targetReplicas = wanted;
        targetServes = false;
        podConfigs = configs;
        podsAreSaid = !running;
        seeTarget();
        if (running) {
            schedule(
                    Duration.ofSeconds(1),
                    at -> {
                        podsAreSaid = true;
                        return new TargetSeen(at, uid, target());
                    });
        }
        if (running && !neverReady.contains(targetRevision)) {
            schedule(
                    Duration.ofSeconds(2),
                    at -> {
                        targetServes = targetReplicas > 0 && !neverReady.contains(targetRevision);
                        return new TargetSeen(at, uid, target());
                    });
        }
    }
}
