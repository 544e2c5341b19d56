package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.isTrue;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.MetricComparison;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;

import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Rules for the third workload that a canary may be compared with: it needs pods of its own, a
 * share of the traffic like the canary's, and something that is compared.
 */
final class BaselineRules {

    private static final String PATH = "spec.analysis.baseline";
    private static final String INSTEAD =
            "leave it out, and the canary is compared with the primary";

    /** Names of pods and Services end in it. */
    private static final String SUFFIX = "-baseline";

    private static final int LONGEST_NAME = 63;

    private BaselineRules() {}

    static boolean isAskedFor(Subject subject) {
        return isTrue(subject.analysis().baseline());
    }

    /** One other side for all comparisons of a Canary. */
    static void compare(Subject subject, MetricComparison compare, String path, Findings findings) {
        findings.when(
                "baseline".equals(compare.with()) && !isAskedFor(subject),
                path,
                "is baseline, and there is none: set " + PATH + " to true, or say primary");
        findings.when(
                "primary".equals(compare.with()) && isAskedFor(subject),
                path,
                "is primary, while "
                        + PATH
                        + " makes the baseline what every metric is compared with: leave one of"
                        + " both out");
    }

    static void check(Subject subject, Findings findings) {
        if (!isAskedFor(subject)) {
            return;
        }
        findings.when(
                list(subject.analysis().metrics()).stream()
                                .noneMatch(metric -> metric.compare() != null)
                        && !subject.misread("spec.analysis.metrics"),
                PATH,
                "nothing would be compared with it: no metric has compare; give one, or leave it"
                        + " out");
        findings.note(withoutPods(subject), PATH);
        names(subject, findings);
        if (!subject.skipsAnalysis()) {
            traffic(subject, findings);
        }
    }

    private static Optional<String> withoutPods(Subject subject) {
        return subject.target()
                .flatMap(
                        kind ->
                                switch (kind) {
                                    case DEPLOYMENT -> Optional.empty();
                                    case DAEMON_SET ->
                                            Optional.of(
                                                    "a DaemonSet cannot have the canary's size: it"
                                                        + " would be a third pod on every node; "
                                                            + INSTEAD);
                                    case SERVICE, KNATIVE_SERVICE ->
                                            Optional.of(
                                                    "needs a target of kind Deployment, whose"
                                                            + " primary can be copied; of a "
                                                            + subject.spec().targetRef().kind()
                                                            + " leave it out");
                                });
    }

    private static void names(Subject subject, Findings findings) {
        int longest = LONGEST_NAME - SUFFIX.length();
        findings.when(
                subject.canary().apex().length() > longest,
                PATH,
                "the name of Service %s%s would be longer than %d characters: take a shorter spec.service.name, or %s"
                        .formatted(subject.canary().apex(), SUFFIX, LONGEST_NAME, INSTEAD));
    }

    /** What it gets has to be like what the canary gets. */
    private static void traffic(Subject subject, Findings findings) {
        var mesh = subject.mesh();
        findings.when(
                mesh.hasRoutes() && !mesh.can(Ability.BASELINE),
                PATH,
                "provider %s has no share for a third workload: use %s, or %s"
                        .formatted(subject.provider(), capable(), INSTEAD));
        findings.when(
                !mesh.hasRoutes(),
                PATH,
                "provider %s moves no traffic, so that a baseline would get none: use %s, or %s"
                        .formatted(subject.provider(), capable(), INSTEAD));
        var service = subject.spec().service();
        findings.when(
                service != null && !list(service.routeRefs()).isEmpty(),
                PATH,
                "spec.service.routeRefs are routes of your own, in which only primary and canary"
                        + " are weighed: use spec.service.gatewayRefs, or "
                        + INSTEAD);
        findings.when(
                mesh.hasRoutes() && !subject.movesWeights(),
                PATH,
                "spec.analysis.iterations give the baseline no share beside the canary's: use"
                        + " stepWeight or stepWeights, or "
                        + INSTEAD);
        findings.when(
                !list(subject.analysis().match()).isEmpty(),
                PATH,
                "spec.analysis.match leads chosen requests to the canary alone, so that the"
                        + " baseline would get others: leave one of both out");
        findings.when(
                isTrue(subject.analysis().mirror()),
                PATH,
                "spec.analysis.mirror sends copies to the canary alone: leave one of both out");
        findings.when(
                subject.analysis().sessionAffinity() != null,
                PATH,
                "spec.analysis.sessionAffinity keeps clients on the canary and none on the"
                        + " baseline, so that they would get other requests: leave one of both"
                        + " out");
    }

    private static String capable() {
        return Meshes.served().stream()
                .filter(mesh -> mesh.can(Ability.BASELINE))
                .map(Mesh::provider)
                .collect(Collectors.joining(" or "));
    }
}
