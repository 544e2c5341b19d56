package dev.serinus.notifier;

import dev.serinus.notifier.chat.Destination;
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
 * What the notifier alone is told by {@code SERINUS_NOTIFIER_*} variables or a configuration file.
 *
 * @param showCluster add the cluster's name to every chat message
 * @param showEvidence add what failed to the messages of services that Flagger tells too; where the
 *     dashboard has an address, when absent
 * @param mostAtOnce calls under way together, per proxy
 * @param patience how long an alert waits for a generation that was not seen yet
 * @param retryFor how long a receiver is asked again before its message is given up
 * @param dashboardUrl address of the dashboard, for links in messages
 * @param signingKey Standard Webhooks keys for the event webhook; instead of it, signingKeyFile
 *     names a file that holds them
 */
@ConfigurationProperties("serinus.notifier")
record NotifierSettings(
        @Bindable(defaultValue = "true") boolean showCluster,
        @Nullable Boolean showEvidence,
        @Bindable(defaultValue = "200") int mostAtOnce,
        @Bindable(defaultValue = "10s") Duration patience,
        @Bindable(defaultValue = "1m") Duration retryFor,
        @Nullable String dashboardUrl,
        @Nullable String signingKey,
        @Nullable Path signingKeyFile)
        implements CheckedSettings {

    static final Duration RETRY_FOR = Duration.ofMinutes(1);

    Signer signer() {
        return SigningKeys.signer("serinus.notifier", signingKey, signingKeyFile);
    }

    /** With what others are told, which has bounds of its own. */
    NotifierConfig config(
            @Nullable Destination global,
            @Nullable String eventWebhook,
            AddressGuard guard,
            Signer signer,
            Map<String, String> environment) {
        boolean hasDashboard = dashboardUrl != null && !dashboardUrl.isBlank();
        return new NotifierConfig(
                global,
                eventWebhook,
                showCluster,
                NotifierConfig.showsEvidence(showEvidence, dashboardUrl),
                guard,
                mostAtOnce,
                patience,
                retryFor,
                hasDashboard ? dashboardUrl : null,
                signer,
                environment);
    }

    @Override
    public List<String> problems() {
        return new SettingProblems()
                .of(() -> config(null, null, new AddressGuard(false), Signer.none(), Map.of()))
                .of(this::signer)
                .all();
    }

    /** Leaves out the key. */
    @Override
    public String toString() {
        return "NotifierSettings[mostAtOnce="
                + mostAtOnce
                + ", patience="
                + patience
                + ", retryFor="
                + retryFor
                + "]";
    }
}
