package dev.serinus.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Network;
import dev.serinus.schemas.shell.InstallationSettings;
import dev.serinus.schemas.shell.OutgoingSettings;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micronaut.context.ApplicationContext;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

@EnableKubernetesMockClient(crud = true, https = false)
class WebhookSettingsTest {

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
            var settings = context.getBean(WebhookSettings.class);
            var installation = context.getBean(InstallationSettings.class).installation();

            assertThat(installation.cluster()).isEqualTo("lab");
            assertThat(installation.namespace()).isNull();
            assertThat(settings.config(new AddressGuard(false), Map.of()).toString())
                    .isEqualTo(WebhookConfig.defaults().toString())
                    .isEqualTo(
                            "WebhookConfig[AddressGuard[allowLinkLocal=false, denied=[]],"
                                    + " mostAtOnce=500, patience=PT10S,"
                                    + " Signer[0 keys]]");
        }
    }

    @Test
    void everyPropertyCanBeSet(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("keys"), KEY + "\n" + KEY + "\n");
        try (var context =
                context(
                        Map.of(
                                "serinus.namespace",
                                "shop",
                                "serinus.allow-link-local",
                                true,
                                "serinus.deny-networks",
                                "10.0.0.0/8, fd00::/8",
                                "serinus.webhook.most-at-once",
                                7,
                                "serinus.webhook.patience",
                                "3s",
                                "serinus.webhook.signing-key-file",
                                file.toString()))) {
            var settings = context.getBean(WebhookSettings.class);
            var installation = context.getBean(InstallationSettings.class).installation();
            var config =
                    settings.config(
                            context.getBean(OutgoingSettings.class).guard(),
                            Map.of("HTTP_PROXY", "http://proxy:1"));

            assertThat(installation.namespace()).isEqualTo("shop");
            assertThat(config.guard())
                    .isEqualTo(new AddressGuard(true, Network.list("10.0.0.0/8, fd00::/8")));
            assertThat(config.mostAtOnce()).isEqualTo(7);
            assertThat(config.patience()).isEqualTo(Duration.ofSeconds(3));
            assertThat(config.signer()).hasToString("Signer[2 keys]");
            assertThat(config.toString()).doesNotContain("proxy");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "serinus.webhook.most-at-once, 0, SERINUS_WEBHOOK_MOST_AT_ONCE must be 1 or more",
        "serinus.deny-networks, 10.0.0.0/99, 'is no network: write it as 10.0.0.0/8'",
        "serinus.webhook.patience, 0s, SERINUS_WEBHOOK_PATIENCE must be above zero",
        "serinus.webhook.signing-key, s3cr3t, a signing key is written whsec_BASE64"
    })
    void aValueOutOfBoundsIsRefusedByNameAndNotQuoted(String property, String value, String why) {
        assertThatThrownBy(() -> context(Map.of(property, value)))
                .rootCause()
                .hasMessageContaining(why)
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void allThatCannotBeReadOrUsedIsToldAtOnce() {
        assertThatThrownBy(
                        () ->
                                context(
                                        Map.of(
                                                "serinus.webhook.most-at-once",
                                                "many",
                                                "serinus.webhook.patience",
                                                "0s",
                                                "serinus.allow-link-local",
                                                "maybe",
                                                "serinus.limits.metrics",
                                                "-1",
                                                "serinus.min-interval",
                                                "soon")))
                .rootCause()
                .hasMessage(
                        "SERINUS_ALLOW_LINK_LOCAL has to be true or false, was 'maybe';"
                                + " SERINUS_LIMITS_METRICS must be 1 or more, was -1;"
                                + " SERINUS_MIN_INTERVAL has to be a duration such as 30s, 10m or"
                                + " 1h, was 'soon';"
                                + " SERINUS_WEBHOOK_MOST_AT_ONCE has to be a whole number, was"
                                + " 'many';"
                                + " SERINUS_WEBHOOK_PATIENCE must be above zero, was 0s");
    }

    @ParameterizedTest
    @CsvSource({
        "true, true", "True, true", "TRUE, true", "Yes, true", "On, true", "y, true",
        "false, false", "False, false", "FALSE, false", "No, false", "Off, false", "0, false"
    })
    void trueAndFalseAreTakenInAnyCase(String written, boolean meant) {
        try (var context = context(Map.of("serinus.dry-run", written))) {
            assertThat(context.getBean(InstallationSettings.class).dryRun()).isEqualTo(meant);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1m30s, PT1M30S",
        "1.5m, PT1M30S",
        "1h30m, PT1H30M",
        "500ms, PT0.5S",
        "20s, PT20S",
        "1d, PT24H",
        "PT40S, PT40S"
    })
    void durationsAreReadAsFlagsAndManifestsWriteThem(String written, Duration meant) {
        try (var context = context(Map.of("serinus.min-interval", written))) {
            assertThat(context.getBean(InstallationSettings.class).minInterval()).isEqualTo(meant);
        }
    }

    @Test
    void whatTheFrameworkWouldTakeForFalseForABlankIsRefused() {
        assertThatThrownBy(() -> context(Map.of("serinus.dry-run", "true ")))
                .rootCause()
                .hasMessage("SERINUS_DRY_RUN has to be true or false, was 'true '");
    }

    @Test
    void anEmptyVariableSaysNothing() {
        try (var context = context(Map.of("serinus.webhook.patience", ""))) {
            assertThat(context.getBean(WebhookSettings.class).patience())
                    .isEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    void twoPlacesForTheKeyAreOneTooMany() {
        assertThatThrownBy(
                        () ->
                                context(
                                        Map.of(
                                                "serinus.webhook.signing-key",
                                                KEY,
                                                "serinus.webhook.signing-key-file",
                                                "/x")))
                .rootCause()
                .hasMessageContaining("not both")
                .hasMessageNotContaining("MfKQ9");
    }

    private static ApplicationContext context(Map<String, Object> properties) {
        var all = new HashMap<>(properties);
        all.put("serinus.cluster-name", "lab");
        return ApplicationContext.builder().properties(all).banner(false).start();
    }
}
