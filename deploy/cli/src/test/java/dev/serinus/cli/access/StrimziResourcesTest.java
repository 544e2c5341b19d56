package dev.serinus.cli.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.topic.TopicKind;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class StrimziResourcesTest {

    private final List<GenericKubernetesResource> resources =
            Stream.of(
                            StrimziResources.of(
                                            new PlannedTopics(List.of("eu", "us"), 12, (short) 3),
                                            AccessTableTest.table(Accounts.SERVICES),
                                            "hub",
                                            "tls")
                                    .split("(?m)^---$"))
                    .map(
                            text ->
                                    new KubernetesSerialization()
                                            .unmarshal(text, GenericKubernetesResource.class))
                    .toList();

    @Test
    void everyTopicIsAResource() {
        assertThat(resources)
                .filteredOn(each -> each.getKind().equals("KafkaTopic"))
                .extracting(each -> each.getMetadata().getName())
                .containsExactlyInAnyOrderElementsOf(TopicKind.names(List.of("eu", "us")));
        assertThat(one("serinus.eu.changes").<Map<String, Object>>get("spec"))
                .isEqualTo(
                        Map.of(
                                "partitions",
                                12,
                                "replicas",
                                3,
                                "config",
                                Map.of(
                                        "cleanup.policy",
                                        "delete",
                                        "retention.ms",
                                        "604800000",
                                        "max.decompressed.message.bytes",
                                        "1048588")));
    }

    @Test
    void everyAccountIsAResourceWithItsRights() {
        assertThat(resources).filteredOn(each -> each.getKind().equals("KafkaUser")).hasSize(13);
        Map<String, Object> spec = one("serinus-eu-notifier").get("spec");
        assertThat(spec.get("authentication")).isEqualTo(Map.of("type", "tls"));
        assertThat(spec.get("authorization"))
                .isEqualTo(
                        Map.of(
                                "type",
                                "simple",
                                "acls",
                                List.of(
                                        both("serinus.eu.alert-deliveries"),
                                        acl("topic", "serinus.eu.alert-results", "Write"),
                                        acl("topic", "serinus.eu.alerts", "Read"),
                                        acl("topic", "serinus.eu.dead-letters", "Write"),
                                        both("serinus.eu.schemas"),
                                        acl("group", "serinus.eu.notifier", "Read"),
                                        acl("group", "serinus.eu.notifier.events", "Read"))));
        assertThat(one("serinus-analysis").get("spec").toString())
                .contains("{type=transactionalId, name=serinus-analysis-, patternType=prefix}");
    }

    @Test
    void allBelongToOneKafka() {
        assertThat(resources)
                .allMatch(
                        each ->
                                "hub"
                                        .equals(
                                                each.getMetadata()
                                                        .getLabels()
                                                        .get("strimzi.io/cluster")));
    }

    private static Map<String, Object> both(String topic) {
        return Map.of(
                "resource",
                Map.of("type", "topic", "name", topic, "patternType", "literal"),
                "operations",
                List.of("Read", "Write", "Describe"));
    }

    private static Map<String, Object> acl(String type, String name, String operation) {
        return Map.of(
                "resource",
                Map.of("type", type, "name", name, "patternType", "literal"),
                "operations",
                List.of(operation, "Describe"));
    }

    private GenericKubernetesResource one(String name) {
        return resources.stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
