package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.RolloutEvent.Held;
import dev.serinus.analysis.rollout.RolloutEvent.Outcome;
import dev.serinus.analysis.rollout.RolloutEvent.PausedBy;
import dev.serinus.analysis.rollout.RolloutEvent.Prior;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion.Allowance;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.analysis.rollout.gate.GateLimit;
import dev.serinus.analysis.rollout.gate.Group;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Predecessor;
import dev.serinus.analysis.rollout.gate.Standing;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.judge.Limits;
import dev.serinus.analysis.rollout.judge.MetricCounts;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.HookType.Meaning;
import dev.serinus.schemas.hook.Point;
import dev.serinus.schemas.hook.TestReport;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Random histories of one canary: everything that can happen happens at any moment. A seed gives
 * the same history each time.
 */
final class RolloutHistories {

    private static final Strategy[] STRATEGIES = {
        Specs.LINEAR,
        Specs.strategy(0, 0, List.of(5, 30, 70), 70, 0, 30, false, false),
        Specs.strategy(0, 0, List.of(0.5, 12.25, 60), 60, 0, 33.3, false, false),
        Specs.strategy(2, 0, List.of(), 100, 0, 0, false, true),
        Specs.strategy(2, 0, List.of(), 100, 0, 0, false, false),
        Specs.strategy(2, 0, List.of(), 100, 0, 0, true, false),
        Specs.strategy(0, 50, List.of(), 50, 50, 0, true, false),
        Specs.strategy(0, 0, List.of(40), 40, 0, 25, false, true),
        Specs.strategy(5, 30, List.of(), 60, 60, 0, false, false),
        Specs.strategy(4, 0, List.of(10, 20), 20, 0, 50, true, false),
        Specs.growing(Specs.strategy(3, 0, List.of(), 100, 0, 0, true, false), 30, 40, 70),
        Specs.growing(Specs.strategy(0, 50, List.of(), 50, 50, 0, true, false), 50, 50, 100),
    };

    /** No more than half, or all. */
    private static final Strategy[] BY_REPLICAS = {
        Specs.strategy(0, 20, List.of(), 40, 40, 0, false, false),
        Specs.strategy(0, 0, List.of(5, 30, 50), 50, 0, 0, false, false),
        Specs.strategy(4, 0, List.of(10, 100), 100, 0, 0, false, false),
    };

    /** Nobody answers for any webhook. */
    private static final Set<String> SILENT =
            Set.of(
                    "start",
                    "pre",
                    "load",
                    "load too",
                    "more",
                    "rollback",
                    "end",
                    "end too",
                    "post");

    private static final List<String> IMAGES =
            List.of("b", "c", "bad1", "bad2", "never", "stuck", "a");

    private RolloutHistories() {}

