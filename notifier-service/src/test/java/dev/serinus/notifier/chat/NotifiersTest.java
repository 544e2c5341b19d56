package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.canary.AlertProviderSpec;
import dev.serinus.schemas.canary.SecretRef;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;

/** What names chat services elsewhere is held against the list. */
class NotifiersTest {

    @Test
    void theDefinitionOfAlertProvidersAllowsWhatIsServed() throws IOException {
        String definition;
        try (var stream =
                Notifiers.class.getResourceAsStream(
                        "/dev/serinus/schemas/crd/AlertProvider.yaml")) {
            definition = new String(stream.readAllBytes(), UTF_8);
        }
        var type = Pattern.compile("spec\\.type: .*enum: \\[(.*?)]").matcher(definition);

        assertThat(type.find()).isTrue();
        assertThat(Arrays.asList(type.group(1).split(", ")))
                .containsExactlyInAnyOrderElementsOf(Notifiers.ALL.types());
    }

    /** Without a Secret all is known that will ever be: what is missing stays missing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    pagerduty | https://events.pagerduty.com/v2/enqueue | spec.secretRef | the key token
                    opsgenie  | https://api.opsgenie.com                | spec.secretRef | the key token
                    grafana   | https://grafana.example                 | spec.secretRef | the key token
                    github    | https://github.com/shop/cart            | spec.secretRef | the key token
                    github    | https://github.example/                 | spec.address   | OWNER/REPOSITORY
                    gitlab    | https://gitlab.com/shop                 | spec.address   | GROUP/PROJECT
                    slack     | https://slack.com/api/chat.postMessage  | spec.secretRef | the key token
                    slack     | hooks.slack.com/services/x              | spec.address   | https://
                    msteams   | hooks.office.com/abc                    | spec.address   | https://
                    custom    | ftp://relay.example                     | spec.address   | https://
                    email     | https://mail.example                    | spec.address   | smtp://
                    """)
    void whatCanNeverWorkIsTold(String type, String address, String path, String words) {
        assertThat(Notifiers.ALL.problems(provider(type, address, null)))
                .anyMatch(each -> each.startsWith(path + " ") && each.contains(words))
                .noneMatch(each -> each.contains(address));
    }

    @ParameterizedTest
    @CsvSource({
        "slack, https://hooks.slack.com/services/T/B/x",
        "slack, http://chat-relay.shop:8080/api/chat.postMessage",
        "msteams, https://shop.webhook.office.com/webhookb2/a",
        "discord, https://discord.com/api/webhooks/1/a",
        "gchat, https://chat.googleapis.com/v1/spaces/A/messages?key=a&token=b",
        "rocket, https://rocket.example/hooks/a/b",
        "custom, http://relay:8080"
    })
    void whatNeedsNoSecretIsTaken(String type, String address) {
        assertThat(Notifiers.ALL.problems(provider(type, address, null))).isEmpty();
    }

    @Test
    void ofOneWithASecretOnlyTheAddressThatItShowsIsJudged() {
        assertThat(Notifiers.ALL.problems(provider("pagerduty", null, new SecretRef("pager"))))
                .isEmpty();
        assertThat(
                        Notifiers.ALL.problems(
                                provider("msteams", null, new SecretRef("teams")),
                                Map.of("address", "hooks.office.com/abc")))
                .singleElement()
                .asString()
                .startsWith("its Secret has the key address, which must begin with https://")
                .doesNotContain("hooks.office.com");
    }

    private static AlertProviderSpec provider(
            String type, @Nullable String address, @Nullable SecretRef secret) {
        return new AlertProviderSpec(
                type, null, null, address, null, secret, null, null, null, null, null);
    }

    @Test
    void theReadmeNamesWhatIsServed() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(Notifiers.ALL.types())
                .allSatisfy(type -> assertThat(readme).contains("| `" + type + "` | `chat/"));
    }
}
