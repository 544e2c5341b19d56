package dev.serinus.notifier;

import dev.serinus.notifier.chat.Destination;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.shell.SettingProblems;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;

/**
 * Who is told.
 *
 * @param global chat for Canaries without alerts of their own; nobody when null
 * @param eventWebhook address that is told every event; nobody when null
 * @param showCluster add the cluster's name to every chat message
 * @param showEvidence add what failed to the messages of services that Flagger tells too
 * @param guard judges where calls may go
 * @param mostAtOnce calls under way together; of those a namespace has a quarter, a canary a
 *     twentieth
 * @param patience how long an alert waits for a generation of its Canary that was not seen yet
 * @param retryFor how long a receiver is asked again before its message is given up
 * @param dashboard its address, for links; none when null
 * @param signer signs calls of the event webhook, when a key is configured
 * @param environment where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked up
 */
public record NotifierConfig(
        @Nullable Destination global,
        @Nullable String eventWebhook,
        boolean showCluster,
        boolean showEvidence,
        AddressGuard guard,
        int mostAtOnce,
        Duration patience,
        Duration retryFor,
        @Nullable String dashboard,
        Signer signer,
        Map<String, String> environment) {

    public NotifierConfig {
        environment = Map.copyOf(environment);
        if (dashboard != null) {
            dashboard = Addresses.withoutSlashesAtTheEnd(dashboard.strip());
        }
        new SettingProblems()
                .unless(
                        mostAtOnce >= 1,
                        "serinus.notifier.most-at-once must be 1 or more, was " + mostAtOnce)
                .unless(
                        !retryFor.isNegative() && retryFor.compareTo(Duration.ofMinutes(10)) <= 0,
                        "serinus.notifier.retry-for must be 0s to 10m, was " + retryFor)
                .unless(
                        dashboard == null || Addresses.parse(dashboard).isPresent(),
                        "serinus.notifier.dashboard-url must be an http or https address")
                .unless(
                        patience.isPositive(),
                        "serinus.notifier.patience must be above zero, was " + patience)
                .refuse();
    }

    /** Only what Canaries ask for themselves; no global chat, no event webhook. */
    public static NotifierConfig defaults() {
        return new NotifierConfig(
                null,
                null,
                true,
                false,
                new AddressGuard(false),
                200,
                Duration.ofSeconds(10),
                NotifierSettings.RETRY_FOR,
                null,
                Signer.none(),
                Map.of());
    }

    /**
     * Whether what failed is added to the messages of services that Flagger tells too: where there
     * is a dashboard, unless somebody says it.
     */
    public static boolean showsEvidence(@Nullable Boolean said, @Nullable String dashboard) {
        return said == null ? dashboard != null && !dashboard.isBlank() : said;
    }

    /** Leaves out addresses, tokens and the environment. */
    @Override
    public String toString() {
        return "NotifierConfig[global=%s, eventWebhook=%s, showCluster=%s, showEvidence=%s, %s, mostAtOnce=%d, patience=%s, retryFor=%s, dashboard=%s, %s]"
                .formatted(
                        global,
                        eventWebhook != null,
                        showCluster,
                        showEvidence,
                        guard,
                        mostAtOnce,
                        patience,
                        retryFor,
                        dashboard,
                        signer);
    }
}