    /** A history of some minutes, as it has come to by now. */
    static SimulatedCluster of(long seed) {
        var chance = new Random(seed);
        var spec = spec(chance);
        var cluster = new SimulatedCluster(spec, seed).unreliable(0.2, 0.1);
        cluster.reports =
                name ->
                        name.length() % 2 == 0
                                ? Optional.of(TestReport.of(0, 1200))
                                : Optional.empty();
        cluster.hooks =
                (name, _) ->
                        name.equals("rollback") ? chance.nextInt(12) == 0 : chance.nextInt(4) != 0;
        cluster.metrics =
                (_, revision) ->
                        revision.startsWith("bad") && chance.nextInt(3) > 0
                                ? Double.valueOf(50.0)
                                : chance.nextInt(12) == 0 ? null : Double.valueOf(99.5);
        cluster.recreates = chance.nextBoolean();
        cluster.goneIsSeenFirst = chance.nextBoolean();
        cluster.neverReady.add("never");
        cluster.neverReady.add("primary-stuck");
        if (chance.nextInt(8) == 0) {
            cluster.neverReady.add("primary-a");
        }
        if (chance.nextInt(5) == 0) {
            cluster.podByPod = Duration.ofSeconds(1 + chance.nextInt(70));
        }
        cluster.stale = 0.3;
        cluster.lingers = Duration.ofSeconds(chance.nextInt(60));
        if (chance.nextInt(6) == 0) {
            cluster.reject(); // the first that is seen of it is a mistake
            for (int i = 0; i < 4; i++) {
                cluster.seeTarget();
                cluster.run(Duration.ofSeconds(chance.nextInt(20)));
                cluster.repeatAnything();
                cluster.ask(Action.PAUSE);
                cluster.run(Duration.ofSeconds(1));
            }
        }
        if (chance.nextInt(6) == 0) {
            cluster.found(
                    prior(chance), chance.nextBoolean() ? "old" : "a", chance.nextInt(4) * 20);
        } else {
            cluster.create();
        }
        cluster.budget(chance.nextInt(4) - 2);
        cluster.run(Duration.ofSeconds(chance.nextInt(60)));
        int disturbances = 6 + chance.nextInt(20);
        for (int i = 0; i < disturbances; i++) {
            disturb(cluster, chance, spec);
            cluster.run(Duration.ofMillis(pause(chance)));
        }
        return cluster;
    }

    /** Mostly moments, sometimes a while, now and then longer than any deadline. */
    private static long pause(Random chance) {
        return switch (chance.nextInt(10)) {
            case 0, 1, 2 -> chance.nextInt(300);
            case 3, 4, 5 -> chance.nextInt(5_000);
            case 9 -> chance.nextInt(200_000);
            default -> chance.nextInt(30_000);
        };
    }

