package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.Installation;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

@EnableKubernetesMockClient(crud = true, https = false)
class InstallationCheckTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient empty;

    @Test
    void aMeshThatIsNotInTheClusterIsToldWithItsKinds() {
        assertThat(InstallationCheck.missing(empty, installation("istio", null)))
                .singleElement()
                .asString()
                .contains("does not know DestinationRule (networking.istio.io/v1beta1), Virtual")
                .contains("is Istio installed?", "--mesh-provider");
        assertThat(InstallationCheck.missing(empty, installation("gatewayapi:v1", null)))
                .singleElement()
                .asString()
                .contains("HTTPRoute (gateway.networking.k8s.io/v1)");
    }

    @Test
    void aMeshThatIsThereOrNeedsNothingIsNoNews() throws Exception {
        assertThat(InstallationCheck.missing(empty, installation("kubernetes", null))).isEmpty();
        try (var server = new ApiServerStub(0, 200, _ -> true);
                var client =
                        new KubernetesClientBuilder()
                                .withConfig(server.config().config())
                                .build()) {
            assertThat(InstallationCheck.missing(client, installation("istio", null))).isEmpty();
        }
    }

    @Test
    void aNamespaceThatIsNotThereIsTold() {
        assertThat(InstallationCheck.missing(empty, installation("kubernetes", "shpo")))
                .containsExactly("there is no namespace shpo: no other is looked at (--namespace)");
        empty.resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName("shop")
                                .endMetadata()
                                .build())
                .create();
        assertThat(InstallationCheck.missing(empty, installation("kubernetes", "shop"))).isEmpty();
    }

    private static Installation installation(String provider, @Nullable String namespace) {
        return new Installation(
                "test",
                namespace,
                provider,
                "http://prometheus:9090",
                Duration.ofSeconds(10),
                List.of("app"),
                true,
                List.of(),
                false);
    }
}
