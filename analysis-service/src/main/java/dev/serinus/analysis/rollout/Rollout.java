package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that is known of one canary. Data only: what it waits for is its {@link Stage}, and the only
 * clock it has is the time of its last decision.
 *
 * @param baseline the third workload of a run; null while nothing was seen of it
 * @param pause set while people pause it
 * @param lastTold the warning that was told last, if nothing else was told since; empty otherwise
 * @param answered ids of the actions that were answered last, the latest at the end
 * @param governed what binds it to the rest of the fleet; null where nothing does
 * @param at null before the first decision
 */
public record Rollout(
        CanaryKey canary,
        Manifest manifest,
        @Nullable Workload target,
        @Nullable Workload primary,
        @Nullable Workload baseline,
        Phase phase,
        Run run,
        Traffic traffic,
        KnownRevisions revisions,
        Stage stage,
        Counters counters,
        @Nullable Pause pause,
        Cookies cookies,
        String lastTold,
        List<String> answered,
        @Nullable Governed governed,
        @Nullable Instant at) {

    /** As many ids of actions are remembered: more than people ask for while one is repeated. */
    private static final int REMEMBERED = 32;

    public Rollout {
        answered = List.copyOf(answered);
    }

    /** A canary nothing is known of. */
    public static Rollout of(CanaryKey canary) {
        return new Rollout(
                canary,
                Manifest.NONE,
                null,
                null,
                null,
                Phase.NONE,
                Run.NONE,
                Traffic.NONE,
                KnownRevisions.NONE,
                new Stage.Unknown(),
                Counters.ZERO,
                null,
                Cookies.NONE,
                "",
                List.of(),
                null,
                null);
    }

    /** Numbers that only grow: steps, announcements and events of the current run. */
    public record Counters(long step, long announced, long sequence) {
        static final Counters ZERO = new Counters(0, 0, 0);
    }

    /** Somebody paused it. */
    public record Pause(String by, String reason, Instant since) {}

    // ---- what follows from it

    public String uid() {
        return manifest.uid();
    }

    public long generation() {
        return manifest.generation();
    }

    /** The spec in force; null before any was seen. */
    public @Nullable Spec spec() {
        return manifest.spec();
    }

    public List<RolloutEvent.Problem> problems() {
        return manifest.problems();
    }

    /**
     * The same without what is noted of it for later alone. A fingerprint of a decision outlives a
     * release, and the one before noted nothing of the kind.
     */
    public Rollout decided() {
        Released released = revisions.released();
        var noted = with(manifest.decided()).unmeasured();
        var measured = noted.run();
        var unjudged =
                measured.judged() == null && measured.takenBack() == null
                        ? noted
                        : noted.with(measured.judged(null).takenBack(null));
        return released == null || released.known() == null
                ? unjudged
                : unjudged.with(
                        revisions.releasing(new Released(released.release(), released.at(), null)));
    }

    /** The same without how far pods have come, by which a later progress is told. */
    private Rollout unmeasured() {
        var readiness = run.readiness();
        var counted = readiness.furthest() == null ? this : with(run.with(readiness.unseen()));
        return stage instanceof Stage.Waiting(var awaited, var timer) && timer.furthest() != null
                ? counted.with(new Stage.Waiting(awaited, timer.reaching(null)))
                : counted;
    }

    /** The spec in force of a canary of which one was seen. */
    Spec specInForce() {
        return Objects.requireNonNull(
                manifest.spec(), "a canary is decided upon only after its spec was seen");
    }

    /** When a wait, or patience with an answer, is over; empty while it rests or people hold it. */
    public Optional<Instant> deadline() {
        if (held()) {
            return Optional.empty();
        }
        return stage instanceof Stage.Waiting(var _, var timer) ? Optional.of(timer.due()) : due();
    }

    /** When it next needs a timer; empty while it rests. */
    public Optional<Instant> due() {
        return stage.due();
    }

    /** Names the timer that it needs. */
    public long timerStep() {
        return stage.step().orElse(0L);
    }

    /** True while suspended or paused: it does not advance. All else goes on. */
    public boolean held() {
        return !manifest.deleting() && (pause != null || isSuspended());
    }

    boolean isSuspended() {
        return manifest.spec() != null && manifest.spec().suspend();
    }

    /**
     * The phase that everybody is told: Failed also for an initialisation that was not done in
     * time, of which nothing was moved, and for a rollback that only has pods left to take away.
     */
    public Phase shown() {
        boolean failed = phase == Phase.INITIALIZING && initializationFailed();
        return failed || isRolledBack() ? Phase.FAILED : phase;
    }

    private boolean isRolledBack() {
        return stage instanceof Stage.Asking(Question.ScaleDownFailed _, var ask)
                && ask.trouble() != null;
    }

    private boolean initializationFailed() {
        return switch (stage) {
            case Stage.InitializationFailed _ -> true;
            case Stage.Asking(var _, var ask) -> ask.trouble() != null && ask.trouble().alarmed();
            case Stage.Unknown _,
                    Stage.Waiting _,
                    Stage.Resting _,
                    Stage.Terminated _,
                    Stage.Gone _ ->
                    false;
        };
    }

    /** True once the object is gone, or another installation's. */
    public boolean gone() {
        return stage instanceof Stage.Gone;
    }

    /**
     * True where it was left to others and may come back as the same object: no number of an event
     * that was told may be used twice then. The state of all others that are gone can be dropped.
     */
    public boolean mayReturn() {
        return stage instanceof Stage.Gone(var left)
                && Boolean.TRUE.equals(left)
                && counters.sequence() > 0;
    }

    /** The primary has the new template: it is the one to get the traffic, as soon as it serves. */
    boolean promoting() {
        return phase == Phase.PROMOTING || phase == Phase.FINALISING;
    }

    /** What it waits for, for people; empty while it rests or goes its way. */
    public String waitingFor() {
        return WaitingFor.of(this);
    }

    /** What it says from time to time to those that it shares budgets or a group with. */
    public List<Effect> saidAgain() {
        return Stream.concat(
                        Permits.saidAgain(this).stream(), GroupPermits.saidAgain(this).stream())
                .toList();
    }

    /** True where nothing goes on before something is heard from the cluster. */
    public boolean waitsForCluster() {
        return WaitingOn.isItsCluster(this);
    }

    /** What the installation asks of it, as it was told last. */
    public FleetRules rules() {
        return Permits.rules(this);
    }

    /** On whom or what it waits. */
    public WaitingOn waitingOn() {
        return WaitingOn.of(this);
    }

    /** The canary's share that the router was asked for and that was not read back yet. */
    public Optional<Weight> wantedWeight() {
        return stage.question() instanceof Question.OfRouter asked
                ? Optional.of(Questions.split(this, asked).canaryWeight())
                        .filter(wanted -> !wanted.equals(traffic.canaryWeight()))
                : Optional.empty();
    }

    /** Images of what its run is about, as long as the target shows it. */
    public List<String> images() {
        return target == null
                        || target.images() == null
                        || !target.revision().equals(run.revision())
                ? List.of()
                : target.images();
    }

    /** Images of what was promoted last, as long as the primary shows it. */
    public List<String> primaryImages() {
        return primary == null
                        || primary.images() == null
                        || !primary.revision().equals(revisions.promoted())
                ? List.of()
                : primary.images();
    }

    /** For what of other rollouts it waits. */
    public FleetWait fleetWait() {
        return FleetWait.of(this);
    }

    /** True while it has its places in the budgets that cover it. */
    public boolean hasPlace() {
        return Permits.hasPlace(this);
    }

    /** What people can ask for now without being refused. */
    public List<RolloutEvent.Action> possible() {
        return Permitted.actions(this);
    }

    // ---- the same with something else: each goes through the constructor, so that none forgets a
    // field

    Rollout with(Manifest other) {
        return new Rollout(
                canary, other, target, primary, baseline, phase, run, traffic, revisions, stage,
                counters, pause, cookies, lastTold, answered, governed, at);
    }

    /** The same as if this spec had been seen, for what would have been. */
    public Rollout asIf(Spec other) {
        return with(manifest.withSpec(other));
    }

    /** What people ask for by annotations; nothing where there are none. */
    Requests requests() {
        var asked = manifest.requests();
        return asked == null ? Requests.NONE : asked;
    }

    /**
     * True where as many checks have failed as the manifest lets fail: an edit may have lowered the
     * threshold, and Flagger takes it back in the tick after the one that failed.
     */
    boolean isBeyondThreshold() {
        int failures = traffic.failedChecks();
        return failures > 0 && failures >= specInForce().threshold();
    }

    /** True where this run is promoted without analysis. */
    boolean skipsAnalysis() {
        return specInForce().skipAnalysis() || requests().asksToSkip() || returns();
    }

    /** True where it returns to what was promoted before, and the manifest trusts that. */
    boolean returns() {
        return run.returnsTo() != null && specInForce().ruled().returns() != null;
    }

    /** What was asked of this run alone is done, whatever became of it. */
    Rollout requestsOfRunDone() {
        return manifest.requests() == null
                ? this
                : with(manifest.with(manifest.requests().ofRunDone()));
    }

    Rollout passFreezeDone() {
        return manifest.requests() == null
                ? this
                : with(manifest.with(manifest.requests().passFreezeDone()));
    }

    Rollout resetDone() {
        return manifest.requests() == null
                ? this
                : with(manifest.with(manifest.requests().resetDone()));
    }

    Rollout withTarget(Workload other) {
        return new Rollout(
                canary, manifest, other, primary, baseline, phase, run, traffic, revisions, stage,
                counters, pause, cookies, lastTold, answered, governed, at);
    }

    Rollout withPrimary(Workload other) {
        return new Rollout(
                canary, manifest, target, other, baseline, phase, run, traffic, revisions, stage,
                counters, pause, cookies, lastTold, answered, governed, at);
    }

    /** Nothing was seen of a primary, nor of a baseline. */
    Rollout withoutPrimary() {
        return new Rollout(
                canary, manifest, target, null, null, phase, run, traffic, revisions, stage,
                counters, pause, cookies, lastTold, answered, governed, at);
    }

    /** With what is known of the baseline; null where nothing is. */
    Rollout withBaseline(@Nullable Workload other) {
        return new Rollout(
                canary, manifest, target, primary, other, phase, run, traffic, revisions, stage,
                counters, pause, cookies, lastTold, answered, governed, at);
    }

    Rollout with(Phase other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, other, run, traffic, revisions, stage,
                counters, pause, cookies, lastTold, answered, governed, at);
    }

    Rollout with(Run other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, other, traffic, revisions,
                stage, counters, pause, cookies, lastTold, answered, governed, at);
    }

    Rollout with(Traffic other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, run, other, revisions, stage,
                counters, pause, cookies, lastTold, answered, governed, at);
    }

    Rollout with(KnownRevisions other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, run, traffic, other, stage,
                counters, pause, cookies, lastTold, answered, governed, at);
    }

    Rollout with(Stage other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, run, traffic, revisions, other,
                counters, pause, cookies, lastTold, answered, governed, at);
    }

    Rollout with(Counters other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, run, traffic, revisions, stage,
                other, pause, cookies, lastTold, answered, governed, at);
    }

    Rollout withPause(@Nullable Pause other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, run, traffic, revisions, stage,
                counters, other, cookies, lastTold, answered, governed, at);
    }

    Rollout with(Cookies other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, run, traffic, revisions, stage,
                counters, pause, other, lastTold, answered, governed, at);
    }

    Rollout with(@Nullable Governed other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, run, traffic, revisions, stage,
                counters, pause, cookies, lastTold, answered, other, at);
    }

    Rollout lastTold(String other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, run, traffic, revisions, stage,
                counters, pause, cookies, other, answered, governed, at);
    }

    Rollout decidedAt(Instant other) {
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, run, traffic, revisions, stage,
                counters, pause, cookies, lastTold, answered, governed, other);
    }

    /** The same with these ids of actions alone, as far as they are remembered. */
    Rollout answered(List<String> ids) {
        var latest = ids.subList(Math.max(0, ids.size() - REMEMBERED), ids.size());
        return new Rollout(
                canary, manifest, target, primary, baseline, phase, run, traffic, revisions, stage,
                counters, pause, cookies, lastTold, latest, governed, at);
    }

    /** The same, which has answered this action. */
    Rollout answering(String id) {
        return answered(Stream.concat(answered.stream(), Stream.of(id)).toList());
    }
}
