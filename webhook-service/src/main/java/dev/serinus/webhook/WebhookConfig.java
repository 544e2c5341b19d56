package dev.serinus.webhook;

import dev.serinus.schemas.outgoing.Signer;

import java.time.Duration;
import java.util.Map;

/**
 * How webhooks are called.
 *
 * @param allowLinkLocal let calls go to link-local and metadata addresses
 * @param mostAtOnce calls under way together, for all canaries
 * @param patience how long a call waits for a generation of its Canary that was not seen yet
 * @param signer signs calls, when a key is configured
 * @param environment where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked up
 */
public record WebhookConfig(
        boolean allowLinkLocal,
        int mostAtOnce,
        Duration patience,
        Signer signer,
        Map<String, String> environment) {

    public WebhookConfig {
        environment = Map.copyOf(environment);
        if (mostAtOnce < 1) {
            throw new IllegalArgumentException(
                    "serinus.webhook.most-at-once must be 1 or more, was " + mostAtOnce);
        }
        if (!patience.isPositive()) {
            throw new IllegalArgumentException(
                    "serinus.webhook.patience must be above zero, was " + patience);
        }
    }

    /** Unsigned, without proxies, link-local addresses refused. */
    public static WebhookConfig defaults() {
        return new WebhookConfig(false, 500, Duration.ofSeconds(10), Signer.none(), Map.of());
    }

    /** Leaves out the environment, which holds secrets. */
    @Override
    public String toString() {
        return "WebhookConfig[allowLinkLocal=%s, mostAtOnce=%d, patience=%s, %s]"
                .formatted(allowLinkLocal, mostAtOnce, patience, signer);
    }
}
