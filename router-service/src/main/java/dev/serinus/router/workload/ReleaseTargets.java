package dev.serinus.router.workload;

import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.cluster.Kind;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of workload that can be released: a line for each. */
public final class ReleaseTargets {

    private static final List<ReleaseTarget> ALL =
            List.of(new DeploymentTarget(), new DaemonSetTarget());

    private ReleaseTargets() {}

    /** The one that a Canary's targetRef names; another is refused as invalid. */
    public static ReleaseTarget of(ObjectRef target) {
        return ALL.stream()
                .filter(it -> it.kind().name().equals(target.kind()))
                .findFirst()
                .orElseThrow(
                        () ->
                                Refusal.invalid(
                                        "spec.targetRef.kind %s is not supported by this version; use %s"
                                                .formatted(
                                                        target.kind(),
                                                        ALL.stream()
                                                                .map(it -> it.kind().name())
                                                                .collect(
                                                                        Collectors.joining(
                                                                                " or ")))));
    }

    /** The one of an object's kind; empty for other objects. */
    public static Optional<ReleaseTarget> of(Kind kind) {
        return ALL.stream().filter(it -> it.kind().equals(kind)).findFirst();
    }
}
