package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.isTrue;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryAnalysis;
import dev.serinus.schemas.targets.TargetKind;

import java.util.Optional;
import java.util.Set;

/**
 * Rules for how many pods the canary has. As many as its share of the traffic needs is a number
 * only where it has a share, and pods that can be counted.
 */
final class PodRules {

    private static final String PATH = "spec.analysis.canaryReplicas";
    private static final String PROPORTIONAL = "proportional";
    private static final String INSTEAD = "leave it out, and the canary has the primary's size";

    private PodRules() {}

    static boolean areProportional(CanaryAnalysis analysis) {
        return PROPORTIONAL.equals(analysis.canaryReplicas());
    }

    static void check(Subject subject, Findings findings) {
        findings.unlessOneOf(
                Set.of("full", PROPORTIONAL), subject.analysis().canaryReplicas(), PATH);
        if (!areProportional(subject.analysis())) {
            return;
        }
        findings.note(uncounted(subject), PATH);
        if (!subject.skipsAnalysis()) {
            traffic(subject, findings);
        }
    }

    private static Optional<String> uncounted(Subject subject) {
        return subject.target()
                .filter(kind -> kind != TargetKind.DEPLOYMENT)
                .map(
                        _ ->
                                "needs a target of kind Deployment, whose pods can be counted; of a %s leave it out"
                                        .formatted(subject.spec().targetRef().kind()));
    }

    private static void traffic(Subject subject, Findings findings) {
        findings.when(
                !subject.mesh().hasRoutes(),
                PATH,
                "provider %s gives the canary no share of the traffic, but all or nothing: %s"
                        .formatted(subject.provider(), INSTEAD));
        findings.when(
                subject.mesh().hasRoutes() && !subject.movesWeights(),
                PATH,
                "without stepWeight or stepWeights nobody knows what share of the traffic the"
                        + " canary gets: "
                        + INSTEAD);
        findings.when(
                !list(subject.analysis().match()).isEmpty(),
                PATH,
                "spec.analysis.match leads to the canary whoever matches, which may be everybody: "
                        + INSTEAD);
        findings.when(
                isTrue(subject.analysis().mirror()),
                PATH,
                "spec.analysis.mirror sends copies beside its share, which may be of all requests: "
                        + INSTEAD);
    }
}
