package dev.serinus.watcher.status;

import static dev.serinus.watcher.Objects.CANARY;
import static dev.serinus.watcher.Objects.NAMESPACE;
import static dev.serinus.watcher.Objects.applyCanary;
import static dev.serinus.watcher.Objects.applyCustom;
import static dev.serinus.watcher.Objects.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.SecretChanges;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A metric that has a name alone is told before a release fails by it. */
@EnableKubernetesMockClient(crud = true, https = false)
class MissingTemplatesTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    @AfterEach
    void reset() {
        server.reset();
    }

    private static void canary(String... metrics) {
        var _ =
                applyCanary(
                        client,
                        CANARY.replaceAll(
                                        "(?m)^ +- \\{name: request-(?:success-rate|duration).*\n",
                                        "")
                                .replace(
                                        "    metrics:\n",
                                        "    metrics: [{name: request-duration}, %s]\n"
                                                .formatted(String.join(", ", metrics))));
    }

    private static void template(String namespace, String name) {
        var _ =
                applyCustom(
                        client,
                        ResourceWatch.METRIC_TEMPLATES,
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: MetricTemplate
                        metadata: {name: %s, namespace: %s}
                        spec: {provider: {type: prometheus, address: "http://prometheus:9090"}, query: up}
                        """
                                .formatted(name, namespace));
    }

    private static List<String> told() {
        return client.v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(event -> "Hint".equals(event.getReason()))
                .map(Event::getMessage)
                .toList();
    }

    private static String missing(int place, String name) {
        return "spec.analysis.metrics[%d]: has a name and nothing to ask, and there is no MetricTemplate %s in namespace test, so that each check fails: make one, or give the entry query or templateRef"
                .formatted(place, name);
    }

    private static Cluster started() {
        return started(_ -> {});
    }

    private static Cluster started(Sleeper sleeper) {
        var cluster =
                new Cluster(
                        client,
                        installation("http://prometheus:9090"),
                        new Claims().settle("lab", "kafka"),
                        SecretChanges.WATCHED);
        var missing =
                new MissingTemplates(cluster, new Notices(client, () -> Instant.EPOCH), sleeper);
        cluster.start();
        await().until(cluster::hasSynced);
        missing.open();
        return cluster;
    }

    @Test
    void eachIsToldWithItsPathAndWhatToDo() {
        template(NAMESPACE, "there");
        template("elsewhere", "error-rate");
        canary(
                "{name: error-rate}",
                "{name: there}",
                "{name: cpu-usage}",
                "{name: asked, query: up}",
                "{name: named, templateRef: {name: not-there}}");
        try (var _ = started()) {
            await().untilAsserted(
                            () ->
                                    assertThat(told())
                                            .containsExactly(
                                                    missing(1, "error-rate")
                                                            + "; "
                                                            + missing(3, "cpu-usage")));
        }
    }

    @Test
    void whatIsMissingAfterAnEditOrADeletionIsToldThen() {
        template(NAMESPACE, "error-rate");
        canary("{name: error-rate}");
        try (var _ = started()) {
            canary("{name: error-rate}", "{name: cpu-usage}");
            await().untilAsserted(
                            () -> assertThat(told()).containsExactly(missing(2, "cpu-usage")));

            client.genericKubernetesResources(ResourceWatch.METRIC_TEMPLATES)
                    .inNamespace(NAMESPACE)
                    .withName("error-rate")
                    .delete();

            await().untilAsserted(
                            () ->
                                    assertThat(told())
                                            .containsExactlyInAnyOrder(
                                                    missing(2, "cpu-usage"),
                                                    missing(1, "error-rate")
                                                            + "; "
                                                            + missing(2, "cpu-usage")));
        }
    }

    @Test
    void whatComesAMomentAfterItsCanaryIsNotMissing() {
        var asked = new CountDownLatch(1);
        var moment = new CountDownLatch(1);
        canary("{name: error-rate}", "{name: cpu-usage}");
        try (var cluster =
                started(
                        _ -> {
                            asked.countDown();
                            moment.await();
                        })) {
            await().until(() -> asked.getCount() == 0);
            template(NAMESPACE, "error-rate");
            await().until(() -> cluster.templates().get(NAMESPACE, "error-rate").isPresent());

            moment.countDown();

            await().untilAsserted(
                            () -> assertThat(told()).containsExactly(missing(2, "cpu-usage")));
        }
    }

    @Test
    void ofARunWithoutAnalysisNothingIsMissing() {
        canary("{name: error-rate}");
        var _ =
                applyCanary(
                        client,
                        CANARY.replace("spec:\n", "spec:\n  skipAnalysis: true\n")
                                .replace("{name: podinfo, namespace", "{name: other, namespace")
                                .replace("{name: request-duration", "{name: cpu-usage"));
        try (var _ = started()) {
            await().untilAsserted(
                            () -> assertThat(told()).containsExactly(missing(1, "error-rate")));
        }
    }
}
