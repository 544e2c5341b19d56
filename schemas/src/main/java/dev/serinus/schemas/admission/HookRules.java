package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryWebhook;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.events.HookType;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules for webhooks and alerts. A URL is never quoted: it may hold a secret. */
final class HookRules {
    private static final Set<String> TYPES =
            Stream.of(HookType.values())
                    .map(HookRules::word)
                    .collect(Collectors.toUnmodifiableSet());

    private HookRules() {}

    static void check(Subject subject, Findings findings) {
        var hooks = list(subject.analysis().webhooks());
        for (var i = 0; i < hooks.size(); i++) {
            hook(hooks.get(i), "spec.analysis.webhooks[" + i + "]", findings);
        }
        var alerts = list(subject.analysis().alerts());
        for (var i = 0; i < alerts.size(); i++) {
            var path = "spec.analysis.alerts[" + i + "]";
            var alert = alerts.get(i);
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

    /** The type a word stands for: none is a rollout hook; nothing for an unknown word. */
    static Optional<HookType> type(@Nullable String word) {
        return word == null || word.isEmpty()
                ? Optional.of(HookType.ROLLOUT)
                : Stream.of(HookType.values()).filter(type -> word(type).equals(word)).findFirst();
    }

    private static void hook(CanaryWebhook hook, String path, Findings findings) {
        findings.unlessOneOf(TYPES, hook.type(), path + ".type");
        // What is only told never steers a release: Flagger goes on when it cannot be delivered,
        // and so do we.
        var steers =
                type(hook.type())
                        .map(type -> type != HookType.EVENT && type != HookType.POST_ROLLOUT);
        if (!steers.orElse(false)) {
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

    private static String word(HookType type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
