package dev.serinus.watcher.observe;

import static dev.serinus.watcher.Objects.CANARY;
import static dev.serinus.watcher.Objects.applyCanary;
import static dev.serinus.watcher.Objects.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.events.CanariesListed;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.ListedCanary;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.PartitionedOutbox;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Partitions;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.SecretChanges;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

@EnableKubernetesMockClient(crud = true, https = false)
class ListingTest {

    private static final int PARTITIONS = 3;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final Sent sent = new Sent();

    /** Where a record was sent. */
    private record Letter(int partition, CanaryKey key, Change change) {
        CanariesListed list() {
            return (CanariesListed) change.getBody();
        }
    }

    private static final class Sent implements PartitionedOutbox {

        private final List<Letter> letters = new ArrayList<>();

        @Override
        public int partitions(Topic<CanaryKey, ?> topic) {
            return PARTITIONS;
        }

        @Override
        public <V> void send(Topic<CanaryKey, V> topic, int partition, CanaryKey key, V value) {
            letters.add(new Letter(partition, key, (Change) value));
        }
    }

    @AfterEach
    void reset() {
        server.reset();
    }

    private void tell(Installation installation, int mostBytes) throws InterruptedException {
        var claims = new Claims().settle("lab", "kafka");
        try (var cluster = new Cluster(client, installation, claims, SecretChanges.WATCHED)) {
            cluster.start();
            await().until(cluster::hasSynced);
            var topic = new Topics(KafkaSettings.at("127.0.0.1:1")).changes("lab");
            new Listing(installation, cluster, topic, sent, () -> Instant.EPOCH, mostBytes).tell();
        }
    }

    private static String canary(String namespace, String name) {
        return CANARY.replace(
                "{name: podinfo, namespace: test}",
                "{name: %s, namespace: %s}".formatted(name, namespace));
    }

    private static void twentyCanaries() {
        for (int i = 0; i < 20; i++) {
            applyCanary(client, canary("test", "podinfo-" + i));
        }
    }

    @Test
    void eachPartitionIsToldOfItsOwnCanariesWithTheirUids() throws InterruptedException {
        twentyCanaries();
        String uid = applyCanary(client, canary("other", "podinfo-1")).getMetadata().getUid();

        tell(installation("http://prometheus:9090"), 1 << 20);

        assertThat(sent.letters).extracting(Letter::partition).containsExactly(0, 1, 2);
        assertThat(sent.letters)
                .allSatisfy(
                        letter -> {
                            assertThat(letter.key()).hasToString("lab/*/*");
                            assertThat(letter.change().getCanary()).isEqualTo("lab/*/*");
                            assertThat(letter.list().getPartition()).isEqualTo(letter.partition());
                            assertThat(letter.list().getPartitions()).isEqualTo(PARTITIONS);
                            assertThat(letter.list().getNamespace()).isNull();
                            assertThat(letter.list().getAfter()).isNull();
                            assertThat(letter.list().getUntil()).isNull();
                            assertThat(letter.list().getAgainMillis()).isEqualTo(60_000);
                            assertThat(letter.list().getCanaries())
                                    .allMatch(it -> partition(it) == letter.partition());
                        });
        assertThat(listed()).hasSize(21).contains(new ListedCanary("other", "podinfo-1", uid));
    }

    @Test
    void oneThatAnotherInstallationClaimsIsLeftAndNotListed() throws InterruptedException {
        applyCanary(client, canary("test", "ours"));
        String uid =
                applyCanary(
                                client,
                                CANARY.replace(
                                        "{name: podinfo, namespace: test}",
                                        "{name: theirs, namespace: test, annotations:"
                                                + " {serinus.dev/claim: lab@another}}"))
                        .getMetadata()
                        .getUid();

        tell(installation("http://prometheus:9090"), 1 << 20);

        assertThat(listed()).extracting(ListedCanary::getName).containsExactly("ours");
        assertThat(sent.letters)
                .flatExtracting(letter -> letter.list().getLeft())
                .containsExactly(new ListedCanary("test", "theirs", uid));
    }

    @Test
    void aLongListIsToldInPartsThatCoverAllNamesBetweenThem() throws InterruptedException {
        twentyCanaries();

        tell(installation("http://prometheus:9090"), 100);

        assertThat(listed()).hasSize(20).doesNotHaveDuplicates();
        IntStream.range(0, PARTITIONS)
                .mapToObj(
                        partition ->
                                sent.letters.stream()
                                        .filter(letter -> letter.partition() == partition)
                                        .map(Letter::list)
                                        .toList())
                .forEach(ListingTest::coversAllNames);
    }

    private static void coversAllNames(List<CanariesListed> parts) {
        assertThat(parts).hasSizeGreaterThan(1);
        assertThat(parts.getFirst().getAfter()).isNull();
        assertThat(parts.getLast().getUntil()).isNull();
        for (int i = 1; i < parts.size(); i++) {
            assertThat(parts.get(i).getAfter()).isNotNull().isEqualTo(parts.get(i - 1).getUntil());
        }
    }

    @Test
    void whoWatchesOneNamespaceSpeaksForItAlone() throws InterruptedException {
        applyCanary(client, canary("test", "podinfo"));
        applyCanary(client, canary("other", "podinfo"));
        var all = installation("http://prometheus:9090");

        tell(
                new Installation(
                        all.cluster(),
                        "test",
                        all.meshProvider(),
                        all.metricsServer(),
                        all.minInterval(),
                        all.selectorLabels(),
                        all.configTracking(),
                        all.includeLabelPrefixes(),
                        all.noCrossNamespaceRefs()),
                1 << 20);

        assertThat(sent.letters)
                .hasSize(PARTITIONS)
                .allSatisfy(
                        letter -> {
                            assertThat(letter.key()).hasToString("lab/test/*");
                            assertThat(letter.list().getNamespace()).isEqualTo("test");
                        });
        assertThat(listed()).extracting(ListedCanary::getNamespace).containsExactly("test");
    }

    @Test
    void whatAnotherInstallationClaimsIsNotListed() throws InterruptedException {
        applyCanary(client, canary("test", "podinfo"));
        var theirs =
                applyCanary(
                        client,
                        CANARY.replace(
                                "{name: podinfo, namespace: test}",
                                "{name: theirs, namespace: test, annotations: {%s: lab@another}}"
                                        .formatted(Claims.ANNOTATION)));
        assertThat(theirs.getMetadata().getAnnotations())
                .isEqualTo(Map.of(Claims.ANNOTATION, "lab@another"));

        tell(installation("http://prometheus:9090"), 1 << 20);

        assertThat(listed()).extracting(ListedCanary::getName).containsExactly("podinfo");
    }

    private List<ListedCanary> listed() {
        return sent.letters.stream()
                .flatMap(letter -> letter.list().getCanaries().stream())
                .toList();
    }

    private static int partition(ListedCanary canary) {
        return Partitions.of(
                new CanaryKey("lab", canary.getNamespace(), canary.getName()), PARTITIONS);
    }
}
