package dev.serinus.analysis.records;

import dev.serinus.analysis.rollout.Cookies;
import dev.serinus.analysis.rollout.FreezeRequest;
import dev.serinus.analysis.rollout.RolloutEvent;
import dev.serinus.analysis.rollout.Spec;
import dev.serinus.analysis.rollout.StepId;
import dev.serinus.analysis.rollout.Workload;
import dev.serinus.analysis.rollout.judge.Measurement;
import dev.serinus.analysis.rollout.judge.Sample;
import dev.serinus.analysis.rollout.judge.Sides;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.CanaryGone;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.CanaryRejected;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.FleetRulesSeen;
import dev.serinus.schemas.events.FreezePassAsked;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.MetricSample;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.TimerFired;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.wire.TestReports;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Avro facts as the machine's events. Producers' own times are evidence and left behind: the time
 * of an event is the stamp it gets when it is taken.
 */
public final class Inputs {

    private Inputs() {}

    /** True for what a service at the canary's cluster tells, of itself or when it is asked. */
    public static boolean isOfCluster(SpecificRecord input) {
        return input instanceof Change
                || input instanceof RouterResult
                || input instanceof MetricResult
                || input instanceof WebhookResult;
    }

    /**
     * The event that a fact is. A record that is no input is an {@link IllegalArgumentException}.
     */
    public static RolloutEvent event(SpecificRecord input, Instant at) {
        return switch (input) {
            case Change change -> change(change, at);
            case MetricResult result ->
                    new RolloutEvent.MetricsAnswered(
                            at,
                            step(result.getStep()),
                            result.getGeneration(),
                            result.getMeasurements().stream().map(Inputs::measurement).toList());
            case WebhookResult result ->
                    new RolloutEvent.HookAnswered(
                            at,
                            step(result.getStep()),
                            result.getHook(),
                            result.getPassed(),
                            result.getBecause(),
                            TestReports.read(result.getReport()),
                            result.getName(),
                            result.getChanged());
            case RouterResult result ->
                    new RolloutEvent.RouterAnswered(
                            at,
                            step(result.getStep()),
                            outcome(result),
                            result.getBecause(),
                            read(result),
                            result.getRevision(),
                            cookies(result.getCookies()),
                            found(result),
                            pause(result));
            case Action action ->
                    new RolloutEvent.ActionAsked(
                            at,
                            action.getActor(),
                            RolloutEvent.Action.valueOf(action.getAction().name()),
                            action.getReason(),
                            action.getRun(),
                            action.getId(),
                            action.getGate(),
                            action.getSequence(),
                            action.getAskedAt());
            case Permit permit -> PermitRecords.answered(permit, at);
            case FleetRulesSeen seen -> new RolloutEvent.RulesSeen(at, PermitRecords.rules(seen));
            case TimerFired timer ->
                    new RolloutEvent.TimerFired(at, timer.getStep(), timer.getDueAt());
            default ->
                    throw new IllegalArgumentException(
                            "analysis takes no " + input.getSchema().getFullName());
        };
    }

    private static @Nullable Duration pause(RouterResult result) {
        Long millis = result.getRetryAfterMillis();
        return millis == null ? null : Duration.ofMillis(Math.max(0, millis));
    }

    private static RolloutEvent.Outcome outcome(RouterResult result) {
        return result.getUnseen() && result.getOutcome() == RouterOutcome.RETRY
                ? RolloutEvent.Outcome.UNSEEN
                : RolloutEvent.Outcome.valueOf(result.getOutcome().name());
    }

    private static RolloutEvent.@Nullable Read read(RouterResult result) {
        return result.getCanaryWeight() < 0
                ? null
                : new RolloutEvent.Read(
                        Weight.recorded(result.getCanaryWeight(), result.getCanaryBasisPoints()),
                        result.getMirrored(),
                        result.getBaselineBasisPoints() == null
                                ? null
                                : new Weight(result.getBaselineBasisPoints()),
                        result.getMirrorBasisPoints() == null
                                ? null
                                : new Weight(result.getMirrorBasisPoints()));
    }

    private static RolloutEvent.@Nullable Mark found(RouterResult result) {
        Long run = result.getFoundRun();
        Long step = result.getFoundStep();
        return run == null || step == null ? null : new RolloutEvent.Mark(run, step);
    }

    private static @Nullable Cookies cookies(dev.serinus.schemas.events.@Nullable Cookies cookies) {
        return cookies == null
                ? null
                : new Cookies(cookies.getSession(), cookies.getPrevious(), cookies.getPrimary());
    }

