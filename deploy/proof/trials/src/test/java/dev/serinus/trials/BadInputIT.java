package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.TopicKind;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Nonsense harms only itself, is told with all its mistakes at once, and no secret of a manifest
 * leaves it.
 */
class BadInputIT {

    private static final String SECRET = "s3cr3t-1234";

    private static final String SECRETS =
            """
            webhooks:
            - name: load
              type: rollout
              url: "http://127.0.0.1:9/%1$s"
              timeout: 1s
              metadata: {token: "%1$s"}
            - name: feed
              type: event
              url: "http://user:%1$s@127.0.0.1:9/feed?key=%1$s"
              timeout: 1s
            alerts:
            - {name: team, severity: info, providerRef: {name: team}}
            """
                    .formatted(SECRET);

    private static final String PROVIDER =
            """
            apiVersion: flagger.app/v1beta1
            kind: AlertProvider
            metadata: {name: team, namespace: shop}
            spec: {type: slack, channel: releases, address: "http://127.0.0.1:9/services/%s"}
            """
                    .formatted(SECRET);

    /** Five mistakes that the schema cannot see. */
    private static final String FIVE_MISTAKES =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: wrong, namespace: shop}
            spec:
              provider: gatewayapi:v1
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: wrong}
              progressDeadlineSeconds: -5
              service:
                port: 9898
                gatewayRefs: [{name: gateway}]
              analysis:
                interval: 10s
                threshold: 2
                stepWeights: [0, 50, 20]
                sessionAffinity: {cookieName: same, primaryCookieName: same}
                metrics:
                - {name: request-success-rate, interval: 1m, thresholdRange: {min: 99, max: 1}}
                webhooks:
                - {name: gate, type: no-such-type, url: "http://127.0.0.1:9/%s"}
            """
                    .formatted(SECRET);

    private final Queue<String> logged = new ConcurrentLinkedQueue<>();

    @Test
    void mistakesAreToldSecretsStayAndPoisonIsSetAside() throws Exception {
        listen();
        try (var cluster = new Cluster();
                var serinus = RunningSerinus.on(cluster, "bad-input");
                var history = new History(serinus.kafka)) {
            cluster.apply(Manifests.namespace("shop"));
            cluster.apply(PROVIDER);
            cluster.apply(Manifests.deployment("shop", "wrong", 1));
            cluster.apply(FIVE_MISTAKES);
            cluster.apply(Manifests.deployment("shop", "good", 1));
            cluster.apply(Manifests.canary("shop", "good", SECRETS));

            await().atMost(Duration.ofSeconds(60)).until(() -> accepted(cluster).contains("spec."));
            String told = accepted(cluster);
            assertThat(told)
                    .contains("spec.progressDeadlineSeconds")
                    .contains("spec.analysis.stepWeights")
                    .contains("spec.analysis.sessionAffinity")
                    .contains("spec.analysis.metrics[0].thresholdRange")
                    .contains("spec.analysis.webhooks[0].type");
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () ->
                                    eventsAbout(cluster, "wrong").stream()
                                            .anyMatch(
                                                    e ->
                                                            e.contains(
                                                                            "spec.progressDeadlineSeconds")
                                                                    && e.contains(
                                                                            "webhooks[0].type")));
            await().atMost(Duration.ofSeconds(60)).until(() -> happened(history, "Initialized"));

            var broker = new Broker(serinus.kafka);
            List<String> poisoned = poison(broker);
            var deadLetters = new Topics(serinus.kafka).deadLetters(RunningSerinus.CLUSTER);
            await("a dead letter for each of " + poisoned)
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    broker.all(deadLetters.name()).stream()
                                                            .map(
                                                                    r ->
                                                                            deadLetters
                                                                                    .values()
                                                                                    .deserializer()
                                                                                    .deserialize(
                                                                                            r
                                                                                                    .topic(),
                                                                                            r
                                                                                                    .value()))
                                                            .filter(
                                                                    letter ->
                                                                            !letter.getReason()
                                                                                    .isBlank())
                                                            .map(letter -> letter.getTopic()))
                                            .containsAll(poisoned));

            cluster.image("shop", "good", "podinfo:2.0.0");
            // Its rollout webhook answers nobody: two failed checks, and it is taken back.
            await().atMost(Duration.ofSeconds(90)).until(() -> happened(history, "RolledBack"));

            for (var record : broker.all("serinus.")) {
                assertThat(text(record.key()) + text(record.value()))
                        .as(record.topic())
                        .doesNotContain(SECRET);
            }
            assertThat(logged).noneMatch(line -> line.contains(SECRET));
            assertThat(told).doesNotContain(SECRET);
        }
    }

    private static boolean happened(History history, String type) {
        return history.events().stream()
                .anyMatch(
                        e ->
                                e.getCanary().toString().endsWith("/good")
                                        && e.getType().equals(type));
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, UTF_8);
    }

    private static List<String> poison(Broker broker) throws Exception {
        List<String> topics = new ArrayList<>();
        for (TopicKind kind : TopicKind.values()) {
            boolean read =
                    switch (kind) {
                        case JOURNAL,
                                PERMIT_JOURNAL,
                                DEAD_LETTERS,
                                SCHEMAS,
                                ROLLOUTS,
                                ROLLOUT_EVENTS,
                                CDEVENTS,
                                AUDIT,
                                ALERT_RESULTS ->
                                false;
                        case ALERT_DELIVERIES, GATES -> false; // passed over
                        default -> true;
                    };
            if (read) {
                String topic = kind.name(RunningSerinus.CLUSTER);
                broker.send(
                        topic,
                        (RunningSerinus.CLUSTER + "/shop/good").getBytes(UTF_8),
                        "no Avro at all".getBytes(UTF_8));
                topics.add(topic);
            }
        }
        return topics;
    }

    /** The message of the condition Accepted, when it is False. */
    private static String accepted(Cluster cluster) {
        GenericKubernetesResource canary =
                cluster.user
                        .genericKubernetesResources("flagger.app/v1beta1", "Canary")
                        .inNamespace("shop")
                        .withName("wrong")
                        .get();
        Object conditions = canary.get("status", "conditions");
        if (conditions instanceof List<?> all) {
            for (Object one : all) {
                if (one instanceof Map<?, ?> c
                        && "Accepted".equals(c.get("type"))
                        && "False".equals(c.get("status"))) {
                    return String.valueOf(c.get("message"));
                }
            }
        }
        return "";
    }

    private static List<String> eventsAbout(Cluster cluster, String canary) {
        return cluster.user.v1().events().inNamespace("shop").list().getItems().stream()
                .filter(e -> canary.equals(e.getInvolvedObject().getName()))
                .map(e -> e.getMessage())
                .toList();
    }

    private void listen() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var ear =
                new AppenderBase<ILoggingEvent>() {
                    @Override
                    protected void append(ILoggingEvent event) {
                        logged.add(
                                event.getFormattedMessage()
                                        + " "
                                        + event.getKeyValuePairs()
                                        + trouble(event));
                    }
                };
        ear.setContext(root.getLoggerContext());
        ear.start();
        root.addAppender(ear);
        root.setLevel(Level.INFO);
    }

    private static String trouble(ILoggingEvent event) {
        var thrown = event.getThrowableProxy();
        return thrown == null
                ? ""
                : " " + ch.qos.logback.classic.spi.ThrowableProxyUtil.asString(thrown);
    }
}
