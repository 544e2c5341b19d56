package dev.serinus.watcher.observe;

import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.config.ConfigRef;
import dev.serinus.schemas.events.PriorStatus;
import dev.serinus.watcher.cluster.TrackedConfigs;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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

    private final TrackedConfigs configs;
    private final String namespace;
    private final PublishedFacts published;
    private final @Nullable PriorStatus prior;
    private final Map<String, String> checksums = new TreeMap<>();
    private final Map<String, Ref> missing = new TreeMap<>();
    private final List<Ref> unknown = new ArrayList<>();

    TargetConfigs(
            TrackedConfigs configs,
            String namespace,
            PublishedFacts published,
            @Nullable PriorStatus prior) {
        this.configs = configs;
        this.namespace = namespace;
        this.published = published;
        this.prior = prior;
    }

    /** Takes one that the pods read; {@code mandatory} when they do not start without it. */
    void add(ConfigRef config, boolean mandatory) throws InterruptedException {
        String name = config.label();
        var ref = config.kind().named(namespace, config.name());
        boolean certain = mandatory && !published.isMissing(name);
        var found = configs.find(ref, certain).orElse(null);
        String known = published.config(name, prior);
        if (found != null && found.tracked()) {
            checksums.put(name, found.checksum());
        } else if (known != null) {
            checksums.put(name, known);
        }
        if (found == null && mandatory) {
            missing.put(name, ref);
            if (known == null) {
                unknown.add(ref);
            }
        }
    }

    /** Checksums by {@code configmap/NAME} or {@code secret/NAME}. */
    Map<String, String> checksums() {
        return checksums;
    }

    /** Those that the pods do not start without and that are not there, sorted. */
    List<String> missing() {
        return List.copyOf(missing.keySet());
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
                        + missing.values().stream()
                                .map(each -> "%s %s".formatted(kind(each), each.dotted()))
                                .collect(Collectors.joining(", ", "; missing: ", ""));
    }

    private static String inFlaggersWords(Ref config) {
        return "%s %s get query error: %ss \"%s\" not found"
                .formatted(kind(config), config.dotted(), kind(config), config.name());
    }

    private static String kind(Ref config) {
        return config.kind().name().toLowerCase(Locale.ROOT);
    }
}