    /** The spec on the wire as the machine's own. */
    public static Spec spec(RolloutSpec spec) {
        return Specs.of(spec);
    }

    /** The canary that a fact says it is about; empty for timers and rules, which are our own. */
    public static Optional<String> canary(SpecificRecord input) {
        return switch (input) {
            case Change change -> Optional.of(change.getCanary());
            case MetricResult result -> Optional.of(result.getCanary());
            case WebhookResult result -> Optional.of(result.getCanary());
            case RouterResult result -> Optional.of(result.getCanary());
            case Action action -> Optional.of(action.getCanary());
            case Permit permit -> Optional.of(permit.getCanary());
            default -> Optional.empty();
        };
    }

    private static RolloutEvent change(Change change, Instant at) {
        return switch (change.getBody()) {
            case CanaryObserved seen ->
                    new RolloutEvent.CanarySeen(
                            at,
                            change.getUid(),
                            seen.getGeneration(),
                            Specs.of(seen.getSpec()),
                            seen.getDeleting(),
                            seen.getClaimed(),
                            Priors.of(seen.getPrior()),
                            seen.getSkipAnalysisOnce(),
                            seen.getReset(),
                            seen.getLabels(),
                            seen.getHints(),
                            passFreeze(seen.getPassFreeze()));
            case CanaryRejected rejected ->
                    new RolloutEvent.CanaryRejected(
                            at,
                            change.getUid(),
                            rejected.getGeneration(),
                            rejected.getProblems().stream().map(Inputs::problem).toList());
            case CanaryGone gone ->
                    new RolloutEvent.CanaryGone(at, change.getUid(), gone.getLeft());
            case WorkloadObserved seen ->
                    switch (seen.getRole()) {
                        case TARGET ->
                                new RolloutEvent.TargetSeen(at, change.getUid(), workload(seen));
                        case PRIMARY ->
                                new RolloutEvent.PrimarySeen(at, change.getUid(), workload(seen));
                        case BASELINE ->
                                new RolloutEvent.BaselineSeen(at, change.getUid(), workload(seen));
                    };
            default ->
                    throw new IllegalArgumentException(
                            "a change carries no " + change.getBody().getClass().getSimpleName());
        };
    }

    private static @Nullable FreezeRequest passFreeze(@Nullable FreezePassAsked asked) {
        return asked == null
                ? null
                : FreezeRequest.asked(asked.getNames(), asked.getReason(), asked.getManager());
    }

    static StepId step(dev.serinus.schemas.events.StepId step) {
        return new StepId(step.getUid(), step.getRun(), step.getStep(), step.getAttempt());
    }

    private static RolloutEvent.Problem problem(Problem problem) {
        return new RolloutEvent.Problem(problem.getPath(), problem.getMessage());
    }

    private static Measurement measurement(dev.serinus.schemas.events.Measurement measured) {
        return new Measurement(
                measured.getIndex(),
                measured.getMetric(),
                Measurement.Kind.valueOf(measured.getKind().name()),
                Measurement.Outcome.valueOf(measured.getOutcome().name()),
                measured.getValue(),
                measured.getBecause(),
                sides(measured),
                measured.getNotANumber(),
                measured.getProvider().isEmpty() ? null : measured.getProvider());
    }

    private static @Nullable Sides sides(dev.serinus.schemas.events.Measurement measured) {
        return measured.getCanarySamples() == null && measured.getPrimarySamples() == null
                ? null
                : new Sides(
                        samples(measured.getCanarySamples()),
                        samples(measured.getPrimarySamples()),
                        samples(measured.getCanaryRequests()),
                        samples(measured.getPrimaryRequests()),
                        measured.getWholeWindow(),
                        Duration.ofMillis(Math.max(0, measured.getToldLateMillis())),
                        measured.getAsked().isEmpty() ? null : measured.getAsked());
    }

    private static List<Sample> samples(@Nullable List<MetricSample> samples) {
        return samples == null
                ? List.of()
                : samples.stream().map(it -> new Sample(it.getTime(), it.getValue())).toList();
    }

    private static Workload workload(WorkloadObserved seen) {
        return new Workload(
                seen.getExists(),
                seen.getRevision(),
                seen.getConfigs(),
                seen.getMissingConfigs(),
                seen.getDesired(),
                seen.getUpdated(),
                seen.getAvailable(),
                seen.getReady(),
                seen.getStuck(),
                seen.getBecause(),
                seen.getRun(),
                seen.getStep(),
                seen.getRelease().isEmpty() ? null : seen.getRelease(),
                seen.getImages());
    }
}