    private static Spec spec(Random chance) {
        var hooks =
                switch (chance.nextInt(3)) {
                    case 0 -> List.<Spec.Hook>of();
                    case 1 ->
                            List.of(
                                    Specs.hook("start", HookType.CONFIRM_ROLLOUT),
                                    Specs.hook("load", HookType.ROLLOUT),
                                    Specs.hook("end", HookType.CONFIRM_PROMOTION),
                                    Specs.hook("post", HookType.POST_ROLLOUT),
                                    Specs.hook("feed", HookType.EVENT));
                    default ->
                            List.of(
                                    Specs.hook("start", HookType.CONFIRM_ROLLOUT),
                                    Specs.hook("pre", HookType.PRE_ROLLOUT),
                                    Specs.hook("load", HookType.ROLLOUT),
                                    Specs.hook("load too", HookType.ROLLOUT),
                                    Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE),
                                    Specs.hook("rollback", HookType.ROLLBACK),
                                    Specs.hook("end", HookType.CONFIRM_PROMOTION),
                                    Specs.hook("end too", HookType.CONFIRM_PROMOTION),
                                    Specs.hook("post", HookType.POST_ROLLOUT));
                };
        var spec =
                Specs.with(
                        STRATEGIES[chance.nextInt(STRATEGIES.length)],
                        1 + chance.nextInt(3),
                        chance.nextInt(6) == 0,
                        false,
                        hooks.toArray(Spec.Hook[]::new));
        var unknown = chance.nextInt(3) == 0 ? OnUnknown.HOLD : OnUnknown.FAIL;
        var provided =
                switch (chance.nextInt(8)) {
                    case 0 -> Specs.of("kubernetes", spec);
                    case 1 ->
                            Specs.byReplicas(
                                    Specs.planned(
                                            spec, BY_REPLICAS[chance.nextInt(BY_REPLICAS.length)]));
                    default -> spec;
                };
        var plain = Specs.onUnknown(provided, unknown);
        var delayed =
                chance.nextInt(4) == 0
                        ? Specs.delayed(plain, Duration.ofSeconds(1 + chance.nextInt(90)))
                        : plain;
        var limited = chance.nextInt(3) == 0 ? Specs.limited(delayed, limits(chance)) : delayed;
        var strategy = limited.strategy();
        boolean shares =
                limited.routes()
                        && !limited.ruled().splitsByReplicas()
                        && strategy.movesWeights()
                        && !strategy.mirror()
                        && !strategy.matched();
        var shared = shares && chance.nextInt(2) == 0 ? Specs.withBaseline(limited, true) : limited;
        var ruled = chance.nextInt(3) == 0 ? ruled(shared, chance) : shared;
        return chance.nextInt(12) == 0 ? Specs.tried(ruled, true) : ruled;
    }

    /** A failed analysis is held, or gates do not stay closed for ever, or both. */
    private static Spec ruled(Spec spec, Random chance) {
        var timeout = Duration.ofSeconds(20 + chance.nextInt(200));
        var holds = chance.nextInt(4) > 0 ? Specs.holding(spec, timeout) : spec;
        holds = Specs.ruled(holds, besides(holds.ruled(), chance));
        holds = spec.ruled().splitsByReplicas() ? Specs.byReplicas(holds) : holds;
        var then = GateLimit.OnTimeout.values();
        return chance.nextBoolean()
                ? holds
                : Specs.withHooks(
                        holds,
                        holds.hooks().stream()
                                .map(
                                        hook ->
                                                hook.type().meaning() instanceof Meaning.Confirms
                                                                && chance.nextInt(3) > 0
                                                        ? Specs.hook(
                                                                hook.name(),
                                                                hook.type(),
                                                                Duration.ofSeconds(
                                                                        1 + chance.nextInt(41)),
                                                                then[chance.nextInt(then.length)])
                                                        : hook)
                                .toList());
    }

    private static RunRules besides(RunRules rules, Random chance) {
        var window =
                new ReturnWindow(
                        chance.nextBoolean() ? null : Integer.valueOf(1 + chance.nextInt(3)),
                        chance.nextBoolean() ? null : Duration.ofMinutes(1 + chance.nextInt(20)));
        return new RunRules(
                rules.holdsFailed(),
                rules.holdTimeout(),
                chance.nextBoolean() ? window : null,
                chance.nextBoolean(),
                chance.nextInt(3) > 0
                        ? null
                        : List.of(
                                new Predecessor(
                                        "us",
                                        null,
                                        "first",
                                        Duration.ofSeconds(chance.nextInt(3) * 45L),
                                        limit(chance),
                                        chance.nextInt(3) > 0
                                                ? null
                                                : new Allowance(chance.nextBoolean(), true))),
                chance.nextInt(3) == 0,
                null,
                chance.nextInt(3) > 0 ? null : group(chance));
    }

    private static Group group(Random chance) {
        var then = GateLimit.OnTimeout.values();
        return new Group(
                "checkout",
                List.of(new Group.Member("us", null, "second")),
                new GateLimit(
                        Duration.ofSeconds(10 + chance.nextInt(400)),
                        then[chance.nextInt(then.length)]));
    }

    private static void second(SimulatedCluster cluster, Random chance) {
        switch (chance.nextInt(6)) {
            case 0 -> cluster.second(GroupState.RUNS);
            case 1, 2 -> cluster.second(GroupState.READY);
            case 3 -> cluster.secondEnds(chance.nextBoolean());
            case 4 -> cluster.secondRests();
            default -> cluster.askForAnswer(Action.APPROVE, "group/checkout");
        }
    }

    private static @Nullable GateLimit limit(Random chance) {
        var then = GateLimit.OnTimeout.values();
        return chance.nextBoolean()
                ? null
                : new GateLimit(
                        Duration.ofSeconds(10 + chance.nextInt(200)),
                        then[chance.nextInt(then.length)]);
    }

    /** What another canary tells of itself, that may have to be promoted first. */
    private static @Nullable Standing first(SimulatedCluster cluster, Random chance) {
        String release = IMAGES.get(chance.nextInt(IMAGES.size()));
        String promoted =
                chance.nextBoolean()
                        ? cluster.targetRevision
                        : IMAGES.get(chance.nextInt(IMAGES.size()));
        var kinds = Standing.Kind.values();
        return chance.nextInt(5) == 0
                ? null
                : new Standing(
                        kinds[chance.nextInt(kinds.length)],
                        release,
                        chance.nextInt(4) == 0 ? null : promoted,
                        chance.nextInt(4) == 0
                                ? null
                                : cluster.now.minusSeconds(chance.nextInt(100)),
                        "Progressing");
    }

    private static Limits limits(Random chance) {
        return new Limits(
                chance.nextBoolean() ? null : Integer.valueOf(chance.nextInt(3)),
                chance.nextBoolean() ? null : Integer.valueOf(1 + chance.nextInt(3)),
                chance.nextBoolean() ? null : Integer.valueOf(chance.nextInt(3)));
    }

    private static Prior prior(Random chance) {
        var phases =
                List.of(
                        Phase.INITIALIZED,
                        Phase.WAITING,
                        Phase.PROGRESSING,
                        Phase.WAITING_PROMOTION,
                        Phase.PROMOTING,
                        Phase.FINALISING,
                        Phase.SUCCEEDED,
                        Phase.FAILED);
        return new Prior(
                phases.get(chance.nextInt(phases.size())),
                Weight.percent(chance.nextInt(4) * 20),
                0,
                chance.nextInt(3),
                "6544dc6d99",
                "7dbb6b5c5d",
                null,
                0,
                0,
                0,
                held(chance),
                chance.nextInt(8) == 0 ? new PausedBy("ada", "") : null,
                chance.nextInt(4) == 0
                        ? List.of(
                                new MetricCounts(
                                        "request-success-rate",
                                        0,
                                        0,
                                        chance.nextInt(4),
                                        0,
                                        new Limits(null, null, null),
                                        null))
                        : List.of());
    }

    private static @Nullable Held held(Random chance) {
        var points = Point.values();
        return switch (chance.nextInt(6)) {
            case 0 -> new Held("a limit was reached", null);
            case 1 ->
                    new Held(
                            "a gate stayed closed",
                            new WaitingGate(points[chance.nextInt(points.length)], "gate"));
            default -> null;
        };
    }

    /**
     * One that may be missing, of a Canary that people may hold, and whose pods may go meanwhile.
     */
    private static void nameAnotherInMidRun(SimulatedCluster cluster, Random chance) {
        cluster.image(IMAGES.get(chance.nextInt(IMAGES.size())));
        cluster.run(Duration.ofSeconds(5 + chance.nextInt(60)));
        if (chance.nextBoolean()) {
            cluster.ask(Action.PAUSE);
            cluster.run(Duration.ofSeconds(chance.nextInt(3)));
        }
        if (chance.nextInt(3) == 0) {
            cluster.primaryServes(false);
        }
        cluster.isOtherRefused = chance.nextBoolean();
        cluster.edit(Specs.ofTarget("podinfo-" + chance.nextInt(3), cluster.spec));
        cluster.run(Duration.ofSeconds(chance.nextInt(120)));
        cluster.formerTargetServes &= chance.nextBoolean();
        cluster.formerPrimaryServes |= chance.nextBoolean();
        cluster.run(Duration.ofSeconds(chance.nextInt(120)));
        cluster.isOtherRefused = false;
    }

    private static void disturb(SimulatedCluster cluster, Random chance, Spec spec) {
        switch (chance.nextInt(53)) {
            case 0, 1, 2, 3 -> cluster.image(IMAGES.get(chance.nextInt(IMAGES.size())));
            case 4 -> cluster.targetServes(false);
            case 5 -> cluster.targetServes(cluster.targetReplicas > 0);
            case 6 -> cluster.primaryServes(false);
            case 7 -> cluster.primaryServes(cluster.primaryExists);
            case 8, 9 ->
                    cluster.edit(Specs.edited(spec, chance.nextBoolean(), 1 + chance.nextInt(4)));
            case 10 -> cluster.edit(Specs.withHooks(spec, List.of()));
            case 11, 12 -> {
                var actions = List.of(Action.values());
                ask(cluster, chance, actions.get(chance.nextInt(actions.size())));
            }
            case 13 -> cluster.ask(Action.PAUSE);
            case 14 -> cluster.ask(Action.RESUME);
            case 29 -> ask(cluster, chance, chance.nextBoolean() ? Action.SKIP : Action.APPROVE);
            case 15 -> {
                cluster.targetPartly = !cluster.targetPartly;
                cluster.seeTarget();
            }
            case 32 -> {
                cluster.primaryPartly = !cluster.primaryPartly;
                cluster.seePrimary();
            }
            case 16 -> {
                cluster.configMissing = !cluster.configMissing;
                cluster.seeTarget();
            }
            // None where nobody tracks them any more.
            case 50 ->
                    cluster.config(
                            chance.nextInt(4) == 0 ? null : "" + chance.nextInt(3),
                            Duration.ofMillis(100L << chance.nextInt(6)));
            case 17 -> cluster.refusal = refusal(chance);
            case 18 -> {
                if (chance.nextInt(3) == 0) {
                    cluster.delete();
                }
            }
            case 19 -> {
                if (chance.nextInt(3) == 0) {
                    cluster.createAgain();
                }
            }
            case 20 -> {
                if (chance.nextInt(3) == 0) {
                    cluster.claimLost(prior(chance));
                }
            }
            case 21 -> cluster.reject();
            case 22, 23, 24 -> cluster.repeatAnything();
            case 25 -> {
                if (chance.nextInt(3) == 0) {
                    cluster.baselineDeleted();
                } else {
                    cluster.baselineServes(chance.nextBoolean());
                }
            }
            case 26 -> cluster.edit(Specs.withBaseline(spec, false));
            case 27 -> cluster.annotate(true, false);
            case 28 -> cluster.annotate(false, true);
            case 33 -> {
                // Gates that stay closed for a while, or people who decide about a failed analysis.
                if (chance.nextInt(4) == 0) {
                    cluster.silent = chance.nextBoolean() ? Set.of("end", "rollback") : SILENT;
                    cluster.run(Duration.ofSeconds(chance.nextInt(240)));
                    cluster.silent = Set.of();
                } else if (chance.nextBoolean()) {
                    cluster.hooks = (_, _) -> false;
                    cluster.run(Duration.ofSeconds(chance.nextInt(90)));
                    cluster.hooks =
                            (name, _) ->
                                    name.equals("rollback")
                                            ? chance.nextInt(12) == 0
                                            : chance.nextInt(4) != 0;
                } else if (HeldFailure.waits(cluster.rollout)) {
                    var ways =
                            List.of(
                                    Action.RESUME,
                                    Action.RETRY,
                                    Action.SKIP,
                                    Action.PROMOTE,
                                    Action.ABORT,
                                    Action.APPROVE,
                                    Action.PAUSE);
                    ask(cluster, chance, ways.get(chance.nextInt(ways.size())));
                }
            }
            case 35 ->
                    cluster.edit(
                            chance.nextBoolean()
                                    ? Specs.planned(spec, Specs.SHORTER)
                                    : withOtherConditions(spec));
            case 34 ->
                    cluster.edit(
                            chance.nextBoolean()
                                    ? Specs.holding(spec, Duration.ofSeconds(60))
                                    : Specs.ruled(spec, RunRules.NONE));
            case 30, 31 -> cluster.edit(Specs.tried(cluster.spec, chance.nextInt(3) > 0));
            case 36 -> cluster.budget(chance.nextInt(3));
            case 48, 49 -> second(cluster, chance);
            case 37, 38 -> cluster.anotherBegins();
            case 39 -> cluster.anotherEnds();
            case 40 -> {
                cluster.primaryShrinks(1 + chance.nextInt(SimulatedCluster.ENOUGH));
                cluster.isFull = chance.nextInt(3) == 0;
            }
            case 41, 42 -> cluster.freeze(freezes(cluster, chance));
            case 43 -> {
                // Long enough for one to hold it, in most places that it comes to.
                cluster.freeze(freeze(cluster, chance, Duration.ZERO));
                cluster.image(IMAGES.get(chance.nextInt(IMAGES.size())));
                cluster.run(Duration.ofSeconds(chance.nextInt(240)));
            }
            case 51, 52 -> {
                switch (chance.nextInt(6)) {
                    case 0 -> cluster.edit(Specs.ofTarget("podinfo-" + chance.nextInt(3), spec));
                    case 1 -> nameAnotherInMidRun(cluster, chance);
                    default -> cluster.formerPrimaryServes = chance.nextInt(4) > 0;
                }
            }
            case 44 -> {
                int drawn = chance.nextInt(4);
                if (drawn % 2 == 0) {
                    cluster.askForAnswer(Action.APPROVE, "freeze/" + drawn / 2);
                } else {
                    cluster.annotateToPass("" + drawn / 2);
                }
            }
            case 45, 46 -> cluster.first(first(cluster, chance));
            case 47 -> cluster.inject(RolloutEvent.StandingAsked::new);
            default -> cluster.unreliable(chance.nextDouble() / 3, chance.nextDouble() / 4);
        }
    }

    /** Conditions are taken out, or come in, where a manifest may have them. */
    private static Spec withOtherConditions(Spec spec) {
        var strategy = spec.strategy();
        boolean may = !spec.baseline() && !strategy.mirror() && !spec.ruled().splitsByReplicas();
        return may ? Specs.planned(spec, Specs.matched(strategy, !strategy.matched())) : spec;
    }

    /** None, one that lasts or is to come, or two that may overlap. */
    private static Freeze[] freezes(SimulatedCluster cluster, Random chance) {
        return Stream.generate(
                        () ->
                                freeze(
                                        cluster,
                                        chance,
                                        Duration.ofSeconds(
                                                chance.nextBoolean() ? 0 : chance.nextInt(200))))
                .limit(chance.nextInt(3))
                .toArray(Freeze[]::new);
    }

    private static Freeze freeze(SimulatedCluster cluster, Random chance, Duration begins) {
        var points =
                Stream.of(Point.values()).filter(_ -> chance.nextInt(3) > 0).toArray(Point[]::new);
        int drawn = chance.nextInt(4);
        var freeze =
                cluster.freezeIn(
                        "" + drawn / 2,
                        begins,
                        Duration.ofSeconds(1 + chance.nextInt(600)),
                        points);
        return drawn % 2 == 0 ? freeze : SimulatedCluster.byAnnotation(freeze);
    }

    /** Mostly by somebody who waits for the answer; of a gate sometimes by its name. */
    private static void ask(SimulatedCluster cluster, Random chance, Action action) {
        int kind = chance.nextInt(8);
        if (kind == 0) {
            cluster.ask(action);
        } else if (kind == 1) {
            long run = Math.max(0, cluster.rollout.run().number() - chance.nextInt(2));
            var ago = Duration.ofMinutes(chance.nextInt(15));
            cluster.askAt(action, run, "late-" + chance.nextInt(10_000), ago);
        } else {
            cluster.askForAnswer(action, chance.nextInt(3) == 0 ? "end" : "");
        }
    }

    private static @Nullable Outcome refusal(Random chance) {
        return switch (chance.nextInt(6)) {
            case 0 -> Outcome.INVALID;
            case 1, 2 -> Outcome.RETRY;
            case 3 -> Outcome.STALE;
            default -> null;
        };
    }
}
