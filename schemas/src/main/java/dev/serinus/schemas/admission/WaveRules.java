package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanarySpec;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.events.Predecessor;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules for the Canaries that are to be promoted with the same release before this one begins. */
final class WaveRules {

    private static final String PATH = "spec.after";
    private static final int MOST = 16;
    private static final String AWAITED_BY = "spec.awaitedBy";
    private static final int MOST_NAMESPACES = 64;
    private static final String STOP = "stop";
    private static final String PROCEED = "proceed";

    /** Who waits longer has forgotten it. */
    private static final Duration LONGEST = Duration.ofDays(30);

    private WaveRules() {}

    static void check(Subject subject, Findings findings) {
        var after = list(subject.spec().after());
        findings.when(
                after.size() > MOST,
                PATH,
                "must have at most %d entries, has %d".formatted(MOST, after.size()));
        var named = new HashSet<NamedCanary>();
        for (int at = 0; at < Math.min(after.size(), MOST); at++) {
            var one = after.get(at);
            String path = "%s[%d]".formatted(PATH, at);
            NamedCanary.names(one.cluster(), one.namespace(), one.name(), path, findings);
            findings.when(
                    !named.add(name(subject, one)),
                    path,
                    "names the same Canary as an entry before it");
            findings.when(
                    name(subject, one).equals(NamedCanary.own(subject)),
                    path,
                    "names this Canary itself, which would wait for ever; name another");
            findings.when(
                    subject.forbids(one.namespace()),
                    path + ".namespace",
                    "is another namespace, which this installation forbids"
                            + " (no-cross-namespace-refs); name a Canary of namespace "
                            + subject.namespace());
            findings.when(
                    given(one.soak()) && soak(one.soak()).isEmpty(),
                    path + ".soak",
                    "must be a time such as 10m, no longer than 720h, was " + one.soak());
            RunRules.limit(
                    one.timeout(),
                    one.onTimeout(),
                    path + ".timeout",
                    path + ".onTimeout",
                    findings);
            findings.unlessOneOf(Set.of(STOP, PROCEED), one.onFailure(), path + ".onFailure");
        }
        awaitedBy(list(subject.spec().awaitedBy()), findings);
    }

    private static void awaitedBy(List<String> namespaces, Findings findings) {
        findings.when(
                namespaces.size() > MOST_NAMESPACES,
                AWAITED_BY,
                "must have at most %d entries, has %d; * stands for all namespaces"
                        .formatted(MOST_NAMESPACES, namespaces.size()));
        for (int at = 0; at < Math.min(namespaces.size(), MOST_NAMESPACES); at++) {
            String written = String.valueOf(namespaces.get(at));
            findings.when(
                    !written.equals("*") && !ObjectNames.isNamespace(written),
                    "%s[%d]".formatted(AWAITED_BY, at),
                    "must be the name of a namespace, or * for all, was " + written);
        }
    }

    private static NamedCanary name(Subject subject, CanarySpec.Predecessor one) {
        return NamedCanary.of(subject, one.cluster(), one.namespace(), one.name());
    }

    /** All that are named. */
    static Set<NamedCanary> named(Subject subject) {
        return list(subject.spec().after()).stream()
                .map(one -> name(subject, one))
                .collect(Collectors.toSet());
    }

    private static Optional<Duration> soak(@Nullable String written) {
        return Optional.ofNullable(written)
                .flatMap(Durations::parse)
                .filter(it -> !it.isNegative() && it.compareTo(LONGEST) <= 0);
    }

    /** Whom an admitted Canary waits for. */
    static List<Predecessor> of(Subject subject) {
        List<Predecessor> after = new ArrayList<>();
        for (var one : list(subject.spec().after())) {
            after.add(
                    Predecessor.newBuilder()
                            .setCluster(given(one.cluster()) ? one.cluster() : null)
                            .setNamespace(given(one.namespace()) ? one.namespace() : null)
                            .setName(one.name())
                            .setSoakMillis(soak(one.soak()).orElse(Duration.ZERO).toMillis())
                            .setLimit(RunRules.limit(one.timeout(), one.onTimeout()))
                            .setProceedsOnFailure(PROCEED.equals(one.onFailure()))
                            .setIgnoresRegistry(Boolean.TRUE.equals(one.ignoreRegistry()))
                            .build());
        }
        return after;
    }
}
