package dev.serinus.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.schemas.runtime.Topics;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

class TopicKindTest {

    @ParameterizedTest(name = "{1} is kept {2}")
    @CsvSource(
            textBlock =
                    """
                    CHANGES         | serinus.east.changes         | 7 d
                    METRIC_QUERIES  | serinus.east.metric-queries  | 1 d
                    METRIC_RESULTS  | serinus.east.metric-results  | 7 d
                    WEBHOOK_CALLS   | serinus.east.webhook-calls   | 1 d
                    WEBHOOK_RESULTS | serinus.east.webhook-results | 7 d
                    ROUTER_COMMANDS | serinus.east.router-commands | 7 d
                    ROUTER_RESULTS  | serinus.east.router-results  | 7 d
                    ALERTS          | serinus.east.alerts          | 7 d
                    ALERT_DELIVERIES | serinus.east.alert-deliveries | compact, 90 d
                    ALERT_RESULTS   | serinus.east.alert-results   | 90 d
                    ANNOUNCEMENTS   | serinus.east.announcements   | 7 d
                    ACTIONS         | serinus.east.actions         | 90 d
                    PERMITS         | serinus.east.permits         | 7 d
                    JOURNAL         | serinus.east.journal         | 90 d
                    PERMIT_JOURNAL  | serinus.east.permit-journal  | 90 d
                    DEAD_LETTERS    | serinus.east.dead-letters    | 30 d
                    GATES           | serinus.east.gates           | compact
                    SCHEMAS         | serinus.east.schemas         | compact
                    ROLLOUTS        | serinus.rollouts             | compact
                    ROLLOUT_EVENTS  | serinus.rollout-events       | 90 d
                    CDEVENTS        | serinus.cdevents             | 90 d
                    AUDIT           | serinus.audit                | 365 d
                    """,
            delimiter = '|')
    void isNamedAndKeptAsTheWireContractSays(TopicKind kind, String name, String kept) {
        assertThat(kind.name("east")).isEqualTo(name);
        assertThat(kept(kind)).isEqualTo(kept);
    }

    private static String kept(TopicKind kind) {
        if ("compact".equals(kind.settings().get("cleanup.policy"))) {
            return "compact";
        }
        String days = Long.parseLong(kind.settings().get("retention.ms")) / 86_400_000 + " d";
        return "compact,delete".equals(kind.settings().get("cleanup.policy"))
                ? "compact, " + days
                : days;
    }

    @Test
    void whatAClusterSaysAnalysisAloneReadsAndWhatItIsToldAnalysisAloneWrites() {
        for (TopicKind kind : TopicKind.values()) {
            if (kind == TopicKind.DEAD_LETTERS || kind == TopicKind.SCHEMAS) {
                // Whatever the load tester may write, whoever may run commands may.
                assertThat(kind.writers())
                        .containsExactlyInAnyOrderElementsOf(
                                EnumSet.complementOf(EnumSet.of(Service.LOADTESTER)));
            } else if (kind == TopicKind.GATES) {
                assertThat(kind.writers()).containsExactly(Service.LOADTESTER);
                assertThat(kind.readers()).containsExactly(Service.LOADTESTER);
            } else if (kind == TopicKind.ALERT_DELIVERIES) {
                assertThat(kind.writers()).containsExactly(Service.NOTIFIER);
                assertThat(kind.readers()).containsExactly(Service.NOTIFIER);
            } else if (kind == TopicKind.ALERT_RESULTS) {
                assertThat(kind.writers()).containsExactly(Service.NOTIFIER);
            } else if (kind.isInput()) {
                assertThat(kind.readers()).as(kind.name()).containsExactly(Service.ANALYSIS);
                // Its API writes what people ask for, and its rollouts ask each other.
                assertThat(kind.writers().contains(Service.ANALYSIS))
                        .as(kind.name())
                        .isEqualTo(kind == TopicKind.ACTIONS || kind == TopicKind.PERMITS);
            } else {
                assertThat(kind.writers()).as(kind.name()).containsExactly(Service.ANALYSIS);
            }
        }
    }

    @Test
    void aGroupHasOneServiceOfOneClusterInIt() {
        List<String> groups = new ArrayList<>();
        for (String cluster : List.of("east", "west")) {
            for (TopicKind kind : TopicKind.values()) {
                kind.readers().stream()
                        .filter(service -> service != Service.ANALYSIS && kind.isShared())
                        .forEach(service -> groups.add(service.group(cluster, kind)));
            }
        }
        assertThat(groups)
                .containsExactlyInAnyOrder(
                        "serinus.east.router",
                        "serinus.east.webhook",
                        "serinus.east.notifier",
                        "serinus.east.watcher.metric-queries",
                        "serinus.east.watcher.announcements",
                        "serinus.west.router",
                        "serinus.west.webhook",
                        "serinus.west.notifier",
                        "serinus.west.watcher.metric-queries",
                        "serinus.west.watcher.announcements");
    }

    @Test
    void aHubNeedsItsOwnTopicsOnceAndTheOthersForEachCluster() {
        assertThat(TopicKind.names(List.of("east", "west")))
                .hasSize(4 + 2 * 18)
                .doesNotHaveDuplicates()
                .contains("serinus.rollouts", "serinus.east.alerts", "serinus.west.alerts");
    }

    @Test
    void tellsWhoseATopicIs() {
        assertThat(TopicKind.cluster("serinus.east.changes")).contains("east");
        assertThat(TopicKind.cluster("serinus.rollouts")).isEmpty();
        assertThat(TopicKind.cluster("other.east.changes")).isEmpty();
        assertThat(TopicKind.cluster("any")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eu.west", "a/b", "a b"})
    void refusesAClusterWhoseTopicsNobodyWouldFind(String cluster) {
        assertThatThrownBy(() -> TopicKind.CHANGES.name(cluster))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + cluster + "'");
    }

    @Test
    void analysisReadsTheFactsOfEveryClusterAndNothingElse() {
        // Given
        var ofOtherHubs =
                Stream.of("other.east.changes", "serinus.east.changes.old", "serinus.changes");

        // Then
        assertThat(
                        Stream.concat(TopicKind.names(List.of("east", "a-1")).stream(), ofOtherHubs)
                                .filter(Topics.inputs().asMatchPredicate()))
                .containsExactlyInAnyOrder(
                        "serinus.east.changes",
                        "serinus.east.metric-results",
                        "serinus.east.webhook-results",
                        "serinus.east.router-results",
                        "serinus.east.actions",
                        "serinus.east.permits",
                        "serinus.a-1.changes",
                        "serinus.a-1.metric-results",
                        "serinus.a-1.webhook-results",
                        "serinus.a-1.router-results",
                        "serinus.a-1.actions",
                        "serinus.a-1.permits");
    }
}
