package dev.serinus.watcher.observe;

import dev.serinus.schemas.events.PriorStatus;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.observe.CanaryIndex.Thing;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What of the ConfigMaps and Secrets that a target's pods read is there, and with which content.
 * Used for one look.
 *
 * <p>A change of the application is another content. So a config that is gone, whether the pods
 * need it or not, and one whose tracking was switched off, keep the checksum last told: neither
 * starts a run by itself. What is known outlives this process in the Canary's status.
 */
final class TargetConfigs {

    private final Cluster cluster;
    private final AbsenceChecks absenceChecks;
    private final String namespace;
    private final PublishedFacts published;
    private final @Nullable PriorStatus prior;
    private final Map<String, String> checksums = new TreeMap<>();
    private final TreeSet<String> missing = new TreeSet<>();
    private final List<Thing> unknown = new ArrayList<>();
    private boolean onItsWay;

    TargetConfigs(
            Cluster cluster,
            AbsenceChecks absenceChecks,
            String namespace,
            PublishedFacts published,
            @Nullable PriorStatus prior) {
        this.cluster = cluster;
        this.absenceChecks = absenceChecks;
        this.namespace = namespace;
        this.published = published;
        this.prior = prior;
    }

    static Thing thing(String namespace, String config) {
        String[] parts = config.split("/", 2);
        return new Thing(parts[0], namespace, parts[1]);
    }

    /** Takes one that the pods read; {@code mandatory} when they do not start without it. */
    void add(String name, boolean mandatory) {
        var thing = thing(namespace, name);
        var seen = cluster.config(thing.kind(), namespace, thing.name());
        String known = published.config(name, prior);
        if (seen.isPresent() && seen.get().value().tracked()) {
            checksums.put(name, seen.get().value().checksum());
        } else if (known != null) {
            checksums.put(name, known);
        }
        if (seen.isEmpty() && mandatory) {
            missing(name, thing, known == null);
        }
    }

    private void missing(String name, Thing thing, boolean unknownToo) {
        var found =
                published.isMissing(name)
                        ? AbsenceChecks.Config.ABSENT
                        : absenceChecks.config(thing.kind(), namespace, thing.name());
        switch (found) {
            case ABSENT -> {
                missing.add(name);
                if (unknownToo) {
                    unknown.add(thing);
                }
            }
            case ON_ITS_WAY -> onItsWay = true;
            case NOT_WATCHED -> {}
        }
    }

    /** True when one is there that the watch is only about to show. */
    boolean anyOnItsWay() {
        return onItsWay;
    }

    /** Checksums by {@code configmap/NAME} or {@code secret/NAME}. */
    Map<String, String> checksums() {
        return checksums;
    }

    /** Those that the pods do not start without and that are not there, sorted. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    /** False while one is missing that was never seen: then nobody knows what is released. */
    boolean allKnown() {
        return unknown.isEmpty();
    }

    /** Why the target is not ready; empty when it is. */
    String because(Readiness readiness) {
        if (readiness.ready()) {
            return unknown.stream().map(TargetConfigs::inFlaggersWords).findFirst().orElse("");
        }
        return missing.isEmpty()
                ? readiness.because()
                : readiness.because()
                        + missing.stream()
                                .map(name -> thing(namespace, name))
                                .map(each -> "%s %s".formatted(each.kind(), dotted(each)))
                                .collect(Collectors.joining(", ", "; missing: ", ""));
    }

    private static String inFlaggersWords(Thing config) {
        return "%s %s get query error: %ss \"%s\" not found"
                .formatted(config.kind(), dotted(config), config.kind(), config.name());
    }

    private static String dotted(Thing config) {
        return config.name() + "." + config.namespace();
    }
}
