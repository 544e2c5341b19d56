package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryWebhook;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.HeaderRules;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.hook.HookMethods;
import dev.serinus.schemas.hook.HookType;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules for webhooks and alerts. A URL is never quoted: it may hold a secret. */
final class HookRules {
    private static final Set<String> TYPES =
            Stream.of(HookType.values())
                    .map(HookType::word)
                    .collect(Collectors.toUnmodifiableSet());

    /** What tells one call from another, and vouches for it. */
    private static final Set<String> OWN_HEADERS =
            Set.of("webhook-id", "webhook-timestamp", "webhook-signature", "traceparent", "prefer");

    private static final int MOST_HEADERS = 50;
    private static final int LONGEST_HEADER = 4096;

    private HookRules() {}

    static void check(Subject subject, Findings findings) {
        var limits = subject.installation().limits();
        var hooks = list(subject.analysis().webhooks());
        findings.note(
                ManifestLimits.tooMany(hooks.size(), limits.webhooks()), "spec.analysis.webhooks");
        for (var i = 0; i < Math.min(hooks.size(), limits.webhooks()); i++) {
            hook(hooks.get(i), "spec.analysis.webhooks[" + i + "]", limits, findings);
        }
        var metadata =
                hooks.stream().map(CanaryWebhook::metadata).filter(Objects::nonNull).toList();
        if (metadata.stream().allMatch(it -> limits.metadata(it).isEmpty())) {
            findings.note(limits.allMetadata(metadata), "spec.analysis.webhooks");
        }
        alerts(subject, findings);
    }

    private static void alerts(Subject subject, Findings findings) {
        var most = subject.installation().limits().alerts();
        var alerts = list(subject.analysis().alerts());
        findings.note(ManifestLimits.tooMany(alerts.size(), most), "spec.analysis.alerts");
        for (var i = 0; i < Math.min(alerts.size(), most); i++) {
            var path = "spec.analysis.alerts[" + i + "]";
            var alert = alerts.get(i);
            findings.unlessObject(alert.providerRef(), path + ".providerRef");
            findings.unlessOneOf(
                    Set.of("info", "warn", "error"), alert.severity(), path + ".severity");
            findings.when(
                    subject.forbids(alert.providerRef().namespace()),
                    path + ".providerRef.namespace",
                    ServiceRules.blocked(
                            "alert provider",
                            alert.providerRef().name(),
                            alert.providerRef().namespace()));
        }
    }

    private static void hook(
            CanaryWebhook hook, String path, ManifestLimits limits, Findings findings) {
        findings.unlessOneOf(TYPES, hook.type(), path + ".type");
        findings.note(
                Durations.webhookTimeout(hook.timeout()).flatMap(limits::timeout),
                path + ".timeout");
        findings.note(limits.retries(Subject.number(hook.retries(), 0)), path + ".retries");
        findings.note(
                limits.metadata(hook.metadata() == null ? Map.of() : hook.metadata()),
                path + ".metadata");
        findings.unlessOneOf(HookMethods.ALL, hook.method(), path + ".method");
        headers(hook, path, findings);
        // What is only told never steers a release: Flagger goes on when it cannot be delivered,
        // and so do we. Of an unknown type nobody knows, and most decide.
        if (HookType.of(hook.type()).filter(it -> !it.decides()).isPresent()) {
            return;
        }
        findings.when(
                !Subject.isAddress(hook.url()),
                path + ".url",
                "must begin with http:// or https:// and a host, or no call would ever succeed");
        findings.when(
                Durations.webhookTimeout(hook.timeout()).isEmpty(),
                path + ".timeout",
                "must be a duration above 0 such as 30s, or no call would ever succeed");
    }

    /** A value is never quoted: it may be a secret all the same. */
    private static void headers(CanaryWebhook hook, String path, Findings findings) {
        Map<String, String> headers = hook.headers() == null ? Map.of() : hook.headers();
        findings.when(
                headers.size() > MOST_HEADERS,
                path + ".headers",
                "has %d entries, %d are allowed".formatted(headers.size(), MOST_HEADERS));
        headers.forEach(
                (name, value) ->
                        findings.when(
                                !isHeader(name, value),
                                path + ".headers." + name,
                                "cannot be sent: a header of HTTP's own or of Serinus', a name with"
                                    + " other characters than HTTP allows, or a value with a line"
                                    + " break or more than 4096 characters"));
        if (hook.secretRef() != null) {
            findings.unlessObject(
                    new NamespacedRef(hook.secretRef().name(), null), path + ".secretRef");
        }
    }

    private static boolean isHeader(String name, String value) {
        return HeaderRules.isHeader(name, value)
                && value.length() <= LONGEST_HEADER
                && !OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT));
    }
}
