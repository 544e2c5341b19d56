package dev.serinus.watcher.observe;

import dev.serinus.schemas.cluster.Seen;
import dev.serinus.schemas.events.PriorStatus;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.watcher.cluster.Basis;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.Config;
import dev.serinus.watcher.cluster.Workload;
import dev.serinus.watcher.observe.Interests.Thing;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says in one fact what the watches show of a canary's target or primary. */
final class Sightings {

    private final Cluster cluster;
    private final Absences absences;
    private final boolean configTracking;

    Sightings(Cluster cluster, Absences absences, boolean configTracking) {
        this.cluster = cluster;
        this.absences = absences;
        this.configTracking = configTracking;
    }

    /** The configs that a target reads; none when it is not there or nothing is tracked. */
    Set<Thing> configs(Thing target) {
        if (!configTracking) {
            return Set.of();
        }
        return workload(target).stream()
                .flatMap(seen -> seen.value().configs().keySet().stream())
                .map(name -> config(target.namespace(), name))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The fact; empty when what is absent could not be confirmed to be. */
    Optional<WorkloadObserved> of(
            Role role, Thing thing, Basis basis, Told told, @Nullable PriorStatus prior) {
        var seen = workload(thing).orElse(null);
        if (seen == null) {
            return absent(role, thing, told);
        }
        Workload workload = seen.value();
        int threshold =
                role == Role.TARGET ? basis.canaryReadyThreshold() : basis.primaryReadyThreshold();
        var readiness =
                Readiness.of(
                        workload, thing.name(), threshold, told.deadlineCounts(role, workload));
        var fact =
                WorkloadObserved.newBuilder()
                        .setRole(role)
                        .setExists(true)
                        .setRevision(
                                role == Role.TARGET ? workload.template() : workload.copiedFrom())
                        .setDesired(workload.desired())
                        .setUpdated(workload.updated())
                        .setAvailable(workload.available())
                        .setReady(readiness.ready())
                        .setStuck(readiness.stuck())
                        .setBecause(readiness.because())
                        .setRun(workload.run(told.uid))
                        .setStep(workload.step(told.uid));
        if (role == Role.TARGET && configTracking) {
            var checksums = new Checksums(seen.namespace(), told, prior);
            workload.configs().forEach(checksums::add);
            fact.setConfigs(checksums.found);
            if (readiness.ready() && !checksums.missing.isEmpty()) {
                fact.setReady(false).setBecause(checksums.missing);
            }
        }
        return Optional.of(fact.build());
    }

    private Optional<WorkloadObserved> absent(Role role, Thing thing, Told told) {
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
        return !told.isNews(fact)
                        || absences.confirms(thing.kind(), thing.namespace(), thing.name())
                ? Optional.of(fact)
                : Optional.empty();
    }

    private Optional<Seen<Workload>> workload(Thing thing) {
        return cluster.workload(thing.kind(), thing.namespace(), thing.name());
    }

    private static Thing config(String namespace, String name) {
        String[] parts = name.split("/", 2);
        return new Thing(parts[0], namespace, parts[1]);
    }

    /** Collects the checksums of a target's configs. */
    private final class Checksums {

        private final String namespace;
        private final Told told;
        private final @Nullable PriorStatus prior;
        private final Map<String, String> found = new TreeMap<>();
        private String missing = "";

        Checksums(String namespace, Told told, @Nullable PriorStatus prior) {
            this.namespace = namespace;
            this.told = told;
            this.prior = prior;
        }

        void add(String name, boolean mandatory) {
            var thing = config(namespace, name);
            var seen = cluster.config(thing.kind(), namespace, thing.name());
            if (seen.isPresent()) {
                Config config = seen.get().value();
                if (config.tracked()) {
                    found.put(name, config.checksum());
                }
            } else if (mandatory) {
                missing(name, thing);
            }
        }

        /** A config that is missed is not a config that was changed: what was known stays. */
        private void missing(String name, Thing thing) {
            String known = told.config(name, prior);
            if (known != null) {
                found.put(name, known);
            } else {
                missing =
                        "%s %s.%s get query error: %ss \"%s\" not found"
                                .formatted(
                                        thing.kind(),
                                        thing.name(),
                                        thing.namespace(),
                                        thing.kind(),
                                        thing.name());
            }
        }
    }
}
