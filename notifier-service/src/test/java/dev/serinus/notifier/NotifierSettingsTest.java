package dev.serinus.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Network;
import dev.serinus.schemas.shell.InstallationSettings;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micronaut.context.ApplicationContext;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

@EnableKubernetesMockClient(crud = true, https = false)
class NotifierSettingsTest {

    private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    @BeforeEach
    void useTheMock() {
        TestBeans.client = client;
    }

    @Test
    void defaults() {
        try (var context = context(Map.of())) {
            var installation = context.getBean(InstallationSettings.class).installation();
            var config = context.getBean(NotifierConfig.class);

            assertThat(installation.cluster()).isEqualTo("lab");
            assertThat(installation.namespace()).isNull();
            assertThat(installation.noCrossNamespaceRefs()).isFalse();
            assertThat(config.global()).isNull();
            assertThat(config.eventWebhook()).isNull();
            assertThat(config.guard()).isEqualTo(new AddressGuard(false));
            assertThat(config.toString())
                    .isEqualTo(NotifierConfig.defaults().toString())
                    .isEqualTo(
                            "NotifierConfig[global=null, eventWebhook=false, showCluster=true,"
                                    + " showEvidence=false,"
                                    + " AddressGuard[allowLinkLocal=false, denied=[]],"
                                    + " mostAtOnce=200, patience=PT10S, retryFor=PT1M,"
                                    + " dashboard=null, Signer[0 keys]]");
        }
    }

    @Test
    void everyPropertyCanBeSet() {
        var all = new HashMap<String, Object>();
        all.put("serinus.namespace", "shop");
        all.put("serinus.allow-link-local", true);
        all.put("serinus.deny-networks", "10.0.0.0/8");
        all.put("serinus.no-cross-namespace-refs", true);
        all.put("serinus.notifier.show-cluster", false);
        all.put("serinus.notifier.most-at-once", 7);
        all.put("serinus.notifier.patience", "3s");
        all.put("serinus.notifier.retry-for", "5m");
        all.put("serinus.notifier.dashboard-url", "https://serinus.example/");
        all.put("serinus.notifier.signing-key", KEY);
        all.put("slack.url", "https://slack.example/s3cr3t");
        all.put("slack.token", "t0k3n");
        all.put("slack.proxy-url", "http://proxy.example:3128");
        all.put("slack.user", "lab-bot");
        all.put("slack.channel", "ops");
        all.put("event-webhook.url", "https://events.example/s3cr3t");
        try (var context = context(all)) {
            var installation = context.getBean(InstallationSettings.class).installation();
            var config = context.getBean(NotifierConfig.class);
            var global = config.global();

            assertThat(installation.namespace()).isEqualTo("shop");
            assertThat(installation.noCrossNamespaceRefs()).isTrue();
            assertThat(config.guard())
                    .isEqualTo(new AddressGuard(true, Network.list("10.0.0.0/8")));
            assertThat(config.showCluster()).isFalse();
            assertThat(config.showEvidence()).isTrue();
            assertThat(config.mostAtOnce()).isEqualTo(7);
            assertThat(config.patience()).isEqualTo(Duration.ofSeconds(3));
            assertThat(config.retryFor()).isEqualTo(Duration.ofMinutes(5));
            assertThat(config.dashboard()).isEqualTo("https://serinus.example");
            assertThat(config.signer()).hasToString("Signer[1 keys]");
            assertThat(config.eventWebhook()).isEqualTo("https://events.example/s3cr3t");
            assertThat(global).isNotNull();
            assertThat(global.type()).isEqualTo("slack");
            assertThat(global.address()).isEqualTo("https://slack.example/s3cr3t");
            assertThat(global.token()).isEqualTo("t0k3n");
            assertThat(global.proxy()).isEqualTo("http://proxy.example:3128");
            assertThat(global.username()).isEqualTo("lab-bot");
            assertThat(global.channel()).isEqualTo("ops");
            assertThat(config.toString()).doesNotContain("s3cr3t", "t0k3n", "proxy");
        }
    }

    @Test
    void teamsTakesThePlaceOfSlackAsInFlagger() {
        var global =
                GlobalSettings.global(
                        new GlobalSettings.Slack("https://slack.example", null, null, "x", "ops"),
                        new GlobalSettings.MsTeams("https://teams.example", null));

        assertThat(global).isNotNull();
        assertThat(global.type()).isEqualTo("msteams");
    }

    @Test
    void aSlackThatTeamsTakesThePlaceOfNeedsNoChannel() {
        try (var context =
                context(
                        Map.of(
                                "slack.url",
                                "https://slack.example",
                                "msteams.url",
                                "https://teams.example"))) {
            var global = context.getBean(NotifierConfig.class).global();

            assertThat(global).isNotNull();
            assertThat(global.type()).isEqualTo("msteams");
        }
    }

    @Test
    void aSlackWithoutAChannelIsToldTogetherWithAllElse() {
        assertThatThrownBy(
                        () ->
                                context(
                                        Map.of(
                                                "slack.url",
                                                "https://slack.example",
                                                "serinus.notifier.most-at-once",
                                                0)))
                .rootCause()
                .hasMessageContaining("SERINUS_NOTIFIER_MOST_AT_ONCE must be 1 or more")
                .hasMessageContaining("set SLACK_CHANNEL");
    }

    /** Who has given the dashboard an address has asked for more than Flagger says. */
    @ParameterizedTest
    @CsvSource(
            value = {
                "https://serinus.example, -, true",
                "https://serinus.example, false, false",
                "-, true, true",
                "-, -, false"
            },
            nullValues = "-")
    void whatFailedIsShownWhereThatIsAskedForOrTheDashboardHasAnAddress(
            @Nullable String dashboard, @Nullable String set, boolean shown) {
        var all = new HashMap<String, Object>();
        if (dashboard != null) {
            all.put("serinus.notifier.dashboard-url", dashboard);
        }
        if (set != null) {
            all.put("serinus.notifier.show-evidence", set);
        }
        try (var context = context(all)) {
            assertThat(context.getBean(NotifierConfig.class).showEvidence()).isEqualTo(shown);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "serinus.notifier.most-at-once, 0, SERINUS_NOTIFIER_MOST_AT_ONCE must be 1 or more",
        "serinus.notifier.patience, 0s, SERINUS_NOTIFIER_PATIENCE must be above zero",
        "serinus.notifier.retry-for, 11m, SERINUS_NOTIFIER_RETRY_FOR must be 0s to 10m",
        "serinus.notifier.dashboard-url, s3cr3t, SERINUS_NOTIFIER_DASHBOARD_URL must be an http",
        "serinus.notifier.signing-key, s3cr3t, a signing key is written whsec_BASE64",
        "slack.url, https://x.example/s3cr3t, SLACK_URL is set but SLACK_CHANNEL is not",
        "event-webhook.url, mailto:s3cr3t, EVENT_WEBHOOK_URL must be an http or https address"
    })
    void aValueOutOfBoundsIsRefusedByNameAndNotQuoted(String property, String value, String why) {
        assertThatThrownBy(() -> context(Map.of(property, value)))
                .rootCause()
                .hasMessageContaining(why)
                .hasMessageNotContaining("s3cr3t");
    }

    private static ApplicationContext context(Map<String, Object> properties) {
        var all = new HashMap<>(properties);
        all.put("serinus.cluster-name", "lab");
        return ApplicationContext.builder().properties(all).banner(false).start();
    }
}
