package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.mesh.Kubernetes;
import dev.serinus.schemas.targets.TargetKind;

import java.util.Set;

/**
 * Rules for a canary whose share is that of its pods behind one Service. Nobody but Serinus may
 * change how many pods there are, and the primary keeps all of its own: so the canary gets half of
 * the traffic at most, or all of it.
 */
final class ReplicaRules {

    private static final String PATH = "spec.analysis.replicas";
    private static final Weight MOST = Weight.percent(Kubernetes.MOST_PERCENT);

    /** The longest value that a label can have. */
    private static final int LONGEST_NAME = 63;

    private static final String BECAUSE =
            "with spec.analysis.replicas: weighted the primary keeps all of its pods, and a canary"
                    + " of the same size beside it gets half of the traffic";

    private ReplicaRules() {}

    static void check(Subject subject, Findings findings) {
        findings.unlessOneOf(Set.of("weighted"), subject.analysis().replicas(), PATH);
        if (!subject.analysis().splitsByReplicas()) {
            return;
        }
        if (!subject.mesh().equals(Kubernetes.BY_REPLICAS)) {
            findings.when(
                    true,
                    PATH,
                    "provider %s shares out traffic by itself: leave it out, or set spec.provider: %s"
                            .formatted(subject.provider(), Kubernetes.MESH.provider()));
            return;
        }
        pods(subject, findings);
        if (!subject.skipsAnalysis()) {
            traffic(subject, findings);
        }
    }

    private static void pods(Subject subject, Findings findings) {
        findings.when(
                subject.target().filter(kind -> kind != TargetKind.DEPLOYMENT).isPresent(),
                PATH,
                "needs a target of kind Deployment, whose pods can be counted; of a %s leave it out"
                        .formatted(subject.spec().targetRef().kind()));
        findings.when(
                subject.spec().autoscalerRef() != null,
                "spec.autoscalerRef",
                "an autoscaler changes how many pods there are, and with them the share of the"
                        + " traffic: leave it out, or leave out "
                        + PATH);
        findings.when(
                given(subject.analysis().canaryReplicas()),
                "spec.analysis.canaryReplicas",
                "has no effect: with %s: weighted the share says how many pods the canary has; leave it out"
                        .formatted(PATH));
        String name = subject.canary().getMetadata().getName();
        findings.when(
                name != null && name.length() > LONGEST_NAME,
                "metadata.name",
                "is the value of label %s on the pods, which has %d characters at most: take a shorter one, or leave out %s"
                        .formatted(Kubernetes.SHARED_LABEL, LONGEST_NAME, PATH));
    }

    private static void traffic(Subject subject, Findings findings) {
        findings.when(
                !subject.movesWeights(),
                PATH,
                "without stepWeight or stepWeights nobody knows how many pods the canary is to"
                    + " have: give one of them, or leave it out, and the release is Blue/Green");
        findings.when(
                !list(subject.analysis().match()).isEmpty(),
                "spec.analysis.match",
                "pods are no condition: a Service sends them whatever comes; leave it out, or use a"
                        + " provider that routes by conditions");
        findings.when(
                subject.stepWeightPromotion().isAny(),
                "spec.analysis.stepWeightPromotion",
                "cannot be had: " + BECAUSE + ", so that all goes back at once; leave it out");
        if (subject.stepWeight().isAny()) {
            stepped(subject, findings);
            return;
        }
        var weights = subject.stepWeights();
        for (var i = 0; i < weights.size(); i++) {
            findings.when(
                    weights.get(i).isAbove(MOST) && Weight.ALL.isAbove(weights.get(i)),
                    "spec.analysis.stepWeights[" + i + "]",
                    "must be 1 to %s percent, or 100, was %s: %s"
                            .formatted(MOST, weights.get(i), BECAUSE));
        }
    }

    /** A step is taken whole: the last one may lead beyond the weight at which it ends. */
    private static void stepped(Subject subject, Findings findings) {
        var step = subject.stepWeight();
        var most = subject.maxWeight();
        if (!most.isAny()) {
            findings.when(
                    true,
                    "spec.analysis.maxWeight",
                    "is 100 when absent, and must be 1 to %s percent: %s".formatted(MOST, BECAUSE));
            return;
        }
        long steps = Math.ceilDiv(most.basisPoints(), step.basisPoints());
        var last = new Weight(Math.clamp(steps * step.basisPoints(), 0, Weight.ALL.basisPoints()));
        findings.when(
                last.isAbove(MOST),
                "spec.analysis.maxWeight",
                "must be 1 to %s percent, and is reached at %s by steps of %s: %s"
                        .formatted(MOST, last, step, BECAUSE));
    }
}
