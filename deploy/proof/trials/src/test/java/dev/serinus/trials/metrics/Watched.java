package dev.serinus.trials.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.demo.cluster.ApiServer;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.crd.Crds;
import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MeasurementOutcome;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.QueryPurpose;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.mesh.Apisix;
import dev.serinus.schemas.mesh.Emissary;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.targets.TargetKind;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Provisioning;
import dev.serinus.watcher.WatcherConfig;
import dev.serinus.watcher.WatcherService;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A watcher as it always runs, between a broker and a cluster, asked as the analysis asks it. */
final class Watched implements AutoCloseable {

    private static final String CLUSTER = "metrics";

    private final ApiServer apiServer = ApiServer.start();
    private final KubernetesClient user = apiServer.client();
    private final KubernetesClient client = apiServer.client();
    private final EmbeddedBroker broker;
    private final KafkaSettings kafka;
    private final WatcherService watcher;
    private long steps;

    Watched(String metricsServer, Path data) throws Exception {
        Crds.all().forEach(definition -> user.resource(definition).create());
        broker = EmbeddedBroker.start(data.resolve("kafka"), 0);
        kafka = KafkaSettings.at(broker.bootstrapServers());
        try (Admin admin = Admin.create(kafka.with(Map.of()))) {
            Provisioning.ensureTopics(admin, List.of(CLUSTER), 1, (short) 1);
        }
        watcher =
                new WatcherService(
                        new Installation(
                                CLUSTER,
                                null,
                                "istio",
                                metricsServer,
                                Duration.ofSeconds(1),
                                List.of("app"),
                                true,
                                List.of(),
                                false),
                        kafka,
                        client,
                        WatcherConfig.DEFAULTS,
                        new SimpleMeterRegistry());
        watcher.start();
        await().atMost(Duration.ofMinutes(5)).until(watcher::ready);
    }

    /** What the built-in metrics of a Canary are just now, by name. */
    Map<String, Measurement> measure(String provider, String target) {
        return measure(provider, target, "fail");
    }

    /** As above, of a Canary that says what missing data mean. */
    Map<String, Measurement> measure(String provider, String target, String onNoData) {
        if (!Meshes.of(provider).equals(Knative.MESH)) {
            return measure(canary(provider, TargetKind.DEPLOYMENT, target, onNoData));
        }
        serve(target);
        return measure(canary(provider, TargetKind.KNATIVE_SERVICE, target, onNoData));
    }

    /** As above, of a DaemonSet without a mesh. */
    Map<String, Measurement> measureDaemonSet(String target) {
        return measure(canary("kubernetes", TargetKind.DAEMON_SET, target, "fail"));
    }

    /** A Knative Service whose newest revision is the second one. */
    private void serve(String name) {
        var _ =
                user.genericKubernetesResources(Knative.SERVICE.context())
                        .inNamespace(SampleApplication.NAMESPACE)
                        .resource(
                                user.getKubernetesSerialization()
                                        .unmarshal(
                                                """
                                                apiVersion: serving.knative.dev/v1
                                                kind: Service
                                                metadata: {name: %s}
                                                status: {latestCreatedRevisionName: %s}
                                                """
                                                        .formatted(
                                                                name,
                                                                SampleApplication.newestRevision(
                                                                        name)),
                                                GenericKubernetesResource.class))
                        .createOr(NonDeletingOperation::update);
    }

    /**
     * Asks until something is known, as the analysis does at its next step: a Knative Service that
     * was made a moment ago may not have been seen yet, and a busy server may answer too late.
     */
    private Map<String, Measurement> measure(GenericKubernetesResource canary) {
        Map<String, Measurement> found = new HashMap<>();
        await("an answer of Prometheus")
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(
                        () -> {
                            found.putAll(ask(canary));
                            assertThat(found.values())
                                    .extracting(Measurement::getOutcome)
                                    .as(found.toString())
                                    .doesNotContain(MeasurementOutcome.UNAVAILABLE);
                        });
        return found;
    }

