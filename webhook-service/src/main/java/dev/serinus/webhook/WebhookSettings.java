package dev.serinus.webhook;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.shell.CheckedSettings;
import dev.serinus.schemas.shell.SettingProblems;
import dev.serinus.schemas.shell.SigningKeys;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the webhook service alone is told by {@code SERINUS_WEBHOOK_*} variables or a configuration
 * file.
 *
 * @param mostAtOnce calls under way together
 * @param patience how long a call waits for a generation that was not seen yet
 * @param signingKey Standard Webhooks keys; instead of it, signingKeyFile names a file that holds
 *     them
 */
@ConfigurationProperties("serinus.webhook")
record WebhookSettings(
        @Bindable(defaultValue = "500") int mostAtOnce,
        @Bindable(defaultValue = "10s") Duration patience,
        @Nullable String signingKey,
        @Nullable Path signingKeyFile)
        implements CheckedSettings {

    WebhookConfig config(AddressGuard guard, Map<String, String> environment) {
        return config(guard, signer(), environment);
    }

    private WebhookConfig config(
            AddressGuard guard, Signer signer, Map<String, String> environment) {
        return new WebhookConfig(guard, mostAtOnce, patience, signer, environment);
    }

    private Signer signer() {
        return SigningKeys.signer("serinus.webhook", signingKey, signingKeyFile);
    }

    @Override
    public List<String> problems() {
        return new SettingProblems()
                .of(() -> config(new AddressGuard(false), Signer.none(), Map.of()))
                .of(this::signer)
                .all();
    }

    /** Leaves out the key. */
    @Override
    public String toString() {
        return "WebhookSettings[mostAtOnce=" + mostAtOnce + ", patience=" + patience + "]";
    }
}
