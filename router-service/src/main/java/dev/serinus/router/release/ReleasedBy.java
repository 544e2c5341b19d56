package dev.serinus.router.release;

import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.targets.TargetKind;

import java.util.Optional;

/** Whose a target is: two Canaries over one would undo each other for ever. */
public final class ReleasedBy {

    private ReleasedBy() {}

    /** What there is to say to a Canary whose target another one releases. */
    public static Refusal refusal(String title, Ref target, String other) {
        return Refusal.invalid(
                "%s %s is released by Canary %s already: a target has one Canary; change spec.targetRef or delete one of both"
                        .formatted(title, target.dotted(), other));
    }

    /**
     * The other Canary whose name is noted on an object, as long as it is there and has the same
     * target; empty where it is this one, or nobody.
     */
    static Optional<String> other(Cluster cluster, Canary canary, ClusterObject noted) {
        String by = noted.annotation(TargetKind.RELEASED_BY);
        var meta = canary.getMetadata();
        if (by == null || by.equals(meta.getName())) {
            return Optional.empty();
        }
        var found = cluster.find(Kind.CANARY.named(meta.getNamespace(), by));
        return found != null && hasSameTarget(canary, found) ? Optional.of(by) : Optional.empty();
    }

    private static boolean hasSameTarget(Canary canary, ClusterObject other) {
        var own = canary.getSpec().targetRef();
        return other.at("/spec/targetRef/name").asText().equals(own.name())
                && TargetKind.of(
                                other.at("/spec/targetRef/apiVersion").textValue(),
                                other.at("/spec/targetRef/kind").asText())
                        .equals(TargetKind.of(own));
    }
}
