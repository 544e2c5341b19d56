package dev.serinus.router.workload;

import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.targets.TargetKind;

import java.util.List;
import java.util.Optional;

/** The kinds of objects that can be released: a line for each. */
public final class ReleaseTargets {

    private static final List<ReleaseTarget> ALL =
            List.of(
                    new DeploymentTarget(),
                    new DaemonSetTarget(),
                    new ServiceTarget(),
                    new KnativeTarget());

    private ReleaseTargets() {}

    /** The one that a Canary's targetRef names; another is refused as invalid. */
    public static ReleaseTarget of(ObjectRef target) {
        return TargetKind.of(target)
                .flatMap(named -> ALL.stream().filter(it -> it.target().equals(named)).findFirst())
                .orElseThrow(
                        () ->
                                Refusal.invalid(
                                        "spec.targetRef.kind %s is not supported by this version; use one of %s"
                                                .formatted(
                                                        target.kind(),
                                                        String.join(", ", TargetKind.words()))));
    }

    /** The one of an object's kind; empty for other objects. */
    public static Optional<ReleaseTarget> of(Kind kind) {
        return ALL.stream().filter(it -> it.kind().equals(kind)).findFirst();
    }
}
