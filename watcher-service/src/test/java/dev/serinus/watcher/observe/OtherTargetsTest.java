package dev.serinus.watcher.observe;

import static dev.serinus.watcher.Objects.applyCanary;
import static dev.serinus.watcher.Objects.applyCustom;
import static dev.serinus.watcher.Objects.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.watcher.Collected;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.SecretChanges;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;

/** Targets without pods of their own: a Service, and a Service of Knative. */
@EnableKubernetesMockClient(crud = true, https = false)
class OtherTargetsTest {

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo, namespace: test}
            spec:
              %s
              service: {port: 80}
              analysis: {interval: 10s, threshold: 2, maxWeight: 30, stepWeight: 10}
            """;

    private static final String OF_KNATIVE =
            CANARY.formatted(
                    """
                    provider: knative
                      targetRef: {apiVersion: serving.knative.dev/v1, kind: Service, name: podinfo}\
                    """);

    private static final String OF_SERVICE =
            CANARY.formatted("targetRef: {apiVersion: v1, kind: Service, name: podinfo}");

    private static final String PRIMARY = "flagger.app/primary-revision: podinfo-00001";

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final Collected published = new Collected();

    @SuppressWarnings("NullAway.Init") // each test begins with start()
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init") // each test begins with start()
    private Observer observer;

    private void start() {
        var installation = installation("http://prometheus:9090");
        cluster =
                new Cluster(
                        client,
                        installation,
                        new Claims().settle("lab", "kafka"),
                        SecretChanges.ASKED);
        observer =
                new Observer(
                        installation,
                        cluster,
                        new AbsenceChecks(client),
                        new MissingTemplates(cluster),
                        new Topics(KafkaSettings.at("127.0.0.1:1")).changes("lab"),
                        published,
                        Executors.newVirtualThreadPerTaskExecutor(),
                        () -> Instant.EPOCH,
                        new SimpleMeterRegistry());
        cluster.start();
        await().until(cluster::hasSynced);
        observer.open();
    }

    @AfterEach
    void close() {
        observer.close();
        cluster.close();
        server.reset();
    }

    private List<WorkloadObserved> facts(Role role) {
        return published.of(Change.class).stream()
                .map(Change::getBody)
                .filter(WorkloadObserved.class::isInstance)
                .map(WorkloadObserved.class::cast)
                .filter(fact -> fact.getRole() == role)
                .toList();
    }

    private WorkloadObserved last(Role role) {
        await().until(() -> !facts(role).isEmpty());
        return facts(role).getLast();
    }

    private static void revision(String name, String ready) {
        var _ =
                applyCustom(
                        client,
                        Knative.REVISION.context(),
                        """
                        apiVersion: serving.knative.dev/v1
                        kind: Revision
                        metadata: {name: %s, namespace: test}
                        spec: {containers: [{image: podinfo}]}
                        status: {observedGeneration: 1000, conditions: [{type: Ready, status: "%s", message: no port}]}
                        """
                                .formatted(name, ready));
    }

    private static void service(
            String image, int canary, String latest, int observed, String annotations) {
        var _ =
                applyCustom(
                        client,
                        Knative.SERVICE.context(),
                        """
                        apiVersion: serving.knative.dev/v1
                        kind: Service
                        metadata: {name: podinfo, namespace: test, annotations: {%s}}
                        spec:
                          template: {spec: {containers: [{image: "%s"}]}}
                          traffic: [{latestRevision: true, percent: %d}]
                        status: {observedGeneration: %d, latestCreatedRevisionName: %s}
                        """
                                .formatted(annotations, image, canary, observed, latest));
    }

    @Test
    void bothSidesAreRevisionsOfTheKnativeService() {
        revision("podinfo-00001", "True");
        revision("podinfo-00002", "True");
        service("podinfo:2", 0, "podinfo-00002", 1000, PRIMARY);
        applyCanary(client, OF_KNATIVE);
        start();

        var target = last(Role.TARGET);
        assertThat(target.getRevision()).isEqualTo("podinfo-00002");
        assertThat(target.getReady()).isTrue();
        assertThat(target.getAvailable()).isEqualTo(1);
        assertThat(last(Role.PRIMARY).getRevision()).isEqualTo("podinfo-00001");
        assertThat(last(Role.PRIMARY).getReady()).isTrue();
    }

    @Test
    void beforeOneIsChosenThereIsNoPrimary() {
        revision("podinfo-00001", "True");
        service("podinfo:1", 100, "podinfo-00001", 1000, "");
        applyCanary(client, OF_KNATIVE);
        start();

        assertThat(last(Role.PRIMARY).getExists()).isFalse();
        assertThat(last(Role.TARGET).getRevision()).isEqualTo("podinfo-00001");
    }

    @Test
    void aRevisionThatIsNotReadySaysWhy() {
        revision("podinfo-00001", "True");
        revision("podinfo-00002", "False");
        service("podinfo:2", 0, "podinfo-00002", 1000, PRIMARY);
        applyCanary(client, OF_KNATIVE);
        start();

        assertThat(last(Role.TARGET).getReady()).isFalse();
        assertThat(last(Role.TARGET).getAvailable()).isZero();
        assertThat(last(Role.TARGET).getBecause())
                .isEqualTo("revision podinfo-00002 is not ready: no port");
        revision("podinfo-00002", "True");
        await().until(() -> last(Role.TARGET).getReady());
    }

    /** Just after an edit the latest revision is still the one before. */
    @Test
    void theOldRevisionIsNotReadyForAnEditThatKnativeHasNotSeen() {
        revision("podinfo-00001", "True");
        service("podinfo:1", 0, "podinfo-00001", 1000, PRIMARY);
        applyCanary(client, OF_KNATIVE);
        start();
        assertThat(last(Role.TARGET).getReady()).isTrue();
        // When
        service("podinfo:2", 0, "podinfo-00001", 0, PRIMARY);
        // Then
        await().until(() -> !last(Role.TARGET).getReady());
        assertThat(last(Role.TARGET).getRevision()).isEqualTo("podinfo-00001");
        assertThat(last(Role.TARGET).getAvailable()).isEqualTo(1);
        assertThat(last(Role.TARGET).getBecause())
                .contains("observed service generation less than desired generation");
    }

    /** It is what we write at every step. */
    @Test
    void aChangeOfTheTrafficAloneLeavesTheCanaryReady() {
        revision("podinfo-00001", "True");
        revision("podinfo-00002", "True");
        service("podinfo:2", 0, "podinfo-00002", 1000, PRIMARY);
        applyCanary(client, OF_KNATIVE);
        start();
        assertThat(last(Role.TARGET).getReady()).isTrue();
        // When
        service("podinfo:2", 30, "podinfo-00002", 0, PRIMARY);
        revision("podinfo-00001", "False");
        // Then
        await().until(() -> !last(Role.PRIMARY).getReady());
        assertThat(facts(Role.TARGET)).allMatch(WorkloadObserved::getReady);
    }

    /** Without it all traffic would be sent to the canary, since the primary were gone. */
    @Test
    void anAnnotationThatSomebodyTookAwayLosesNoPrimary() {
        revision("podinfo-00001", "True");
        revision("podinfo-00002", "True");
        service("podinfo:2", 0, "podinfo-00002", 1000, PRIMARY);
        applyCanary(
                client,
                OF_KNATIVE + "status: {phase: Progressing, lastPromotedSpec: podinfo-00001}\n");
        start();
        assertThat(last(Role.PRIMARY).getExists()).isTrue();
        // When
        service("podinfo:2", 100, "podinfo-00002", 1000, "");
        revision("podinfo-00002", "False");
        // Then
        await().until(() -> !last(Role.TARGET).getReady());
        assertThat(facts(Role.PRIMARY)).allMatch(WorkloadObserved::getExists);
    }

    @Test
    void theVersionThatAServiceLeadsToIsItsRevisionAndItsAddressesAreNot() {
        kubernetesService("podinfo", "one", "10.0.0.1", "");
        applyCanary(client, OF_SERVICE);
        start();
        String first = last(Role.TARGET).getRevision();
        // When
        kubernetesService("podinfo", "one", "10.0.0.2", "");
        kubernetesService("podinfo", "two", "10.0.0.2", "");
        // Then
        await().until(() -> !last(Role.TARGET).getRevision().equals(first));
        assertThat(facts(Role.TARGET))
                .extracting(WorkloadObserved::getRevision)
                .containsExactly(first, last(Role.TARGET).getRevision());
    }

    @Test
    void theCanaryIsReadyOnceItsCopyShowsWhatTheTargetDoes() {
        kubernetesService("podinfo", "two", "10.0.0.1", "");
        kubernetesService("podinfo-canary", "one", "10.0.0.2", "serinus.dev/revision: older");
        kubernetesService("podinfo-primary", "one", "10.0.0.3", "serinus.dev/revision: older");
        applyCanary(client, OF_SERVICE);
        start();
        var target = last(Role.TARGET);
        assertThat(target.getReady()).isFalse();
        assertThat(target.getAvailable()).isEqualTo(1);
        assertThat(target.getBecause())
                .isEqualTo(
                        "service podinfo-canary.test does not show what service podinfo.test does"
                                + " yet");
        assertThat(last(Role.PRIMARY).getReady()).isTrue();
        assertThat(last(Role.PRIMARY).getRevision()).isEqualTo("older");
        // When
        kubernetesService(
                "podinfo-canary",
                "two",
                "10.0.0.2",
                "serinus.dev/revision: " + target.getRevision());
        // Then
        await().until(() -> last(Role.TARGET).getReady());
    }

    private static void kubernetesService(
            String name, String version, String address, String annotations) {
        var _ =
                applyCustom(
                        client,
                        Kind.SERVICE.context(),
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: %s, namespace: test, annotations: {%s}}
                        spec:
                          clusterIP: %s
                          selector: {app: podinfo, version: %s}
                          ports: [{name: http, port: 80}]
                        """
                                .formatted(name, annotations, address, version));
    }

    @Test
    void nothingIsAskedOfKnativeWhereNobodyUsesIt() {
        applyCanary(
                client,
                CANARY.formatted(
                        "targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}"));
        start();

        assertThat(last(Role.TARGET).getExists()).isFalse();
        assertThat(cluster.knative().services().hasSynced()).isFalse();
        assertThat(cluster.unwatched()).isEmpty();
    }
}
