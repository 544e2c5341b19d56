package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.topic.TopicKind;
import dev.serinus.trials.real.KafkaAttempts.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every account of a hub of two clusters tries everything with every topic, and every group: nobody
 * gets at what is not his.
 */
// The broker's audit is a log of this process: it hears the attempts of the other.
@ResourceLock("dev.serinus.trials.audit")
class KafkaAttemptsIT {

    @Test
    void nobodyReadsOrForgesWhatIsNotHis(@TempDir Path data) throws Exception {
        try (var kafka = SecuredKafka.provided(data)) {
            // Given
            List<String> topics = TopicKind.names(SecuredKafka.CLUSTERS);
            try (var admin = new KafkaAttempts(kafka.as(SecuredKafka.ADMINISTRATOR))) {
                topics.forEach(topic -> assertThat(admin.write(topic)).isEqualTo(Outcome.ALLOWED));
            }
            // When
            Map<String, Map<String, Outcome>> tried = new TreeMap<>();
            for (String account : SecuredKafka.names()) {
                try (var attempts = new KafkaAttempts(kafka.as(account))) {
                    tried.put(account, all(account, attempts, topics));
                }
            }
            // Then
            print(tried);
            tried.forEach(
                    (account, outcomes) ->
                            assertThat(
                                            outcomes.entrySet().stream()
                                                    .filter(
                                                            each ->
                                                                    each.getValue()
                                                                            == Outcome.ALLOWED)
                                                    .map(Map.Entry::getKey))
                                    .as(account)
                                    .containsExactlyInAnyOrderElementsOf(expected(account)));
        }
    }

    /** Everything that there is to try, for everybody. */
    private static Map<String, Outcome> all(
            String account, KafkaAttempts attempts, List<String> topics) {
        Map<String, Outcome> all = new TreeMap<>();
        for (String topic : topics) {
            all.put("read " + topic, attempts.read(topic));
            all.put("write " + topic, attempts.write(topic));
            all.put("delete " + topic, attempts.delete(topic));
            all.put("shorten " + topic, attempts.keepForASecond(topic));
        }
        groups().forEach(group -> all.put("join " + group, attempts.join(group, mine(account))));
        all.put("begin transactions", attempts.beginTransactions("serinus-analysis-" + account));
        all.put("create serinus.eu.more", attempts.create("serinus.eu.more"));
        all.put("create state", attempts.create("serinus-analysis-" + account + "-changelog"));
        all.put("allow", attempts.allowItself(account, "serinus.us.changes"));
        return all;
    }

    /** A topic that the account may read, so that a refusal is about the group. */
    private static String mine(String account) {
        String cluster = account.contains("-us-") ? "us" : "eu";
        return switch (account.replaceFirst("^serinus-(eu|us)-", "")) {
            case "watcher" -> "serinus." + cluster + ".metric-queries";
            case "router" -> "serinus." + cluster + ".router-commands";
            case "webhook" -> "serinus." + cluster + ".webhook-calls";
            case "notifier" -> "serinus." + cluster + ".alerts";
            case "loadtester" -> "serinus." + cluster + ".gates";
            case "serinus-analysis" -> "serinus.eu.changes";
            default -> "serinus.rollouts";
        };
    }

    private static List<String> groups() {
        return Stream.concat(
                        Stream.of("serinus-analysis"),
                        SecuredKafka.CLUSTERS.stream()
                                .flatMap(
                                        cluster ->
                                                Stream.of(
                                                                "watcher.metric-queries",
                                                                "watcher.announcements",
                                                                "router",
                                                                "webhook",
                                                                "webhook.events",
                                                                "notifier",
                                                                "notifier.events")
                                                        .map(
                                                                group ->
                                                                        "serinus."
                                                                                + cluster
                                                                                + "."
                                                                                + group)))
                .toList();
    }

    /** Written by hand, so that the table is not held against itself. */
    private static Set<String> expected(String account) {
        Set<String> all = new TreeSet<>();
        if (account.equals("serinus-analysis")) {
            for (String cluster : SecuredKafka.CLUSTERS) {
                add(all, "read", cluster, "changes", "metric-results", "webhook-results");
                add(all, "read", cluster, "router-results", "actions", "permits");
                add(all, "write", cluster, "metric-queries", "webhook-calls", "router-commands");
                add(all, "write", cluster, "alerts", "announcements", "journal", "dead-letters");
                add(all, "write", cluster, "actions", "permits", "permit-journal");
                // For people: letters that are shown and replayed, gates that are turned.
                add(all, "read", cluster, "dead-letters", "gates", "announcements");
                add(all, "read", cluster, "alert-results");
                add(all, "write", cluster, "changes", "metric-results", "webhook-results");
                add(all, "write", cluster, "router-results", "gates");
                add(all, "read", cluster, "schemas");
                add(all, "write", cluster, "schemas");
            }
            all.addAll(
                    List.of(
                            "read serinus.rollouts",
                            "read serinus.rollout-events",
                            "read serinus.audit",
                            "write serinus.audit",
                            "write serinus.rollouts",
                            "write serinus.rollout-events",
                            "write serinus.cdevents",
                            "join serinus-analysis",
                            "begin transactions",
                            "create state"));
        } else if (account.equals("reporting")) {
            all.addAll(
                    List.of(
                            "read serinus.rollouts",
                            "read serinus.rollout-events",
                            "read serinus.cdevents"));
        } else if (account.equals("setup")) {
            all.add("create serinus.eu.more");
            TopicKind.names(SecuredKafka.CLUSTERS).forEach(topic -> all.add("shorten " + topic));
        } else {
            String cluster = account.split("-", -1)[1];
            add(all, "read", cluster, "schemas");
            if (!account.endsWith("-loadtester")) {
                add(all, "write", cluster, "dead-letters", "schemas");
            }
            switch (account.split("-", -1)[2]) {
                case "watcher" -> {
                    add(all, "read", cluster, "metric-queries", "announcements");
                    add(all, "write", cluster, "changes", "metric-results");
                    add(all, "join", cluster, "watcher.metric-queries", "watcher.announcements");
                }
                case "router" -> {
                    add(all, "read", cluster, "router-commands");
                    add(all, "write", cluster, "router-results");
                    add(all, "join", cluster, "router");
                }
                case "webhook" -> {
                    add(all, "read", cluster, "webhook-calls");
                    add(all, "write", cluster, "webhook-results");
                    add(all, "join", cluster, "webhook", "webhook.events");
                }
                case "loadtester" -> {
                    add(all, "read", cluster, "gates");
                    add(all, "write", cluster, "gates");
                }
                default -> {
                    add(all, "read", cluster, "alerts", "alert-deliveries");
                    add(all, "write", cluster, "alert-deliveries", "alert-results");
                    add(all, "join", cluster, "notifier", "notifier.events");
                }
            }
        }
        return all;
    }

    private static void add(Set<String> all, String verb, String cluster, String... names) {
        Stream.of(names).forEach(name -> all.add(verb + " serinus." + cluster + "." + name));
    }

    /** For the documents: of each account what was allowed, and how much else was refused. */
    private static void print(Map<String, Map<String, Outcome>> tried) {
        tried.forEach(
                (account, outcomes) -> {
                    String allowed =
                            outcomes.entrySet().stream()
                                    .filter(each -> each.getValue() == Outcome.ALLOWED)
                                    .map(Map.Entry::getKey)
                                    .collect(Collectors.joining(", "));
                    long refused =
                            outcomes.values().stream().filter(Outcome.REFUSED::equals).count();
                    System.out.printf("| %s | %s | %d |%n", account, allowed, refused);
                });
    }
}
