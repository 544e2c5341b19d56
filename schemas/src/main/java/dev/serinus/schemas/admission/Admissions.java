package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.isTrue;
import static dev.serinus.schemas.admission.Subject.list;
import static dev.serinus.schemas.admission.Subject.number;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.CanaryWebhook;
import dev.serinus.schemas.canary.DryRun;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.MirrorGrowth;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.FineWeights;
import dev.serinus.schemas.events.HookSpec;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.MetricSpec;
import dev.serinus.schemas.events.MirrorSteps;
import dev.serinus.schemas.events.NotANumber;
import dev.serinus.schemas.events.OnUnknown;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.RolloutSpec;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Judges a Canary by every rule at once. What Flagger runs without harm is admitted; what would
 * send traffic where nobody meant it, or could never end, is refused with all its problems. Pure:
 * the same Canary gives the same answer.
 */
public final class Admissions {
    private static final int DEFAULT_DEADLINE_SECONDS = 600;
    private static final int DEFAULT_THRESHOLD = 5;

    private Admissions() {}

    /**
     * The spec with its defaults and without its secrets, or everything that is wrong with the
     * Canary.
     */
    public static Admission admit(Canary canary, Installation installation) {
        var problems = new ArrayList<>(canary.problems());
        if (canary.getSpec() == null) {
            return new Admission.Refused(
                    problems.isEmpty() ? List.of(new Problem("spec", "is required")) : problems);
        }
        var subject = new Subject(canary, installation);
        var findings = new Findings();
        TargetRules.check(subject, findings);
        ServiceRules.check(subject, findings);
        PlanRules.check(subject, findings);
        MetricRules.check(subject, findings);
        HookRules.check(subject, findings);
        RunRules.check(subject, findings);
        PodRules.check(subject, findings);
        ReplicaRules.check(subject, findings);
        SchedulingRules.check(subject, findings);
        WaveRules.check(subject, findings);
        GroupRules.check(subject, findings);
        findings.found().stream()
                .filter(found -> !follows(found, canary.problems()))
                .forEach(problems::add);
        return problems.isEmpty()
                ? new Admission.Admitted(spec(subject), UnusedFields.of(subject), Hints.of(subject))
                : new Admission.Refused(problems);
    }

    /** Everything that is wrong with a MetricTemplate, whatever its provider makes of it. */
    public static List<Problem> problems(MetricTemplateSpec template) {
        var findings = new Findings();
        TemplateRules.check(template, findings);
        return findings.found();
    }

    /** Whether a finding is about a part that could not be read, and so may be false. */
    private static boolean follows(Problem finding, List<Problem> misread) {
        return misread.stream()
                .map(Problem::getPath)
                .anyMatch(
                        path ->
                                Subject.within(path, finding.getPath())
                                        || Subject.within(finding.getPath(), path));
    }

    private static RolloutSpec spec(Subject subject) {
        var spec = subject.spec();
        var analysis = subject.analysis();
        return RolloutSpec.newBuilder()
                .setProvider(subject.provider())
                .setTargetApiVersion(
                        spec.targetRef().apiVersion() == null ? "" : spec.targetRef().apiVersion())
                .setTargetKind(spec.targetRef().kind())
                .setTargetName(spec.targetRef().name())
                .setService(subject.canary().apex())
                .setProgressDeadlineSeconds(
                        number(spec.progressDeadlineSeconds(), DEFAULT_DEADLINE_SECONDS))
                .setSkipAnalysis(subject.skipsAnalysis())
                .setSuspend(isTrue(spec.suspend()))
                .setRevertOnDeletion(spec.revertOnDeletion())
                .setIntervalMillis(
                        Durations.interval(
                                        analysis.interval(), subject.installation().minInterval())
                                .toMillis())
                .setDelayMillis(
                        Subject.delay(analysis.delay()).map(Duration::toMillis).orElse(null))
                .setThreshold(threshold(subject))
                .setIterations(subject.shiftsWeights() ? 0 : Math.max(0, subject.iterations()))
                .setChecks(
                        subject.shiftsWeights() && subject.iterations() > 0
                                ? subject.iterations()
                                : null)
                .setMaxWeight(maxWeight(subject).wholePercent())
                .setMaxWeightWritten(subject.maxWeight().wholePercent())
                .setStepWeight(stepWeight(subject).wholePercent())
                .setStepWeights(stepWeights(subject).stream().map(Weight::wholePercent).toList())
                .setStepWeightPromotion(subject.stepWeightPromotion().wholePercent())
                .setFineWeights(subject.asksForFineWeights() ? fineWeights(subject) : null)
                .setMirror(isTrue(analysis.mirror()))
                .setMirrorGrowth(mirrorGrowth(subject))
                .setMatched(isMatched(subject))
                .setMetrics(
                        list(analysis.metrics()).stream()
                                .map(metric -> metric(subject, metric))
                                .toList())
                .setWebhooks(list(analysis.webhooks()).stream().map(Admissions::hook).toList())
                .setScore(ComparisonSpecs.score(subject))
                .setBaseline(BaselineRules.isAskedFor(subject))
                .setDryRun(DryRun.isAsked(subject.canary(), subject.installation()))
                .setRules(RunRules.of(subject))
                .build();
    }