    private Map<String, Measurement> ask(GenericKubernetesResource canary) throws Exception {
        var query = query(canary);
        var topics = new Topics(kafka);
        var queries = topics.metricQueries(CLUSTER);
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(Map.of()),
                        queries.keys().serializer(),
                        queries.values().serializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    queries.name(), CanaryKey.parse(query.getCanary()), query))
                    .get();
        }
        Map<String, Measurement> found = new HashMap<>();
        answer(topics, query.getStep()).getMeasurements().forEach(m -> found.put(m.getMetric(), m));
        return found;
    }

    private MetricResult answer(Topics topics, StepId step) {
        var results = topics.metricResults(CLUSTER);
        try (var consumer =
                new KafkaConsumer<>(
                        kafka.with(Map.of("enable.auto.commit", "false")),
                        results.keys().deserializer(),
                        results.values().deserializer())) {
            var partition = List.of(new TopicPartition(results.name(), 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            return await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> {
                                for (var record : consumer.poll(Duration.ofMillis(100))) {
                                    if (record.value().getStep().equals(step)) {
                                        return record.value();
                                    }
                                }
                                return null;
                            },
                            answer -> answer != null);
        }
    }

    /** A MetricTemplate for the Prometheus at this address. */
    void template(String name, String address, String query) {
        apply(
                "MetricTemplate",
                """
                apiVersion: flagger.app/v1beta1
                kind: MetricTemplate
                metadata: {name: %s}
                spec:
                  provider: {type: prometheus, address: '%s'}
                  query: '%s'
                """
                        .formatted(name, address, query));
    }

    /** So many Canaries whose one metric is of this MetricTemplate. */
    List<GenericKubernetesResource> canaries(String template, int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        place ->
                                apply(
                                        "Canary",
                                        """
                                        apiVersion: flagger.app/v1beta1
                                        kind: Canary
                                        metadata: {name: %s-%d}
                                        spec:
                                          provider: kubernetes
                                          targetRef: {apiVersion: apps/v1, kind: Deployment, name: %s-%d}
                                          service: {port: 80}
                                          analysis:
                                            interval: 10s
                                            threshold: 2
                                            iterations: 2
                                            metrics:
                                            - {name: load, interval: 30s, thresholdRange: {max: 5}, templateRef: {name: %s}}
                                        """
                                                .formatted(
                                                        template, place, template, place,
                                                        template)))
                .toList();
    }

    private GenericKubernetesResource apply(String kind, String manifest) {
        return user.genericKubernetesResources("flagger.app/v1beta1", kind)
                .inNamespace(SampleApplication.NAMESPACE)
                .resource(
                        user.getKubernetesSerialization()
                                .unmarshal(manifest, GenericKubernetesResource.class))
                .create();
    }

    /**
     * Asks for the metrics of all of these once, one after the other, evenly over this time, as
     * their checks come; returns all that was measured.
     */
    List<Measurement> measureAll(List<GenericKubernetesResource> canaries, Duration over)
            throws Exception {
        var topics = new Topics(kafka);
        var results = topics.metricResults(CLUSTER);
        var queries = topics.metricQueries(CLUSTER);
        Map<StepId, MetricQuery> asked = new LinkedHashMap<>();
        for (var canary : canaries) {
            var query = query(canary);
            asked.put(query.getStep(), query);
        }
        Set<StepId> waited = new HashSet<>(asked.keySet());
        List<Measurement> found = new ArrayList<>();
        var due = asked.values().iterator();
        try (var producer =
                        new KafkaProducer<>(
                                kafka.with(Map.of()),
                                queries.keys().serializer(),
                                queries.values().serializer());
                var consumer =
                        new KafkaConsumer<>(
                                kafka.with(Map.of("enable.auto.commit", "false")),
                                results.keys().deserializer(),
                                results.values().deserializer());
                var clock = Executors.newSingleThreadScheduledExecutor()) {
            var partition = List.of(new TopicPartition(results.name(), 0));
            consumer.assign(partition);
            consumer.seekToEnd(partition);
            long end = consumer.position(partition.getFirst()); // before anything is asked
            assertThat(end).isNotNegative();
            var asking =
                    clock.scheduleAtFixedRate(
                            () -> {
                                if (due.hasNext()) {
                                    var query = due.next();
                                    var _ =
                                            producer.send(
                                                    new ProducerRecord<>(
                                                            queries.name(),
                                                            CanaryKey.parse(query.getCanary()),
                                                            query));
                                }
                            },
                            0,
                            over.dividedBy(canaries.size()).toNanos(),
                            TimeUnit.NANOSECONDS);
            await("answers for all canaries")
                    .atMost(Duration.ofMinutes(3))
                    .until(
                            () -> {
                                for (var record : consumer.poll(Duration.ofMillis(100))) {
                                    if (waited.remove(record.value().getStep())) {
                                        found.addAll(record.value().getMeasurements());
                                    }
                                }
                                return waited.isEmpty();
                            });
            asking.cancel(false);
        }
        return found;
    }

    private MetricQuery query(GenericKubernetesResource canary) {
        var key =
                new CanaryKey(CLUSTER, SampleApplication.NAMESPACE, canary.getMetadata().getName());
        return MetricQuery.newBuilder()
                .setCanary(key.toString())
                .setStep(new StepId(canary.getMetadata().getUid(), 1L, ++steps, 1))
                .setGeneration(canary.getMetadata().getGeneration())
                .setPurpose(QueryPurpose.ANALYSIS)
                .build();
    }

    private GenericKubernetesResource canary(
            String provider, TargetKind targetKind, String target, String onNoData) {
        Kind route = Meshes.of(provider).equals(Emissary.MESH) ? Emissary.MAPPING : Apisix.ROUTE;
        String name = target + "-" + onNoData + "-" + provider.replaceAll("[^a-z0-9]", "-");
        return user.genericKubernetesResources("flagger.app/v1beta1", "Canary")
                .inNamespace(SampleApplication.NAMESPACE)
                .resource(
                        user.getKubernetesSerialization()
                                .unmarshal(
                                        """
                                        apiVersion: flagger.app/v1beta1
                                        kind: Canary
                                        metadata: {name: %s}
                                        spec:
                                          provider: %s
                                          targetRef: {apiVersion: %s, kind: %s, name: %s}
                                          service: {port: 80, meshName: shop, gatewayRefs: [{name: gateway}]}
                                          ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: %s}
                                          routeRef: {apiVersion: %s, kind: %s, name: %s}
                                          analysis:
                                            interval: 10s
                                            threshold: 2
                                            iterations: 2
                                            onNoData: %s
                                            metrics:
                                            - {name: request-success-rate, interval: 30s, thresholdRange: {min: 99}}
                                            - {name: request-duration, interval: 30s, thresholdRange: {max: 250}}
                                        """
                                                .formatted(
                                                        name,
                                                        provider,
                                                        targetKind.apiVersion(),
                                                        targetKind.kind().name(),
                                                        target,
                                                        target,
                                                        route.apiVersion(),
                                                        route.name(),
                                                        target,
                                                        onNoData),
                                        GenericKubernetesResource.class))
                .create();
    }

    @Override
    public void close() {
        watcher.close();
        broker.close();
        client.close();
        user.close();
        apiServer.close();
    }
}
