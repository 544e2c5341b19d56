package dev.serinus.watcher.cluster;

import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.targets.KnativeService;
import dev.serinus.schemas.targets.TargetKind;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where the sides of a Canary are, by the kind of its target, and what the watches show of them.
 *
 * @param kind of the target
 * @param target the object that is released
 * @param baseline true where a run has a third side
 */
public record ReleasedSides(
        Cluster cluster, CanaryKey canary, TargetKind kind, Ref target, boolean baseline) {

    /** What one side is. */
    public sealed interface Side {
        /** It is there. */
        record There(Observed<Workload> workload) implements Side {}

        /** The watches do not show this object, without which there is no such side. */
        record Missing(Ref object) implements Side {}

        /** There is no such side, since nobody has chosen one. */
        record None() implements Side {}

        /** Nothing can be said of it yet. */
        record Unknown() implements Side {}
    }

    /** What a change of matters to the Canary, as far as it is known. */
    public Set<Ref> objects() {
        Set<Ref> objects = new HashSet<>(Set.of(target));
        switch (kind) {
            case DEPLOYMENT, DAEMON_SET -> {
                objects.add(suffixed("-primary"));
                if (baseline) {
                    objects.add(suffixed("-baseline"));
                }
            }
            case SERVICE -> {
                objects.add(suffixed("-primary"));
                objects.add(suffixed("-canary"));
            }
            case KNATIVE_SERVICE -> {
                latest().ifPresent(objects::add);
                primary().ifPresent(objects::add);
            }
        }
        return objects;
    }

    /** Those of which anything is said. */
    public Set<Role> roles() {
        boolean third = baseline && kind.hasPods();
        return third ? EnumSet.allOf(Role.class) : EnumSet.of(Role.TARGET, Role.PRIMARY);
    }

    private Ref workload(Role role) {
        return switch (role) {
            case TARGET -> target;
            case PRIMARY -> suffixed("-primary");
            case BASELINE -> suffixed("-baseline");
        };
    }

    /** True when this object is that side, so that it is what is ready or not. */
    public boolean isSide(Role role, Ref object) {
        return switch (kind) {
            case DEPLOYMENT, DAEMON_SET -> object.equals(workload(role));
            case SERVICE -> false;
            case KNATIVE_SERVICE ->
                    Optional.of(object).equals(role == Role.TARGET ? latest() : primary());
        };
    }

    /** One side as last seen. */
    public Side side(Role role) {
        return switch (kind) {
            case DEPLOYMENT, DAEMON_SET -> found(workload(role));
            case SERVICE -> role == Role.TARGET ? serviceTarget() : found(suffixed("-primary"));
            case KNATIVE_SERVICE -> role == Role.TARGET ? knativeTarget() : knativePrimary();
        };
    }

    private Ref suffixed(String suffix) {
        return target.kind().named(target.namespace(), target.name() + suffix);
    }

    private Side found(Ref object) {
        return cluster.workload(object)
                .<Side>map(Side.There::new)
                .orElseGet(() -> new Side.Missing(object));
    }

    /** The canary's copy is what serves, and it follows the target in a step of the run. */
    private Side serviceTarget() {
        var service = cluster.workload(target).orElse(null);
        if (service == null) {
            return new Side.Missing(target);
        }
        var candidate = suffixed("-canary");
        var copy = cluster.workload(candidate).map(Observed::value).orElse(null);
        Workload shown = service.value();
        boolean follows = copy != null && copy.copiedFrom().equals(shown.template());
        return new Side.There(
                follows
                        ? service
                        : with(
                                service,
                                shown.waitingFor(
                                        "service %s does not show what service %s does yet"
                                                .formatted(candidate.dotted(), target.dotted()),
                                        copy != null)));
    }

    private Side knativeTarget() {
        var service = cluster.knative().find(target).orElse(null);
        if (service == null) {
            return new Side.Missing(target);
        }
        var revision = latest();
        if (revision.isEmpty()) {
            return new Side.Unknown();
        }
        return switch (found(revision.get())) {
            case Side.There(var seen) -> {
                var workload = seen.value().with(service.value().written(), "");
                yield new Side.There(
                        with(
                                seen,
                                cluster.knative().isCurrent(service)
                                        ? workload
                                        : workload.unobserved()));
            }
            case Side other -> other;
        };
    }

    private Side knativePrimary() {
        var service = cluster.knative().find(target).orElse(null);
        if (service == null) {
            return new Side.Missing(target);
        }
        var revision = primary();
        if (revision.isEmpty()) {
            return new Side.None();
        }
        return switch (found(revision.get())) {
            case Side.There(var seen) ->
                    new Side.There(
                            with(
                                    seen,
                                    seen.value()
                                            .with(
                                                    service.value().written(),
                                                    revision.get().name())));
            case Side other -> other;
        };
    }

    private Optional<Ref> latest() {
        return cluster.knative().latest(target).map(this::revision);
    }

    private Optional<Ref> primary() {
        return cluster.knative()
                .find(target)
                .flatMap(
                        service ->
                                // Somebody may have taken the annotation away.
                                Optional.ofNullable(service.value().primary())
                                        .or(
                                                () ->
                                                        KnativeService.promoted(
                                                                target.name(), promoted())))
                .map(this::revision);
    }

    /** What the Canary's status says was promoted last; null when it says nothing. */
    private @Nullable String promoted() {
        return cluster.canary(canary)
                .map(seen -> seen.value().status().path("lastPromotedSpec").textValue())
                .orElse(null);
    }

    private Ref revision(String name) {
        return Knative.REVISION.named(target.namespace(), name);
    }

    private static Observed<Workload> with(Observed<Workload> seen, Workload workload) {
        return new Observed<>(
                seen.namespace(),
                seen.name(),
                seen.uid(),
                seen.generation(),
                seen.resourceVersion(),
                workload);
    }
}
