package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Announce;
import dev.serinus.analysis.rollout.Effect.CallHook;
import dev.serinus.analysis.rollout.Effect.Chat;
import dev.serinus.analysis.rollout.Effect.Evidence;
import dev.serinus.analysis.rollout.Effect.Field;
import dev.serinus.analysis.rollout.Effect.Happened;
import dev.serinus.analysis.rollout.Effect.Notice;
import dev.serinus.analysis.rollout.Effect.Severity;
import dev.serinus.analysis.rollout.Effect.Status;
import dev.serinus.analysis.rollout.Effect.Told;
import dev.serinus.analysis.rollout.Rollout.Await;
import dev.serinus.analysis.rollout.Rollout.Counters;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One decision in the making: the state as it changes and the effects in their order. Lives for one
 * call of the machine and is seen by nobody else, so the machine stays a function.
 */
final class Turn {

    /** What Flagger says while a workload rolls; the numbers of pods follow. */
    private static final String ROLLING = "waiting for rollout to finish";

    final Draft draft;
    private final Instant at;
    private final List<Effect> effects = new ArrayList<>();
    private @Nullable Status announced;
    private String actor = "serinus";

    Turn(Rollout before, Instant at) {
        this.at = at;
        this.announced = before.phase() == Phase.NONE ? null : StatusView.of(before);
        this.draft = new Draft(before);
        draft.at = at;
    }

    Transition end() {
        announceStatus();
        return new Transition(now(), effects);
    }

    /** The state as it is by now. */
    Rollout now() {
        return draft.rollout();
    }

    Instant at() {
        return at;
    }

    Spec spec() {
        return Objects.requireNonNull(
                draft.spec, "a canary is decided upon only after its spec was seen");
    }

    /** The target as events name it. */
    String target() {
        return spec().target().name() + "." + draft.canary.namespace();
    }

    /** The primary as events name it. */
    String primary() {
        return spec().target().name() + "-primary." + draft.canary.namespace();
    }

    void actor(String name) {
        actor = name;
    }

    Stage stage() {
        return draft.await.stage();
    }

    /**
     * The status says already what is known: writing it again would tell nobody anything, and would
     * hide from the router that another controller wrote it a moment ago.
     */
    void statusWasFound() {
        announced = StatusView.of(now());
    }

    // ---- waiting

    /**
     * Waits at a stage for something that nobody was asked for, until a due time or without one.
     */
    void await(Stage stage, @Nullable Duration patience, String waitingFor) {
        draft.await =
                new Await(
                        stage,
                        nextStep(),
                        1,
                        -1,
                        patience == null ? null : at.plus(patience),
                        waitingFor);
    }

    /** Asks what the stage asks, as a new step, and waits for the answer. */
    void ask(Stage stage, int hook, String waitingFor) {
        draft.await = new Await(stage, nextStep(), 0, hook, null, waitingFor);
        again();
    }

    void ask(Stage stage) {
        ask(stage, -1, "");
    }

    /** Asks the same once more: the same step, another attempt, so that it is done once at most. */
    void again() {
        Await a = draft.await;
        draft.await =
                new Await(
                        a.stage(),
                        a.step(),
                        a.attempt() + 1,
                        a.hook(),
                        at.plus(Question.patience(now())),
                        a.waitingFor());
        effects.add(Question.of(now()));
    }

    /** Waits at the same step until another due time; without one, until something happens. */
    void waitUntil(@Nullable Instant due) {
        Await a = draft.await;
        draft.await = new Await(a.stage(), a.step(), a.attempt(), a.hook(), due, a.waitingFor());
    }

    private long nextStep() {
        Counters c = draft.counters;
        draft.counters = new Counters(c.step() + 1, c.announced(), c.sequence());
        return c.step() + 1;
    }

    /**
     * An object carries a later step than ours, so our memory is older than the cluster: go past
     * it.
     */
    void skipSteps() {
        Counters c = draft.counters;
        draft.counters = new Counters(c.step() + 1000, c.announced(), c.sequence());
    }

