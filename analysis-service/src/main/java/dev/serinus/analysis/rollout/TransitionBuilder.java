package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Announce;
import dev.serinus.analysis.rollout.Effect.CallHook;
import dev.serinus.analysis.rollout.Effect.Chat;
import dev.serinus.analysis.rollout.Effect.Happened;
import dev.serinus.analysis.rollout.Effect.Notice;
import dev.serinus.analysis.rollout.Effect.Status;
import dev.serinus.analysis.rollout.Effect.Told;
import dev.serinus.analysis.rollout.Rollout.Counters;
import dev.serinus.analysis.rollout.judge.Evidence;
import dev.serinus.analysis.rollout.tell.AlertFields;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.hook.HookType.Meaning.IsTold;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A decision in the making, as a value: the state so far, the effects in their order, and what is
 * to be done next. Each method gives another one.
 *
 * @param announced the status that the cluster is known to show; null while nobody told any
 * @param next what is to be done next; null when all is decided
 */
record TransitionBuilder(
        Rollout now,
        List<Effect> effects,
        Instant at,
        String actor,
        @Nullable Status announced,
        @Nullable Next next) {

    /** What Flagger says while a workload rolls; the numbers of pods follow. */
    private static final String ROLLING = "waiting for rollout to finish";

    static TransitionBuilder of(Rollout before, Instant at) {
        return new TransitionBuilder(
                before.decidedAt(at),
                List.of(),
                at,
                "serinus",
                before.phase() == Phase.NONE && before.problems().isEmpty()
                        ? null
                        : StatusView.shown(before),
                null);
    }

    Transition end() {
        var told = isTold() && !underWay() && !now.gone() ? announcedIfNew() : this;
        return new Transition(
                told.now, DryRun.isOn(told.now) ? DryRun.marked(told.effects) : told.effects);
    }

    private TransitionBuilder announcedIfNew() {
        return StatusView.same(announced, StatusView.of(now), FirstLook.isAhead(now))
                ? this
                : announce(null);
    }

    // ---- the state

    TransitionBuilder with(Rollout other) {
        return new TransitionBuilder(other, effects, at, actor, announced, next);
    }

    TransitionBuilder with(Phase phase) {
        return with(now.with(phase));
    }

    TransitionBuilder with(Traffic traffic) {
        return with(now.with(traffic));
    }

    TransitionBuilder with(Run run) {
        return with(now.with(run));
    }

    TransitionBuilder with(KnownRevisions revisions) {
        return with(now.with(revisions));
    }

    TransitionBuilder with(Stage stage) {
        return with(now.with(stage));
    }

    TransitionBuilder by(String whoActs) {
        return new TransitionBuilder(now, effects, at, whoActs, announced, next);
    }

    /** The parts say what comes next; the machine does it. */
    TransitionBuilder then(@Nullable Next what) {
        return new TransitionBuilder(now, effects, at, actor, announced, what);
    }

    Spec spec() {
        return now.specInForce();
    }

    Stage stage() {
        return now.stage();
    }

    /** The target as events name it. */
    String target() {
        return spec().target().name() + "." + now.canary().namespace();
    }

    /** The primary as events name it. */
    String primary() {
        return spec().target().name() + "-primary." + now.canary().namespace();
    }

    /** The Canary as events name it. */
    String canary() {
        return now.canary().dotted();
    }

    /**
     * The status says already what is known: writing it again would tell nobody anything, and would
     * hide from the router that another controller wrote it a moment ago.
     */
    TransitionBuilder statusWasFound() {
        return new TransitionBuilder(now, effects, at, actor, StatusView.of(now), next);
    }

    // ---- waiting

    /** Waits for something that nobody was asked for, no longer than a while. */
    TransitionBuilder await(Awaited awaited, Duration patience) {
        return awaitUntil(awaited, at.plus(patience));
    }

    TransitionBuilder awaitUntil(Awaited awaited, Instant due) {
        return waiting(awaited, at, due, null, null);
    }

    /** The same, and whoever watches is told only if it lasts for longer than an interval. */
    TransitionBuilder awaitQuietly(Awaited awaited, Instant due) {
        var look = at.plus(spec().interval());
        return waiting(awaited, at, due, look.isBefore(due) ? look : null, null);
    }

    /** Waits on for the same, until another time; it began when it began. */
    TransitionBuilder stay(Awaited awaited, Instant since, Instant due) {
        var furthest =
                now.stage() instanceof Stage.Waiting(var _, var timer) ? timer.furthest() : null;
        return waiting(awaited, since, due, null, furthest);
    }

    private TransitionBuilder waiting(
            Awaited awaited,
            Instant since,
            Instant due,
            @Nullable Instant look,
            @Nullable Integer furthest) {
        var t = stepped();
        var timer = new Wait(t.now.counters().step(), since, due, look, furthest);
        return t.with(new Stage.Waiting(awaited, timer));
    }

    /** Asks as a new step, and waits for the answer. */
    TransitionBuilder ask(Question question) {
        return askDespite(question, null);
    }

    /** The same, with what stood in the way when this was asked before. */
    TransitionBuilder askDespite(Question question, Ask.@Nullable Trouble trouble) {
        var t = stepped();
        var ask = new Ask(t.now.counters().step(), 0, at, at, 0, trouble);
        return t.with(new Stage.Asking(question, ask)).again();
    }

    /** Asks the same once more: the same step, another attempt, so that it is done once at most. */
    TransitionBuilder again() {
        if (!(now.stage() instanceof Stage.Asking(var question, var ask))) {
            return this;
        }
        var due = at.plus(Questions.patience(now, question));
        var other =
                new Ask(
                        ask.step(),
                        ask.attempt() + 1,
                        ask.since(),
                        due,
                        ask.refused(),
                        ask.trouble());
        var t = with(new Stage.Asking(question, other));
        return t.plus(Questions.effect(t.now, question, other, at));
    }

    /** Puts the open question again later, or sooner if something happens. */
    TransitionBuilder againAt(Instant due, Ask.@Nullable Trouble trouble) {
        return now.stage() instanceof Stage.Asking(var question, var ask)
                ? with(new Stage.Asking(question, ask.until(due).with(trouble)))
                : this;
    }

    /** Says what stands in the way of the open question. */
    TransitionBuilder troubled(Ask.Trouble trouble) {
        return now.stage() instanceof Stage.Asking(var question, var ask)
                ? with(new Stage.Asking(question, ask.troubled(trouble)))
                : this;
    }

    private TransitionBuilder stepped() {
        Counters c = now.counters();
        return with(now.with(new Counters(c.step() + 1, c.announced(), c.sequence())));
    }

    // ---- telling

    TransitionBuilder plus(Effect effect) {
        var more = new ArrayList<>(effects);
        more.add(effect);
        return new TransitionBuilder(now, List.copyOf(more), at, actor, announced, next);
    }

    TransitionBuilder normal(String message) {
        return tell(false, message, now.phase());
    }

    TransitionBuilder warning(String message) {
        return tell(true, message, now.phase());
    }

    /**
     * As {@link #warning}, but only if it is not what was told last: waiting is not news, and how
     * many pods are still missing is not either.
     */
    TransitionBuilder warnOnce(String message) {
        if (waitsFor(message).equals(waitsFor(now.lastTold()))) {
            return this;
        }
        var t = warning(message);
        return t.with(t.now.lastTold(message));
    }

    private static String waitsFor(String message) {
        int counts = message.indexOf(ROLLING);
        return counts < 0 ? message : message.substring(0, counts);
    }

    /** Tells the cluster, the Canary's event hooks, or else the installation's event webhook. */
    TransitionBuilder tell(boolean warning, String message, Phase phase) {
        var told = new Told(warning, message, at);
        var t = announce(told);
        t = t.with(t.now.lastTold(""));
        Spec spec = now.spec();
        List<Integer> hooks = spec == null ? List.of() : spec.hooks(new IsTold());
        for (int hook : hooks) {
            t = t.stepped();
            var step = new StepId(t.now.uid(), t.now.run().number(), t.now.counters().step(), 1);
            t =
                    t.plus(
                            new CallHook(
                                    step,
                                    t.now.generation(),
                                    hook,
                                    t.spec().hooks().get(hook).name(),
                                    t.spec().hooks().get(hook).type(),
                                    phase,
                                    Questions.checksum(t.now),
                                    told,
                                    Effect.HookFacts.of(t.now)));
        }
        return hooks.isEmpty()
                ? t.plus(
                        new Notice(
                                t.now.generation(),
                                t.now.counters().announced(),
                                phase,
                                Questions.checksum(t.now),
                                told,
                                t.now.run().number(),
                                Effect.HookFacts.of(t.now)))
                : t;
    }

    TransitionBuilder chat(Severity severity, String message) {
        return plus(
                new Chat(
                        now.generation(),
                        now.counters().announced(),
                        severity,
                        message,
                        List.of()));
    }

    /**
     * Alerts people of something that goes on, once in a run.
     *
     * @param about what goes on: the same text is not told again
     */
    TransitionBuilder alertOnce(String about, String message) {
        return about.equals(now.run().alert())
                ? this
                : with(now.run().alerted(about)).chat(Severity.ERROR, message);
    }

    /** As {@link #chat}, with what is released and how. */
    TransitionBuilder chatWithPlan(Severity severity, String message) {
        var fields =
                AlertFields.of(
                        spec().target().kind() + "/" + target(),
                        spec().threshold(),
                        spec().progressDeadline(),
                        spec().strategy());
        return plus(
                new Chat(now.generation(), now.counters().announced(), severity, message, fields));
    }

    TransitionBuilder happened(String type, String message) {
        return happened(type, message, List.of());
    }

    TransitionBuilder happened(String type, String message, List<Evidence> evidence) {
        return happened(type, message, evidence, null);
    }

    /** What became of an action; null where nobody waits for an answer. */
    TransitionBuilder answered(String type, String message, @Nullable Answer answer) {
        return happened(type, message, List.of(), answer);
    }

    /** The same by somebody who did not send what is decided on now. */
    TransitionBuilder happenedBy(String who, String type, String message) {
        return happened(type, message, List.of(), null, who);
    }

    private TransitionBuilder happened(
            String type, String message, List<Evidence> evidence, @Nullable Answer answer) {
        return happened(type, message, evidence, answer, actor);
    }

    private TransitionBuilder happened(
            String type,
            String message,
            List<Evidence> evidence,
            @Nullable Answer answer,
            String who) {
        Counters c = now.counters();
        var t = with(now.with(new Counters(c.step(), c.announced(), c.sequence() + 1)));
        return t.plus(
                new Happened(
                        now.run().number(),
                        c.sequence() + 1,
                        type,
                        now.shown(),
                        now.run().revision(),
                        now.stage().step().orElse(c.step()),
                        now.traffic().canaryWeight(),
                        now.traffic().split().baseline(),
                        now.traffic().failedChecks(),
                        message,
                        List.copyOf(evidence),
                        who,
                        answer,
                        at,
                        false));
    }

    /**
     * A rollback is told when it is done: its steps are moments apart, and Flagger writes one
     * status for all. One that is held up is told.
     */
    private boolean underWay() {
        return now.stage() instanceof Stage.Asking(var question, var ask)
                && ask.trouble() == null
                && (question instanceof Question.RollBack
                        || question instanceof Question.ScaleDownFailed);
    }

    private boolean isTold() {
        return now.phase() != Phase.NONE || !now.problems().isEmpty();
    }

    private TransitionBuilder announce(@Nullable Told told) {
        Counters c = now.counters();
        Optional<Status> news =
                Optional.of(now)
                        .filter(_ -> isTold() && !underWay())
                        .map(StatusView::of)
                        .filter(
                                status ->
                                        !StatusView.same(
                                                announced, status, FirstLook.isAhead(now)));
        var t = with(now.with(new Counters(c.step(), c.announced() + 1, c.sequence())));
        var announcement = new Announce(c.announced() + 1, at, news.orElse(null), told);
        var u = t.plus(announcement);
        return new TransitionBuilder(u.now, u.effects, at, actor, news.orElse(announced), u.next);
    }
}
