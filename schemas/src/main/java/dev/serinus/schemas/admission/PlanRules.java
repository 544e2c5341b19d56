package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.isTrue;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryAnalysis;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.canary.MirrorGrowth;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rules for the way from the first step to promotion: a plan that cannot end, or jumps, is refused.
 */
final class PlanRules {
    /** Half a percent at a time to all traffic. */
    private static final int MOST_STEPS = 200;

    /** Who waits longer for the first step wants a gate. */
    private static final Duration MOST_DELAY = Duration.ofHours(24);

    private static final String STEP_MIRROR = "spec.analysis.stepMirrorWeight";
    private static final String MAX_MIRROR = "spec.analysis.maxMirrorWeight";
    private static final String NESTED = "spec.analysis.canaryAnalysis.";

    private PlanRules() {}

    static void check(Subject subject, Findings findings) {
        if (!subject.skipsAnalysis()) {
            steps(subject, findings);
            mirror(subject, findings);
        }
        MatchRules.check(subject, findings);
        delay(subject, findings);
        var analysis = subject.analysis();
        percent(analysis.primaryReadyThreshold(), "spec.analysis.primaryReadyThreshold", findings);
        percent(analysis.canaryReadyThreshold(), "spec.analysis.canaryReadyThreshold", findings);
        var affinity = analysis.sessionAffinity();
        findings.when(
                affinity != null
                        && given(affinity.cookieName())
                        && affinity.cookieName().equals(affinity.primaryCookieName()),
                "spec.analysis.sessionAffinity.primaryCookieName",
                "must differ from cookieName, or the two sides could not be told apart");
        findings.when(
                affinity != null
                        && subject.mesh().hasRoutes()
                        && !subject.mesh().can(Ability.SESSION_AFFINITY),
                "spec.analysis.sessionAffinity",
                "provider "
                        + subject.provider()
                        + " cannot keep clients on the side that they met: leave it out, or use "
                        + servedThat(Ability.SESSION_AFFINITY));
    }

    private static void delay(Subject subject, Findings findings) {
        String written = subject.analysis().delay();
        if (written == null || written.isEmpty()) {
            return;
        }
        findings.when(
                Durations.parse(written)
                        .filter(it -> !it.isNegative() && it.compareTo(MOST_DELAY) <= 0)
                        .isEmpty(),
                "spec.analysis.delay",
                "must be a time such as 30s or 5m, no longer than 24h, was " + written);
    }

    private static void steps(Subject subject, Findings findings) {
        var analysis = subject.analysis();
        findings.when(
                subject.stepWeight().isAny() && !subject.stepWeights().isEmpty(),
                "spec.analysis",
                "must have only one of stepWeight and stepWeights");
        if (subject.mesh().hasRoutes()) {
            promotion(subject, findings);
        }
        if (!subject.shiftsWeights()) {
            findings.note(ManifestLimits.checks(subject.iterations()), "spec.analysis.iterations");
            return;
        }
        var unread =
                List.of("iterations", "stepWeight", "stepWeights").stream()
                        .anyMatch(way -> subject.misread("spec.analysis." + way));
        // What is too fine is told as that: rounded it may be nothing.
        findings.when(
                !unread
                        && isExact(analysis.stepWeight())
                        && subject.iterations() <= 0
                        && !subject.stepWeight().isAny()
                        && subject.stepWeights().isEmpty(),
                analysis.iterations() == null
                        ? "spec.analysis.stepWeight"
                        : "spec.analysis.iterations",
                "no step would ever be taken: give one of iterations, stepWeight and stepWeights,"
                        + " above 0");
        findings.when(
                subject.stepWeight().isAbove(Weight.ALL),
                "spec.analysis.stepWeight",
                "must be 1 to 100 percent, was "
                        + subject.stepWeight()
                        + ": all traffic would go at once");
        findings.when(
                subject.stepWeight().isAny() && subject.maxWeight().isAbove(Weight.ALL),
                "spec.analysis.maxWeight",
                "must be at most 100 percent, was "
                        + subject.maxWeight()
                        + ": it would never be reached");
        if (!subject.stepWeight().isAny()) {
            ascending(subject, findings);
        }
        fine(subject, "spec.analysis.stepWeight", analysis.stepWeight(), findings);
        fine(subject, "spec.analysis.maxWeight", analysis.maxWeight(), findings);
        var steps = list(analysis.stepWeights());
        for (var i = 0; i < steps.size(); i++) {
            fine(subject, "spec.analysis.stepWeights[" + i + "]", steps.get(i), findings);
        }
        few(steps.size(), "spec.analysis.stepWeights", findings);
        if (subject.stepWeight().isAny()) {
            var most = subject.maxWeight().isAny() ? subject.maxWeight() : Weight.ALL;
            few(stepsTo(most, subject.stepWeight()), "spec.analysis.stepWeight", findings);
        }
        iterationsBesideWeights(subject, findings);
    }

