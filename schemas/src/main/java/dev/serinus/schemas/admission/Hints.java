package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Smi;

import java.util.ArrayList;
import java.util.List;

/**
 * What of a manifest works otherwise than its author may think. Nothing of it keeps a release from
 * going on, and with Flagger manifests that have it work.
 */
final class Hints {

    private Hints() {}

    /** A sentence for each, which begins with the path. */
    static List<String> of(Subject subject) {
        List<String> hints = new ArrayList<>();
        var service = subject.spec().service();
        if (service != null && Smi.splits(subject.mesh())) {
            list(service.hosts()).stream()
                    .limit(1)
                    .filter(host -> !Smi.isRoot(host, subject.namespace()))
                    .map(
                            host ->
                                    "spec.service.hosts[0]: %s names no Service of namespace %s, so that no call to it could be split; calls to Service %s are, leave it out"
                                            .formatted(
                                                    host,
                                                    subject.namespace(),
                                                    subject.canary().apex()))
                    .forEach(hints::add);
        }
        var affinity = subject.analysis().sessionAffinity();
        if (affinity != null
                && subject.mesh().can(Ability.SESSION_AFFINITY)
                && !given(affinity.path())) {
            hints.add(
                    "spec.analysis.sessionAffinity.path: is not set, so that a browser sends the"
                            + " cookie only below the path of the request that it came with, and"
                            + " changes sides elsewhere; set / or what all paths of the application"
                            + " begin with");
        }
        return List.copyOf(hints);
    }
}
