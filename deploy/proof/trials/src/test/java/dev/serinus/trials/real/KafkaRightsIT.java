package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.cli.access.Accounts;
import dev.serinus.cli.access.Grant;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A release by services of which each has an account of its own at Kafka: nothing that is refused
 * is tried, and nothing is granted that is not needed.
 */
@OnTestBed
// The broker's audit is a log of this process: it hears the attempts of the other.
@ResourceLock("dev.serinus.trials.audit")
class KafkaRightsIT {

    /** What a release without a mesh, without people and without mistakes has no use for. */
    private static final Set<String> NOT_IN_A_RELEASE =
            Set.of(
                    "READ TOPIC serinus.eu.actions",
                    "WRITE TOPIC serinus.eu.actions",
                    // Nothing is shared where the installation has no budgets.
                    "READ TOPIC serinus.eu.permits",
                    "WRITE TOPIC serinus.eu.permits",
                    "WRITE TOPIC serinus.eu.permit-journal",
                    "READ TOPIC serinus.eu.schemas",
                    // There is no load tester in it.
                    "READ TOPIC serinus.eu.gates",
                    "WRITE TOPIC serinus.eu.gates",
                    "WRITE TOPIC serinus.eu.dead-letters",
                    "READ TOPIC serinus.eu.dead-letters",
                    // Nobody looks at what became of alerts, or at what people did.
                    "READ TOPIC serinus.eu.alert-results",
                    "READ TOPIC serinus.audit",
                    "WRITE TOPIC serinus.audit",
                    // Nobody looks into letters, and none is replayed.
                    "serinus-analysis READ TOPIC serinus.eu.announcements",
                    "serinus-analysis WRITE TOPIC serinus.eu.changes",
                    "serinus-analysis WRITE TOPIC serinus.eu.metric-results",
                    "serinus-analysis WRITE TOPIC serinus.eu.webhook-results",
                    "serinus-analysis WRITE TOPIC serinus.eu.router-results",
                    "WRITE TOPIC serinus.cdevents");

    private final TestBed bed;

    KafkaRightsIT(TestBed bed) {
        this.bed = bed;
    }

    @Test
    void aReleaseNeedsWhatTheTableGrantsAndNoMore(@TempDir Path data) throws Exception {
        // Given
        try (var kafka = SecuredKafka.provided(data.resolve("kafka"));
                var audit = BrokerAudit.begin();
                var outside = new Outside()) {
            // When
            try (var services =
                    new SeparateServices(
                            bed::client,
                            service -> kafka.as(Accounts.SERVICES.name(service, "eu")),
                            installation(outside),
                            data)) {
                assertThat(services).isNotNull();
                var apps = new Apps(bed, outside.url());
                apps.apply("providers");
                apps.apply("parts");
                RightsIT.awaitPhase(apps, "parts", "Initialized");
                apps.release("parts", 2);
                RightsIT.awaitPhase(apps, "parts", "Succeeded");
                assertThat(apps.canary("parts").delete()).isNotEmpty();
                RightsIT.awaitPhase(apps, "parts", "gone");
                assertThat(outside.paths())
                        .contains("/hook/smoke", "/chat", "/secured/api/v1/query");
            }
            // Then
            assertThat(audit.denied()).as("tried, but not granted").isEmpty();
            assertThat(unused(audit)).as("granted, but not used").isEmpty();
        }
    }

    /** Grants of the services of which nothing was used; describing is a part of the others. */
    private static List<String> unused(BrokerAudit audit) {
        List<String> unused = new ArrayList<>();
        for (Grant grant : SecuredKafka.TABLE.grants()) {
            if (!grant.account().startsWith("serinus")) {
                continue;
            }
            grant.operations().stream()
                    .filter(operation -> !operation.name().startsWith("DESCRIBE"))
                    .filter(
                            operation ->
                                    audit.allowed().stream()
                                            .noneMatch(
                                                    used ->
                                                            used.account().equals(grant.account())
                                                                    && used.operation()
                                                                            .equals(
                                                                                    operation
                                                                                            .name())
                                                                    && isOf(grant, used)))
                    .map(
                            operation ->
                                    "%s %s %s"
                                            .formatted(
                                                    operation,
                                                    grant.resource().resourceType(),
                                                    grant.resource().name()))
                    .filter(right -> !right.contains(".us.") && !NOT_IN_A_RELEASE.contains(right))
                    .map(right -> grant.account() + " " + right)
                    .filter(right -> !NOT_IN_A_RELEASE.contains(right))
                    .forEach(unused::add);
        }
        return unused;
    }

    private static boolean isOf(Grant grant, BrokerAudit.Right used) {
        return switch (grant.resource().patternType()) {
            case PREFIXED -> used.name().startsWith(grant.resource().name());
            default -> used.name().equals(grant.resource().name());
        };
    }

    private Installation installation(Outside outside) {
        return new Installation(
                "eu",
                bed.namespace(),
                "kubernetes",
                outside.url(),
                Duration.ofSeconds(1),
                List.of("app", "name", "app.kubernetes.io/name"),
                true,
                List.of(),
                false);
    }
}