    /**
     * Without routes it is Flagger's word for a test that nobody can make; where a route is made
     * without the conditions, everybody is led by it.
     */
    private static boolean isMatched(Subject subject) {
        return subject.mesh().hasRoutes()
                ? subject.routesByConditions()
                : !list(subject.analysis().match()).isEmpty();
    }

    /**
     * Failed checks before a rollback: the first one for 0 and what is below, as in Flagger, whose
     * schema wants a number.
     */
    static int threshold(Subject subject) {
        return Math.max(1, number(subject.analysis().threshold(), DEFAULT_THRESHOLD));
    }

    /** True where a metric without an answer has no verdict. */
    static boolean mayHold(Subject subject, CanaryMetric metric) {
        var analysis = subject.analysis();
        return holds(metric.onNoData(), analysis.onNoData())
                || holds(metric.onProviderError(), analysis.onProviderError());
    }

    private static boolean holds(@Nullable String metric, @Nullable String analysis) {
        return "hold".equals(given(metric) ? metric : analysis);
    }

    /**
     * With stepWeights the last of them, at most 100; else as written, and 100 when that is not
     * above 0.
     */
    private static Weight maxWeight(Subject subject) {
        if (!subject.stepWeight().isAny() && !subject.stepWeights().isEmpty()) {
            return subject.stepWeights().getLast().atMost(Weight.ALL);
        }
        return subject.maxWeight().isAny() ? subject.maxWeight() : Weight.ALL;
    }

    private static Weight stepWeight(Subject subject) {
        return subject.stepWeight().isAny() ? subject.stepWeight() : Weight.NONE;
    }

    private static List<Weight> stepWeights(Subject subject) {
        return subject.stepWeight().isAny() ? List.of() : subject.stepWeights();
    }

    private static FineWeights fineWeights(Subject subject) {
        return FineWeights.newBuilder()
                .setMaxWeight(maxWeight(subject).basisPoints())
                .setMaxWeightWritten(subject.maxWeight().basisPoints())
                .setStepWeight(stepWeight(subject).basisPoints())
                .setStepWeights(stepWeights(subject).stream().map(Weight::basisPoints).toList())
                .setStepWeightPromotion(subject.stepWeightPromotion().basisPoints())
                .build();
    }

    private static @Nullable MirrorSteps mirrorGrowth(Subject subject) {
        return isTrue(subject.analysis().mirror())
                ? MirrorGrowth.of(subject.analysis())
                        .filter(it -> it.step() > 0)
                        .map(it -> new MirrorSteps(it.from(), it.step(), it.most()))
                        .orElse(null)
                : null;
    }

    private static MetricSpec metric(Subject subject, CanaryMetric metric) {
        var range = metric.thresholdRange();
        return MetricSpec.newBuilder()
                .setName(metric.name())
                .setThreshold(metric.threshold())
                .setRange(range != null)
                .setMin(range == null ? null : range.min())
                .setMax(range == null ? null : range.max())
                .setOnNoData(meaning(metric.onNoData(), subject.analysis().onNoData()))
                .setOnProviderError(
                        meaning(metric.onProviderError(), subject.analysis().onProviderError()))
                .setCompare(ComparisonSpecs.of(subject, metric))
                .setLimits(LimitRules.limits(metric))
                .setNan(notANumber(metric.nan()))
                .build();
    }

    /** What the metric says, else what the analysis says, else fail, which is Flagger's way. */
    private static OnUnknown meaning(@Nullable String metric, @Nullable String analysis) {
        var word = given(metric) ? metric : analysis;
        return word == null || word.isEmpty()
                ? OnUnknown.FAIL
                : OnUnknown.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Null where it is no data. */
    private static @Nullable NotANumber notANumber(@Nullable String word) {
        return word == null || word.isEmpty() || word.equals("ignore")
                ? null
                : NotANumber.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static HookSpec hook(CanaryWebhook hook) {
        return HookSpec.newBuilder()
                .setName(hook.name())
                .setType(
                        HookType.valueOf(
                                // Another word has been refused before anything is made of it.
                                dev.serinus.schemas.hook.HookType.of(hook.type())
                                        .orElseThrow()
                                        .name()))
                .setTimeoutMillis(
                        Math.max(
                                1,
                                Durations.webhookTimeout(hook.timeout())
                                        .orElse(Duration.ofSeconds(10))
                                        .toMillis()))
                .setRetries(Math.max(0, number(hook.retries(), 0)))
                .setMuteAlert(isTrue(hook.muteAlert()))
                .setLimit(RunRules.limit(hook))
                .build();
    }
}
