package dev.serinus.watcher.observe;

import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.PriorStatus;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.ReleasedSides;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.cluster.Workload;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Says in one fact what the watches show of a canary's target, primary or baseline. */
final class WorkloadFacts {

    private final Cluster cluster;
    private final AbsenceChecks absenceChecks;
    private final boolean configTracking;

    WorkloadFacts(Cluster cluster, AbsenceChecks absenceChecks, boolean configTracking) {
        this.cluster = cluster;
        this.absenceChecks = absenceChecks;
        this.configTracking = configTracking;
    }

    /** The configs that a target reads; none when it is not there or nothing is tracked. */
    Set<Ref> configs(Ref target) {
        if (!configTracking) {
            return Set.of();
        }
        return cluster.workload(target).stream()
                .flatMap(seen -> seen.value().configs().keySet().stream())
                .map(config -> config.kind().named(target.namespace(), config.name()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The fact; empty when what is absent could not be confirmed to be. */
    Optional<WorkloadObserved> of(
            Role role,
            ReleasedSides sides,
            SpecSummary summary,
            PublishedFacts published,
            @Nullable PriorStatus prior)
            throws InterruptedException {
        return switch (sides.side(role)) {
            case ReleasedSides.Side.There(var seen) ->
                    of(
                            role,
                            seen,
                            Readiness.of(
                                    seen.value(),
                                    seen.name(),
                                    summary.readyThreshold(role),
                                    published.deadlineCounts(role, seen.value())),
                            published,
                            prior);
            case ReleasedSides.Side.Missing(var object) ->
                    absent(role, published, () -> absenceChecks.confirms(object));
            case ReleasedSides.Side.None _ -> absent(role, published, () -> true);
            case ReleasedSides.Side.Unknown _ -> Optional.empty();
        };
    }

    /**
     * The fact about a workload as it was shown a moment ago, when it was not ready. Whether it
     * would ever become ready is answered: it has.
     */
    Optional<WorkloadObserved> passed(
            Role role,
            Observed<Workload> seen,
            SpecSummary summary,
            PublishedFacts published,
            @Nullable PriorStatus prior)
            throws InterruptedException {
        var readiness =
                Readiness.of(seen.value(), seen.name(), summary.readyThreshold(role), false);
        return of(role, seen, readiness, published, prior);
    }

    private Optional<WorkloadObserved> of(
            Role role,
            Observed<Workload> seen,
            Readiness readiness,
            PublishedFacts published,
            @Nullable PriorStatus prior)
            throws InterruptedException {
        Workload workload = seen.value();
        var fact =
                WorkloadObserved.newBuilder()
                        .setRole(role)
                        .setExists(true)
                        .setRevision(
                                role == Role.TARGET ? workload.template() : workload.copiedFrom())
                        .setDesired(workload.desired())
                        .setUpdated(updated(role, workload))
                        .setAvailable(workload.available())
                        .setReady(readiness.ready())
                        .setStuck(readiness.stuck())
                        .setBecause(readiness.because())
                        .setRun(workload.run(published.uid))
                        .setStep(workload.step(published.uid))
                        .setRelease(role == Role.TARGET ? workload.release() : "")
                        .setImages(role == Role.BASELINE ? List.of() : workload.images());
        if (role != Role.TARGET || !configTracking) {
            return Optional.of(fact.build());
        }
        var configs = new TargetConfigs(cluster.configs(), seen.namespace(), published, prior);
        for (var config : workload.configs().entrySet()) {
            configs.add(config.getKey(), config.getValue());
        }
        return Optional.of(
                fact.setConfigs(configs.checksums())
                        .setMissingConfigs(configs.missing())
                        .setReady(readiness.ready() && configs.allKnown())
                        .setBecause(configs.because(readiness))
                        .build());
    }

    /**
     * Pods of a template that its controller has not seen yet are of the one before: they are no
     * progress of a primary that was just written. Whether pods of the target are gone is asked as
     * well, and those that may be there are not.
     */
    private static int updated(Role role, Workload workload) {
        return role == Role.TARGET || workload.observed() ? workload.updated() : 0;
    }

    private static Optional<WorkloadObserved> absent(
            Role role, PublishedFacts published, BooleanSupplier confirmed) {
        var fact =
                WorkloadObserved.newBuilder()
                        .setRole(role)
                        .setExists(false)
                        .setRevision("")
                        .setDesired(0)
                        .setUpdated(0)
                        .setAvailable(0)
                        .setReady(false)
                        .setStuck(false)
                        .setBecause("")
                        .build();
        return !published.isNews(fact) || confirmed.getAsBoolean()
                ? Optional.of(fact)
                : Optional.empty();
    }
}
