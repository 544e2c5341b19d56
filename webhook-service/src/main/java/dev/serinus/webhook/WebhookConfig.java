package dev.serinus.webhook;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.shell.SettingProblems;

import java.time.Duration;
import java.util.Map;

/**
 * How webhooks are called.
 *
 * @param guard judges where calls may go
 * @param mostAtOnce calls under way together; of those a namespace has a quarter, a canary a
 *     twentieth
 * @param patience how long a call waits for a generation of its Canary that was not seen yet
 * @param signer signs calls, when a key is configured
 * @param environment where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked up
 */
public record WebhookConfig(
        AddressGuard guard,
        int mostAtOnce,
        Duration patience,
        Signer signer,
        Map<String, String> environment) {

    public WebhookConfig {
        environment = Map.copyOf(environment);
        new SettingProblems()
                .unless(
                        mostAtOnce >= 1,
                        "serinus.webhook.most-at-once must be 1 or more, was " + mostAtOnce)
                .unless(
                        patience.isPositive(),
                        "serinus.webhook.patience must be above zero, was " + patience)
                .refuse();
    }

    /** Unsigned, without proxies, link-local addresses refused. */
    public static WebhookConfig defaults() {
        return new WebhookConfig(
                new AddressGuard(false), 500, Duration.ofSeconds(10), Signer.none(), Map.of());
    }

    /** Leaves out the environment, which holds secrets. */
    @Override
    public String toString() {
        return "WebhookConfig[%s, mostAtOnce=%d, patience=%s, %s]"
                .formatted(guard, mostAtOnce, patience, signer);
    }
}
