package dev.serinus.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.schemas.hook.HookSecrets;
import dev.serinus.webhook.hook.SecretHeaders;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.Test;

import java.util.Map;

@EnableKubernetesMockClient(crud = true, https = false)
class ClusterSecretsTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    @Test
    void onlyASecretThatSaysSoIsToldToHooks() throws Exception {
        var secrets = new ClusterSecrets(client);
        make("hooks", Map.of(HookSecrets.LABEL, "true"));
        make("database", Map.of());

        assertThat(secrets.find("test", "hooks")).contains(Map.of("Authorization", "Bearer abc"));
        assertThat(secrets.find("test", "none")).isEmpty();
        assertThatThrownBy(() -> secrets.find("test", "database"))
                .isInstanceOf(SecretHeaders.Unreadable.class)
                .hasMessageContaining("serinus.dev/webhook-headers=true")
                .hasMessageNotContaining("abc");
    }

    private static void make(String name, Map<String, String> labels) {
        client.secrets()
                .inNamespace("test")
                .resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace("test")
                                .withName(name)
                                .withLabels(labels)
                                .endMetadata()
                                // "Bearer abc", and a line break
                                .addToData("Authorization", "QmVhcmVyIGFiYwo=")
                                .build())
                .create();
    }
}
