package dev.serinus.watcher.observe;

import static dev.serinus.watcher.Objects.CANARY;
import static dev.serinus.watcher.Objects.NAMESPACE;
import static dev.serinus.watcher.Objects.PODINFO;
import static dev.serinus.watcher.Objects.applyCanary;
import static dev.serinus.watcher.Objects.applyCustom;
import static dev.serinus.watcher.Objects.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.SecretChanges;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A metric that has a name alone is known before a release fails by it. */
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

    private static String missing(int place, String name) {
        return "spec.analysis.metrics[%d]: has a name and nothing to ask, and there is no MetricTemplate %s in namespace test, so that each check fails: make one, or give the entry query or templateRef"
                .formatted(place, name);
    }

    /**
     * What is watched, and what of it is missing.
     *
     * @param asked for which Canaries something else is missing than before
     */
    private record Started(Cluster cluster, MissingTemplates missing, List<CanaryKey> asked)
            implements AutoCloseable {

        List<String> found() {
            return found("podinfo");
        }

        List<String> found(String name) {
            return cluster.canaries().get(NAMESPACE, name).map(missing::of).orElse(List.of());
        }

        @Override
        public void close() {
            missing.close();
            cluster.close();
        }
    }

    private static Started started() {
        return started(_ -> {});
    }

    private static Started started(Sleeper sleeper) {
        var cluster =
                new Cluster(
                        client,
                        installation("http://prometheus:9090"),
                        new Claims().settle("lab", "kafka"),
                        SecretChanges.WATCHED);
        var missing = new MissingTemplates(cluster, sleeper);
        var started = new Started(cluster, missing, new CopyOnWriteArrayList<>());
        missing.onChange(started.asked()::add);
        cluster.start();
        await().until(cluster::hasSynced);
        missing.open();
        return started;
    }

    @Test
    void eachIsFoundWithItsPathAndWhatToDo() {
        template(NAMESPACE, "there");
        template("elsewhere", "error-rate");
        canary(
                "{name: error-rate}",
                "{name: there}",
                "{name: cpu-usage}",
                "{name: asked, query: up}",
                "{name: named, templateRef: {name: not-there}}");
        try (var started = started()) {
            assertThat(started.found())
                    .containsExactly(missing(1, "error-rate"), missing(3, "cpu-usage"));
            assertThat(started.asked()).containsExactly(PODINFO);
        }
    }

    @Test
    void anEditADeletionAndATemplateThatComesAreNews() {
        template(NAMESPACE, "error-rate");
        canary("{name: error-rate}");
        try (var started = started()) {
            canary("{name: error-rate}", "{name: cpu-usage}");
            await().untilAsserted(
                            () ->
                                    assertThat(started.found())
                                            .containsExactly(missing(2, "cpu-usage")));

            client.genericKubernetesResources(ResourceWatch.METRIC_TEMPLATES)
                    .inNamespace(NAMESPACE)
                    .withName("error-rate")
                    .delete();
            await().untilAsserted(
                            () ->
                                    assertThat(started.found())
                                            .containsExactly(
                                                    missing(1, "error-rate"),
                                                    missing(2, "cpu-usage")));
            await().until(() -> started.asked().size() == 2);

            template(NAMESPACE, "cpu-usage");
            await().untilAsserted(
                            () ->
                                    assertThat(started.found())
                                            .containsExactly(missing(1, "error-rate")));
            await().until(() -> started.asked().size() == 3);
        }
    }

    @Test
    void whatComesAMomentAfterItsCanaryIsNotMissing() {
        var asked = new CountDownLatch(1);
        var moment = new CountDownLatch(1);
        try (var started =
                started(
                        _ -> {
                            asked.countDown();
                            moment.await();
                        })) {
            canary("{name: error-rate}", "{name: cpu-usage}");
            await().until(() -> asked.getCount() == 0);
            template(NAMESPACE, "error-rate");
            await().until(
                            () ->
                                    started.cluster()
                                            .templates()
                                            .get(NAMESPACE, "error-rate")
                                            .isPresent());
            assertThat(started.found()).isEmpty();

            moment.countDown();

            await().untilAsserted(
                            () ->
                                    assertThat(started.found())
                                            .containsExactly(missing(2, "cpu-usage")));
            assertThat(started.asked()).containsExactly(PODINFO);
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
        try (var started = started()) {
            assertThat(started.found()).containsExactly(missing(1, "error-rate"));
            assertThat(started.found("other")).isEmpty();
        }
    }
}