    /** Another object of the same name is another canary: nothing is known of it yet. */
    void anew(String uid) {
        Draft fresh = new Draft(Rollout.of(draft.canary));
        draft.uid = uid;
        draft.generation = fresh.generation;
        draft.spec = fresh.spec;
        draft.deleting = fresh.deleting;
        draft.problems = fresh.problems;
        draft.phase = fresh.phase;
        draft.target = fresh.target;
        draft.primary = fresh.primary;
        draft.run = fresh.run;
        draft.traffic = fresh.traffic;
        draft.baseline = fresh.baseline;
        draft.await = fresh.await;
        draft.counters = fresh.counters;
        draft.paused = fresh.paused;
        draft.lastTold = fresh.lastTold;
        announced = null;
    }

    // ---- telling

    void normal(String message) {
        tell(false, message, draft.phase);
    }

    void warning(String message) {
        tell(true, message, draft.phase);
    }

    /**
     * As {@link #warning}, but only if it is not what was told last: waiting is not news, and how
     * many pods are still missing is not either.
     */
    void warnOnce(String message) {
        if (!waitsFor(message).equals(waitsFor(draft.lastTold))) {
            warning(message);
            draft.lastTold = message;
        }
    }

    private static String waitsFor(String message) {
        int counts = message.indexOf(ROLLING);
        return counts < 0 ? message : message.substring(0, counts);
    }

    /** Tells the cluster, the Canary's event hooks, or else the installation's event webhook. */
    void tell(boolean warning, String message, Phase phase) {
        Told told = new Told(warning, message, at);
        announce(told);
        draft.lastTold = "";
        Spec spec = draft.spec;
        List<Integer> hooks = spec == null ? List.of() : spec.hooks(HookType.EVENT);
        for (int hook : hooks) {
            StepId step = new StepId(draft.uid, draft.run.number(), nextStep(), 1);
            effects.add(
                    new CallHook(
                            step,
                            draft.generation,
                            hook,
                            spec().hooks().get(hook).name(),
                            HookType.EVENT,
                            phase,
                            Question.checksum(now()),
                            told));
        }
        if (hooks.isEmpty()) {
            effects.add(
                    new Notice(
                            draft.generation,
                            draft.counters.announced(),
                            phase,
                            Question.checksum(now()),
                            told));
        }
    }

    void chat(Severity severity, String message, boolean withPlan) {
        List<Field> fields = withPlan ? Alerts.fields(spec(), draft.canary.namespace()) : List.of();
        effects.add(
                new Chat(draft.generation, draft.counters.announced(), severity, message, fields));
    }

    void happened(String type, String message) {
        happened(type, message, List.of());
    }

    void happened(String type, String message, List<Evidence> evidence) {
        Counters c = draft.counters;
        draft.counters = new Counters(c.step(), c.announced(), c.sequence() + 1);
        effects.add(
                new Happened(
                        draft.run.number(),
                        c.sequence() + 1,
                        type,
                        now().shown(),
                        draft.run.revision(),
                        draft.await.step(),
                        draft.traffic.canaryWeight(),
                        draft.traffic.failedChecks(),
                        message,
                        List.copyOf(evidence),
                        actor,
                        at));
    }

    /**
     * Tells of a manifest that breaks the rules: in the condition Accepted and in an event, the
     * phase left alone.
     */
    void announceProblems(String words) {
        tell(true, words, draft.phase);
    }

    private void announceStatus() {
        if (told()
                && !underWay()
                && !now().gone()
                && !StatusView.same(announced, StatusView.of(now()))) {
            announce(null);
        }
    }

    /**
     * A rollback is told when it is done: its steps are moments apart, and Flagger writes one
     * status for all.
     */
    private boolean underWay() {
        return stage() == Stage.ROLLING_BACK || stage() == Stage.ROLLBACK_SCALE;
    }

    private boolean told() {
        return draft.phase != Phase.NONE || !draft.problems.isEmpty();
    }

    private void announce(@Nullable Told told) {
        Counters c = draft.counters;
        Status status = told() ? StatusView.of(now()) : null;
        boolean news = status != null && !underWay() && !StatusView.same(announced, status);
        draft.counters = new Counters(c.step(), c.announced() + 1, c.sequence());
        effects.add(new Announce(c.announced() + 1, at, news ? status : null, told));
        if (news) {
            announced = status;
        }
    }
}