    /** They are checks in all, so that fewer than there are weights would leave some out. */
    private static void iterationsBesideWeights(Subject subject, Findings findings) {
        if (subject.iterations() <= 0) {
            return;
        }
        var path = "spec.analysis.iterations";
        var most = subject.maxWeight().isAny() ? subject.maxWeight() : Weight.ALL;
        int steps =
                mirrorChecks(subject)
                        + (subject.stepWeight().isAny()
                                ? stepsTo(most, subject.stepWeight())
                                : subject.stepWeights().size());
        findings.when(
                subject.iterations() < steps,
                path,
                "are the checks in all, and the weights alone take "
                        + steps
                        + ", so that the last of them would be left out: give at least as many, or"
                        + " leave it out, was "
                        + subject.iterations());
        few(subject.iterations(), path, findings);
    }

    private static int mirrorChecks(Subject subject) {
        return isTrue(subject.analysis().mirror())
                ? MirrorGrowth.of(subject.analysis()).map(MirrorGrowth::checks).orElse(1)
                : 0;
    }

    /**
     * The next weight is looked up by the present one, so each must be above the one before, and
     * the first above 0.
     */
    private static void ascending(Subject subject, Findings findings) {
        var before = Weight.NONE;
        for (var i = 0; i < subject.stepWeights().size(); i++) {
            var weight = subject.stepWeights().get(i);
            var path = "spec.analysis.stepWeights[" + i + "]";
            boolean exact = isExact(list(subject.analysis().stepWeights()).get(i));
            findings.when(
                    weight.isAbove(Weight.ALL), path, "must be 1 to 100 percent, was " + weight);
            findings.when(
                    exact && !weight.isAbove(before),
                    path,
                    "must be above "
                            + before
                            + ", was "
                            + weight
                            + ": the release would stay at "
                            + before
                            + " percent for ever");
            before = weight.isAbove(before) ? weight : before;
        }
    }

    /** Traffic goes back to the primary by steps in every strategy. */
    private static void promotion(Subject subject, Findings findings) {
        var path = "spec.analysis.stepWeightPromotion";
        var step = subject.stepWeightPromotion();
        findings.when(Weight.NONE.isAbove(step), path, "must be 0 to 100 percent, was " + step);
        fine(subject, path, subject.analysis().stepWeightPromotion(), findings);
        few(step.isAny() ? stepsTo(Weight.ALL, step) : 0, path, findings);
    }

    /** Weights between whole percents: where the mesh has them, and no finer than is kept. */
    private static void fine(
            Subject subject, String path, @Nullable BigDecimal percent, Findings findings) {
        if (percent == null) {
            return;
        }
        boolean isExact = isExact(percent);
        findings.when(!isExact, path, "must have at most two decimals, was " + percent);
        findings.when(
                isExact
                        && !Subject.weight(percent).isWhole()
                        && !subject.mesh().can(Ability.FINE_WEIGHTS),
                path,
                "must be whole percent, was "
                        + Subject.weight(percent)
                        + ": provider "
                        + subject.provider()
                        + " has no finer weights; "
                        + servedThat(Ability.FINE_WEIGHTS)
                        + " have");
    }

    private static boolean isExact(@Nullable BigDecimal percent) {
        return percent == null || Weight.isExact(percent.doubleValue());
    }

    private static int stepsTo(Weight most, Weight step) {
        return Math.ceilDiv(most.atMost(Weight.ALL).basisPoints(), step.basisPoints());
    }

    /** A plan is kept whole in the state of its run. */
    private static void few(int steps, String path, Findings findings) {
        findings.when(
                steps > MOST_STEPS,
                path,
                "would take "
                        + steps
                        + " steps, and at most "
                        + MOST_STEPS
                        + " are taken: give larger or fewer ones");
    }

