package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryWebhook;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.hook.HookType;

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
        // What is only told never steers a release: Flagger goes on when it cannot be delivered,
        // and so do we.
        if (!HookType.of(hook.type()).map(HookType::decides).orElse(false)) {
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
}
