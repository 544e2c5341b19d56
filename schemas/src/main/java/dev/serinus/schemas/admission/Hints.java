package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.isTrue;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.CanaryWebhook;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.canary.ServiceProtocol;
import dev.serinus.schemas.hook.EventMetadata;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.HookType.Meaning;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Istio;
import dev.serinus.schemas.mesh.Smi;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What of a manifest works otherwise than its author may think. Nothing of it keeps a release from
 * going on, and with Flagger manifests that have it work.
 */
final class Hints {

    /** Istio's word for all sidecars. */
    private static final String SIDECARS = "mesh";

    /** Keys by which load testers and relays are told what to do. */
    private static final List<String> WORK = List.of("cmd", "body", "configMap");

    private static final String AFTER_THE_END =
            Stream.of(HookType.values())
                    .filter(type -> type.meaning() instanceof Meaning.AfterTheEnd)
                    .map(HookType::word)
                    .collect(Collectors.joining(" or "));

    private Hints() {}

    /** A sentence for each, which begins with the path. */
    static List<String> of(Subject subject) {
        List<String> hints = new ArrayList<>();
        var service = subject.spec().service();
        if (service != null && Smi.splits(subject.mesh())) {
            list(service.hosts()).stream()
                    .limit(1)
                    .filter(host -> !Smi.isRoot(host, subject.namespace()))
                    .map(
                            host ->
                                    "spec.service.hosts[0]: %s names no Service of namespace %s, so that no call to it could be split; calls to Service %s are, leave it out"
                                            .formatted(
                                                    host,
                                                    subject.namespace(),
                                                    subject.canary().apex()))
                    .forEach(hints::add);
        }
        if (service != null && Istio.MESH.equals(subject.mesh()) && isPortless(service)) {
            hints.add(
                    "spec.service.gateways[0]: is mesh, so that routes name no port, as in Flagger,"
                        + " and of the several ports that portDiscovery gives the Services the"
                        + " other gateways take the one that they listen on; name them first (then"
                        + " calls in the mesh go to spec.service.port whatever they ask for), or"
                        + " leave portDiscovery out");
        }
        if (service != null) {
            hints.addAll(GatewayRules.hints(subject, service));
        }
        if (ServiceProtocol.isTcp(service)
                && subject.mesh().hasRoutes()
                && !subject.mesh().can(Ability.TCP)) {
            hints.add(
                    "spec.service.appProtocol: is tcp, and "
                            + subject.mesh().title()
                            + " shares out requests, as with Flagger: connections of anything but"
                            + " HTTP are not shared out; leave it out if the application speaks"
                            + " HTTP, or use another provider");
        }
        var affinity = subject.analysis().sessionAffinity();
        if (affinity != null
                && subject.mesh().can(Ability.SESSION_AFFINITY)
                && !given(affinity.path())) {
            hints.add(
                    "spec.analysis.sessionAffinity.path: is not set, so that a browser sends the"
                            + " cookie only below the path of the request that it came with, and"
                            + " changes sides elsewhere; set / or what all paths of the application"
                            + " begin with");
        }
        if (affinity != null
                && given(affinity.primaryCookieName())
                && isTested(subject)
                && subject.mesh().can(Ability.SESSION_AFFINITY)) {
            hints.add(
                    "spec.analysis.sessionAffinity.primaryCookieName: is set for nobody beside"
                            + " spec.analysis.match, where it would keep from the canary who"
                            + " matches; leave it out");
        }
        hints.addAll(MirrorHints.of(subject));
        var metrics = list(subject.analysis().metrics());
        for (int place = 0; place < metrics.size(); place++) {
            hints.addAll(ofPods(subject, metrics.get(place), place));
            hints.addAll(
                    ofElsewhere(
                            subject,
                            metrics.get(place).templateRef(),
                            "spec.analysis.metrics[%d].templateRef".formatted(place),
                            "the watcher"));
        }
        var alerts = list(subject.analysis().alerts());
        for (int place = 0; place < alerts.size(); place++) {
            hints.addAll(
                    ofElsewhere(
                            subject,
                            alerts.get(place).providerRef(),
                            "spec.analysis.alerts[%d].providerRef".formatted(place),
                            "the notifier"));
        }
        var hooks = list(subject.analysis().webhooks());
        for (int place = 0; place < hooks.size(); place++) {
            hints.addAll(ofEvents(hooks.get(place), place));
        }
        IntStream.range(0, hooks.size())
                .filter(place -> isWorkOnRollback(hooks.get(place)))
                .mapToObj(
                        place ->
                                ("spec.analysis.webhooks[%d]: takes every release back at its first"
                                     + " check where it answers 2xx, as what does its work does: it"
                                     + " is asked at each check whether to, and not called when"
                                     + " something else takes the release back; for work that"
                                     + " follows a rollback use type %s, which is told the phase"
                                     + " Failed")
                                        .formatted(place, AFTER_THE_END))
                .forEach(hints::add);
        return List.copyOf(hints);
    }

