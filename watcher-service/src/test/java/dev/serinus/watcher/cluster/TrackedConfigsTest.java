package dev.serinus.watcher.cluster;

import static dev.serinus.watcher.Objects.apply;
import static dev.serinus.watcher.Objects.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.cluster.ResourceWatch;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

@EnableKubernetesMockClient(crud = true, https = false)
class TrackedConfigsTest {

    private static final String CONFIG =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: test}
            data: {color: blue}
            """;

    private static final String SECRET =
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: token, namespace: test}
            data: {token: Zmlyc3Q=}
            """;

    private static final Ref SETTINGS = Kind.CONFIG_MAP.named("test", "settings");
    private static final Ref TOKEN = Kind.SECRET.named("test", "token");

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final List<Ref> told = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // each test begins with start()
    private TrackedConfigs configs;

    private void start(SecretChanges secrets) throws InterruptedException {
        configs = new TrackedConfigs(client, installation("http://prometheus:9090"), secrets);
        configs.onChange(told::add);
        configs.watches().values().forEach(ResourceWatch::start);
        await().until(() -> configs.watches().values().stream().allMatch(ResourceWatch::isCurrent));
        var _ = requests();
    }

    @AfterEach
    void close() {
        configs.watches().values().forEach(ResourceWatch::close);
        server.reset();
    }

    private static List<String> requests() throws InterruptedException {
        List<String> requests = new ArrayList<>();
        for (var request = server.takeRequest(0, TimeUnit.SECONDS);
                request != null;
                request = server.takeRequest(0, TimeUnit.SECONDS)) {
            requests.add(request.getMethod() + " " + request.getPath());
        }
        return requests;
    }

    @Test
    void aContentIsReadOnceForEachVersion() throws InterruptedException {
        apply(client, CONFIG);
        start(SecretChanges.WATCHED);
        assertThat(requests()).as("nobody asked for it").isEmpty();

        assertThat(configs.find(SETTINGS, true))
                .contains(new Config(true, "f234cb93c08ad64e"))
                .isEqualTo(configs.find(SETTINGS, true));
        assertThat(requests()).containsExactly("GET /api/v1/namespaces/test/configmaps/settings");

        apply(client, CONFIG.replace("blue", "green"));
        await().until(() -> told.contains(SETTINGS));
        assertThat(configs.find(SETTINGS, true).orElseThrow().checksum())
                .isNotEqualTo("f234cb93c08ad64e");
    }

    @Test
    void whatTheWatchDoesNotShowIsAskedForOnlyWhenItMustBeCertain() throws InterruptedException {
        start(SecretChanges.WATCHED);

        assertThat(configs.find(SETTINGS, false)).isEmpty();
        assertThat(requests()).isEmpty();
        assertThat(configs.find(SETTINGS, true)).isEmpty();
        assertThat(requests()).hasSize(1);
    }

    @Test
    void secretsAreGotByNameAndNeitherListedNorWatched() throws InterruptedException {
        apply(client, SECRET);
        start(SecretChanges.ASKED);

        var first = configs.find(TOKEN, true).orElseThrow();
        configs.askForSecrets();
        assertThat(told).isEmpty();
        assertThat(configs.find(TOKEN, true)).contains(first);
        assertThat(requests())
                .as("once for its content, once for its version")
                .containsOnly("GET /api/v1/namespaces/test/secrets/token")
                .hasSize(2);

        apply(client, SECRET.replace("Zmlyc3Q=", "c2Vjb25k"));
        configs.askForSecrets();
        assertThat(told).containsExactly(TOKEN);
        assertThat(configs.find(TOKEN, true).orElseThrow()).isNotEqualTo(first);
    }

    @Test
    void aSecretThatAppearsOrGoesIsTold() throws InterruptedException {
        start(SecretChanges.ASKED);
        assertThat(configs.find(TOKEN, true)).isEmpty();

        apply(client, SECRET);
        configs.askForSecrets();
        assertThat(told).containsExactly(TOKEN);
        assertThat(configs.find(TOKEN, true)).isPresent();

        client.secrets().inNamespace("test").withName("token").delete();
        configs.askForSecrets();
        assertThat(told).containsExactly(TOKEN, TOKEN);
        assertThat(configs.find(TOKEN, true)).isEmpty();
    }

    @Test
    void aSecretThatNobodyFollowsAnyMoreIsNotAskedFor() throws InterruptedException {
        apply(client, SECRET);
        start(SecretChanges.ASKED);
        assertThat(configs.find(TOKEN, true)).isPresent();
        var _ = requests();

        configs.forget(TOKEN);
        configs.askForSecrets();

        assertThat(requests()).isEmpty();
    }

    @Test
    void aWatchedSecretIsToldOfAtOnce() throws InterruptedException {
        apply(client, SECRET);
        start(SecretChanges.WATCHED);
        var first = configs.find(TOKEN, true).orElseThrow();

        apply(client, SECRET.replace("Zmlyc3Q=", "c2Vjb25k"));

        await().until(() -> told.contains(TOKEN));
        assertThat(configs.find(TOKEN, true).orElseThrow()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../kube-system/secrets/x", "a/b", "a?watch=true", "A", ""})
    void aNameThatWouldLeadElsewhereIsNeverAskedFor(String name) throws InterruptedException {
        start(SecretChanges.ASKED);

        assertThat(configs.find(Kind.SECRET.named("test", name), true)).isEmpty();
        assertThat(configs.find(Kind.CONFIG_MAP.named("test", name), true)).isEmpty();
        assertThat(requests()).isEmpty();
    }
}
