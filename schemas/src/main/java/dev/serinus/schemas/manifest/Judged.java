package dev.serinus.schemas.manifest;

import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryAlert;
import dev.serinus.schemas.canary.PassFreeze;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** What the rules say of a Canary that stands in a text. */
public record Judged(Manifest manifest, Canary canary, Admission admission) {

    /** Its namespace, or that of resources that name none; null where it has no metadata. */
    public @Nullable String namespace() {
        return canary.getMetadata().getNamespace();
    }

    /** Null where it has none. */
    public @Nullable String name() {
        return canary.getMetadata().getName();
    }

    /** Whom it names to be told; empty where it names nobody. */
    public List<CanaryAlert> alerts() {
        List<CanaryAlert> alerts = canary.getSpec().analysis().alerts();
        return alerts == null ? List.of() : List.copyOf(alerts);
    }

    /** What its annotation asks for that is to let a run pass freezes; empty where it has none. */
    public Optional<PassFreeze> passFreeze() {
        return PassFreeze.of(canary.getMetadata());
    }
}
