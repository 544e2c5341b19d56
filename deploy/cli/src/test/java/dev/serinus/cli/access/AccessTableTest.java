package dev.serinus.cli.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Collectors;

class AccessTableTest {

    @Test
    void aServiceOfOneClusterMayDoWhatItDoesAndNothingElse() {
        assertThat(lines(table(Accounts.SERVICES), "serinus-eu-watcher"))
                .containsExactly(
                        "TOPIC LITERAL serinus.eu.announcements: READ DESCRIBE",
                        "TOPIC LITERAL serinus.eu.changes: WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.eu.dead-letters: WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.eu.metric-queries: READ DESCRIBE",
                        "TOPIC LITERAL serinus.eu.metric-results: WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.eu.schemas: READ WRITE DESCRIBE",
                        "GROUP LITERAL serinus.eu.watcher.announcements: READ DESCRIBE",
                        "GROUP LITERAL serinus.eu.watcher.metric-queries: READ DESCRIBE");
        assertThat(lines(table(Accounts.SERVICES), "serinus-us-loadtester"))
                .containsExactly(
                        "TOPIC LITERAL serinus.us.gates: READ WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.us.schemas: READ DESCRIBE");
        assertThat(lines(table(Accounts.SERVICES), "serinus-us-notifier"))
                .containsExactly(
                        "TOPIC LITERAL serinus.us.alert-deliveries: READ WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.us.alert-results: WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.us.alerts: READ DESCRIBE",
                        "TOPIC LITERAL serinus.us.dead-letters: WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.us.schemas: READ WRITE DESCRIBE",
                        "GROUP LITERAL serinus.us.notifier: READ DESCRIBE",
                        "GROUP LITERAL serinus.us.notifier.events: READ DESCRIBE");
    }

    @Test
    void nobodyOfOneClusterMayAnythingInAnotherOrAmongWhatIsPublic() {
        for (Accounts accounts : List.of(Accounts.SERVICES, Accounts.CLUSTERS)) {
            assertThat(table(accounts).grants())
                    .filteredOn(grant -> grant.account().startsWith("serinus-eu"))
                    .isNotEmpty()
                    .allMatch(grant -> grant.resource().name().startsWith("serinus.eu."))
                    .noneMatch(Grant::isPrefixed);
        }
    }

    @Test
    void theAnalysisReadsWhatClustersSayWritesTheRestAndReplaysWhatMayBe() {
        var lines = lines(table(Accounts.SERVICES), "serinus-analysis");
        assertThat(lines)
                .contains(
                        "TOPIC LITERAL serinus.eu.changes: READ WRITE DESCRIBE DESCRIBE_CONFIGS",
                        "TOPIC LITERAL serinus.eu.dead-letters: READ WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.eu.gates: READ WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.eu.alert-results: READ DESCRIBE",
                        "TOPIC LITERAL serinus.audit: READ WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.eu.announcements: READ WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.us.router-commands: WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.rollouts: READ WRITE DESCRIBE",
                        "TOPIC LITERAL serinus.cdevents: WRITE DESCRIBE",
                        "TOPIC PREFIXED serinus-analysis-: READ WRITE CREATE DESCRIBE",
                        "GROUP LITERAL serinus-analysis: READ DESCRIBE",
                        "TRANSACTIONAL_ID PREFIXED serinus-analysis-: WRITE DESCRIBE")
                .contains("TOPIC LITERAL serinus.eu.actions: READ WRITE DESCRIBE DESCRIBE_CONFIGS")
                // What is never replayed it only reads, or only writes.
                .noneMatch(line -> line.matches(".*(commands|queries|calls|journal): .*READ.*"));
    }

    @Test
    void theAllInOneHasOneAccountForAll() {
        assertThat(table(Accounts.ALL_IN_ONE).grants())
                .extracting(Grant::account)
                .containsOnly("serinus", "serinus-loadtester", "reporting", "setup");
        assertThat(lines(table(Accounts.ALL_IN_ONE), "serinus"))
                .contains("TOPIC LITERAL serinus.eu.changes: READ WRITE DESCRIBE DESCRIBE_CONFIGS");
    }

    @Test
    void aSubscriberReadsWhatIsPublicAndAProvisionerReadsNothing() {
        assertThat(lines(table(Accounts.SERVICES), "reporting"))
                .containsExactly(
                        "TOPIC LITERAL serinus.cdevents: READ DESCRIBE",
                        "TOPIC LITERAL serinus.rollout-events: READ DESCRIBE",
                        "TOPIC LITERAL serinus.rollouts: READ DESCRIBE",
                        "GROUP LITERAL reporting: READ DESCRIBE",
                        "GROUP PREFIXED reporting.: READ DESCRIBE");
        assertThat(lines(table(Accounts.SERVICES), "setup"))
                .containsExactly(
                        "TOPIC PREFIXED serinus.: CREATE DESCRIBE DESCRIBE_CONFIGS ALTER_CONFIGS");
    }

    @Test
    void whatKafkaCallsAnAccountIsUpToTheInstallation() {
        var table =
                new AccessTable(
                        List.of("eu"),
                        Accounts.SERVICES,
                        "serinus-analysis",
                        List.of(),
                        List.of(),
                        "User:CN={},O=shop");

        assertThat(table.bindings())
                .extracting(binding -> binding.entry().principal())
                .contains("User:CN=serinus-eu-router,O=shop");
    }

    static AccessTable table(Accounts accounts) {
        return new AccessTable(
                List.of("eu", "us"),
                accounts,
                "serinus-analysis",
                List.of("reporting"),
                List.of("setup"),
                "User:{}");
    }

    private static List<String> lines(AccessTable table, String account) {
        return table.grants().stream()
                .filter(grant -> grant.account().equals(account))
                .map(
                        grant ->
                                "%s %s %s: %s"
                                        .formatted(
                                                grant.resource().resourceType(),
                                                grant.resource().patternType(),
                                                grant.resource().name(),
                                                grant.operations().stream()
                                                        .sorted()
                                                        .map(Enum::name)
                                                        .collect(Collectors.joining(" "))))
                .toList();
    }
}
