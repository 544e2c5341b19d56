package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.isTrue;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.MirrorGrowth;
import dev.serinus.schemas.mesh.Ability;

import java.util.ArrayList;
import java.util.List;

/** Copies of requests that are asked for where none are made, or fewer than asked for. */
final class MirrorHints {

    private MirrorHints() {}

    /** A sentence for each, which begins with the path. */
    static List<String> of(Subject subject) {
        List<String> hints = new ArrayList<>();
        var share = subject.analysis().mirrorWeight();
        if (!isTrue(subject.analysis().mirror())) {
            if (share != null && share > 0) {
                hints.add(
                        "spec.analysis.mirrorWeight: copies nothing without spec.analysis.mirror,"
                                + " set that to true or leave this out");
            }
            return hints;
        }
        // Of a provider that never copies this is told as unused, and beside weights all is
        // refused.
        if (subject.skipsAnalysis()
                || subject.movesWeights()
                || !subject.mesh().can(Ability.MIRROR)) {
            return hints;
        }
        if (subject.onTcp()) {
            hints.add("spec.analysis.mirror: copies nothing, since TCP cannot be; leave it out");
        } else if (!list(subject.analysis().match()).isEmpty()) {
            hints.add(
                    "spec.analysis.mirror: copies nothing in A/B testing (spec.analysis.match),"
                            + " where who matches meets the canary; leave one of them out");
        } else {
            MirrorGrowth.of(subject.analysis())
                    .filter(growth -> growth.checks() > subject.iterations())
                    .map(growth -> cutOff(growth, subject.iterations()))
                    .ifPresent(hints::add);
        }
        return hints;
    }

    private static String cutOff(MirrorGrowth growth, int iterations) {
        return ("spec.analysis.iterations: is %d, so that the share of copies ends at %d and not at"
                        + " %d percent, which takes %d checks; give as many, or a larger step")
                .formatted(
                        iterations,
                        growth.from() + (iterations - 1) * growth.step(),
                        growth.most(),
                        growth.checks());
    }
}