    private static void mirror(Subject subject, Findings findings) {
        MirrorGrowth.of(subject.analysis()).ifPresent(it -> grows(subject, it, findings));
        if (!isTrue(subject.analysis().mirror())) {
            return;
        }
        // Blue/Green goes on without mirroring where a provider has none, so only weights are
        // refused.
        findings.when(
                subject.shiftsWeights() && !subject.mesh().can(Ability.MIRROR_BEFORE_WEIGHTS),
                "spec.analysis.mirror",
                "mirroring before the first weight needs "
                        + servedThat(Ability.MIRROR_BEFORE_WEIGHTS)
                        + "; provider "
                        + subject.provider()
                        + " would never leave weight 0: leave it out, or use iterations");
        findings.when(
                subject.shiftsWeights() && !list(subject.analysis().match()).isEmpty(),
                "spec.analysis.mirror",
                "nothing is mirrored beside spec.analysis.match, so that a step would be judged"
                        + " without requests: leave one of them out");
        findings.when(
                subject.shiftsWeights() && subject.onTcp(),
                "spec.analysis.mirror",
                "TCP cannot be mirrored: leave it out");
        percent(subject.analysis().mirrorWeight(), "spec.analysis.mirrorWeight", findings);
    }

    /** What grows has to be there, in a mesh that copies a part of the requests. */
    private static void grows(Subject subject, MirrorGrowth growth, Findings findings) {
        var analysis = subject.analysis();
        var step = nested(analysis) ? NESTED + "stepWeightPromotion" : STEP_MIRROR;
        var most = nested(analysis) ? NESTED + "maxMirrorWeight" : MAX_MIRROR;
        var any = growth.step() == 0 ? most : step;
        twice(analysis, findings);
        findings.when(
                !isTrue(analysis.mirror()),
                any,
                "nothing is copied whose share could grow: set spec.analysis.mirror to true, or"
                        + " leave it out");
        findings.when(
                !subject.mesh().can(Ability.MIRROR_SHARE),
                any,
                "provider "
                        + subject.provider()
                        + " does not copy a part of the requests: leave it out, or use "
                        + servedThat(Ability.MIRROR_SHARE));
        findings.when(
                !subject.movesWeights() && !list(analysis.match()).isEmpty(),
                any,
                "nothing is copied in A/B testing (spec.analysis.match with iterations): leave one"
                        + " of them out");
        findings.when(
                !subject.movesWeights() && subject.onTcp(),
                any,
                "TCP cannot be mirrored: leave it out");
        findings.when(
                growth.step() == 0,
                most,
                "would never be reached: give "
                        + step
                        + " as well, by how many percent the share of copies grows at each check");
        findings.when(
                growth.step() < 0 || growth.step() > 100,
                step,
                "must be 1 to 100 percent, was " + growth.step());
        findings.when(
                growth.most() < 1 || growth.most() > 100,
                most,
                "must be 1 to 100 percent, was " + growth.most());
        findings.when(
                growth.step() > 0 && growth.most() >= 1 && growth.from() > growth.most(),
                most,
                "must be at least "
                        + growth.from()
                        + ", the share that copies begin with (spec.analysis.mirrorWeight, else one"
                        + " step), was "
                        + growth.most());
    }

    /** True where the guides' spelling alone is used. */
    private static boolean nested(CanaryAnalysis analysis) {
        return analysis.stepMirrorWeight() == null && analysis.maxMirrorWeight() == null;
    }

    private static void twice(CanaryAnalysis analysis, Findings findings) {
        var nested = analysis.canaryAnalysis();
        if (nested == null) {
            return;
        }
        findings.when(
                analysis.stepMirrorWeight() != null && nested.stepWeightPromotion() != null,
                NESTED + "stepWeightPromotion",
                "is the same as " + STEP_MIRROR + ": leave one of them out");
        findings.when(
                analysis.maxMirrorWeight() != null && nested.maxMirrorWeight() != null,
                NESTED + "maxMirrorWeight",
                "is the same as " + MAX_MIRROR + ": leave one of them out");
    }

    private static String servedThat(Ability ability) {
        return Meshes.served().stream()
                .filter(mesh -> mesh.can(ability))
                .map(Mesh::provider)
                .collect(Collectors.joining(" or "));
    }

    private static void percent(@Nullable Integer value, String path, Findings findings) {
        findings.when(
                value != null && (value < 0 || value > 100),
                path,
                "must be 0 to 100 percent, was " + value);
    }
}