    /** True where requests are told apart by what they say. */
    private static boolean isTested(Subject subject) {
        return !list(subject.analysis().match()).isEmpty()
                && !subject.mesh().conditions().isEmpty()
                && !subject.onTcp();
    }

    /** An installation for one namespace has rights in that alone, unless somebody gave it more. */
    private static List<String> ofElsewhere(
            Subject subject, @Nullable NamespacedRef ref, String path, String who) {
        String served = subject.installation().namespace();
        return served == null
                        || ref == null
                        || !given(ref.namespace())
                        || served.equals(ref.namespace())
                ? List.of()
                : List.of(
                        "%s.namespace: is %s, and this installation is for namespace %s: unless somebody gave %s the right to read there it cannot; move the object, or give it that right"
                                .formatted(path, ref.namespace(), served, who));
    }

    /** A comparison with such a query is refused. */
    private static List<String> ofPods(Subject subject, CanaryMetric metric, int place) {
        return given(metric.query()) && metric.compare() == null
                ? subject.target().stream()
                        .flatMap(
                                kind ->
                                        ComparedQueries.misledByLength(
                                                String.valueOf(metric.query()),
                                                kind,
                                                subject.spec().targetRef().name(),
                                                BaselineRules.isAskedFor(subject))
                                                .stream())
                        .map(found -> "spec.analysis.metrics[%d].query: %s".formatted(place, found))
                        .toList()
                : List.of();
    }

    /** What an event says itself comes in place of the manifest's word. */
    private static List<String> ofEvents(CanaryWebhook hook, int place) {
        var metadata = hook.metadata();
        boolean isTold =
                HookType.of(hook.type())
                        .filter(type -> type.meaning() instanceof Meaning.IsTold)
                        .isPresent();
        return metadata == null || !isTold
                ? List.of()
                : EventMetadata.KEYS.stream()
                        .filter(metadata::containsKey)
                        .map(
                                key ->
                                        "spec.analysis.webhooks[%d].metadata.%s: is never sent, since each event has its own; call it otherwise"
                                                .formatted(place, key))
                        .toList();
    }

    /** A question has nothing to be done in it. */
    private static boolean isWorkOnRollback(CanaryWebhook hook) {
        var metadata = hook.metadata();
        return metadata != null
                && WORK.stream().anyMatch(metadata::containsKey)
                && HookType.of(hook.type())
                        .filter(type -> type.meaning() instanceof Meaning.DemandsRollback)
                        .isPresent();
    }

    /** True where a gateway cannot tell which of several ports is meant. */
    private static boolean isPortless(CanaryService service) {
        var gateways = list(service.gateways());
        return isTrue(service.portDiscovery())
                && !isTrue(service.delegation())
                && gateways.size() > 1
                && gateways.getFirst().equals(SIDECARS);
    }
}
