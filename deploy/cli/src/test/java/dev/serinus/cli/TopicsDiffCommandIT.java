package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.broker.BrokerAccounts;
import dev.serinus.broker.EmbeddedBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What differs on a real broker. */
class TopicsDiffCommandIT {

    private static final BrokerAccounts ACCOUNTS =
            new BrokerAccounts("admin", Map.of("admin", "secret", "serinus-eu-router", "other"));

    @TempDir Path data;

    @Test
    void whatWasAppliedDoesNotDifferAndWhatSomebodyChangedIsNamed() throws Exception {
        try (var broker = EmbeddedBroker.start(data.resolve("kafka"), 0, ACCOUNTS);
                var admin = admin(broker)) {
            // Given
            var file = properties("admin");
            assertThat(told(0, broker, file, "apply", "--partitions=2", "--acls"))
                    .contains("The topics of eu are there")
                    .containsPattern("The rights of 6 accounts are there: [1-9]\\d* were missing");
            assertThat(told(0, broker, file, "apply", "--acls")).contains(": 0 were missing");
            assertThat(told(0, broker, file, "diff")).isEqualTo("nothing differs\n");
            // When
            change(admin);
            // Then
            assertThat(told(1, broker, file, "diff").lines())
                    .containsExactly(
                            "topic serinus.eu.alerts has 4 partitions, its hub 2",
                            "topic serinus.eu.changes has retention.ms=1000, not 604800000",
                            "is missing: User:serinus-eu-router may Read topic"
                                    + " serinus.eu.router-commands",
                            "is more than is needed: User:eve may Read topic serinus.eu.journal",
                            "4 differences: topics apply --acls makes what is missing; settings and"
                                    + " rights that are there are changed by Kafka's own commands");
            assertThat(told(1, broker, file, "diff", "--acls=false", "--trusted=User:eve"))
                    .doesNotContain("User:");
            // What one may not see is said, and is no stack trace.
            assertThat(told(1, broker, properties("serinus-eu-router"), "diff"))
                    .contains("topic serinus.eu.changes cannot be seen by this principal")
                    .contains("the rights cannot be seen by this principal");
        }
    }

    @Test
    void aBrokerThatLooksAtNoRightsIsADifference() throws Exception {
        try (var broker = EmbeddedBroker.start(data.resolve("kafka"), 0)) {
            var none = Files.createFile(data.resolve("none"));
            assertThat(told(1, broker, none, "diff"))
                    .contains("topic serinus.rollouts is missing")
                    .contains("the brokers look at no rights")
                    .contains("23 differences");
            told(0, broker, none, "apply", "--partitions=1");
            assertThat(told(0, broker, none, "diff", "--acls=false"))
                    .isEqualTo("nothing differs\n");
        }
    }

    private static void change(Admin admin) throws Exception {
        admin.createPartitions(Map.of("serinus.eu.alerts", NewPartitions.increaseTo(4)))
                .all()
                .get();
        admin.incrementalAlterConfigs(
                        Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, "serinus.eu.changes"),
                                List.of(
                                        new AlterConfigOp(
                                                new ConfigEntry("retention.ms", "1000"),
                                                AlterConfigOp.OpType.SET))))
                .all()
                .get();
        admin.deleteAcls(
                        List.of(
                                new AclBindingFilter(
                                        new ResourcePatternFilter(
                                                ResourceType.TOPIC,
                                                "serinus.eu.router-commands",
                                                PatternType.LITERAL),
                                        new AccessControlEntryFilter(
                                                "User:serinus-eu-router",
                                                null,
                                                AclOperation.READ,
                                                AclPermissionType.ANY))))
                .all()
                .get();
        admin.createAcls(
                        List.of(
                                new AclBinding(
                                        new ResourcePattern(
                                                ResourceType.TOPIC,
                                                "serinus.eu.journal",
                                                PatternType.LITERAL),
                                        new AccessControlEntry(
                                                "User:eve",
                                                "*",
                                                AclOperation.READ,
                                                AclPermissionType.ALLOW))))
                .all()
                .get();
    }

    private Path properties(String account) throws Exception {
        return Files.writeString(
                data.resolve(account + ".properties"),
                ACCOUNTS.client(account).entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining("\n")));
    }

    private static Admin admin(EmbeddedBroker broker) {
        Map<String, Object> all = new HashMap<>(ACCOUNTS.client("admin"));
        all.put("bootstrap.servers", broker.bootstrapServers());
        return Admin.create(all);
    }

    private static String told(
            int code, EmbeddedBroker broker, Path file, String command, String... more) {
        var out = new StringWriter();
        var line = new CommandLine(new Main());
        Main.prepare(line);
        line.setOut(new PrintWriter(out, true));
        String[] arguments =
                Stream.concat(
                                Stream.of(
                                        "topics",
                                        command,
                                        "--cluster-name=eu",
                                        "--bootstrap-servers=" + broker.bootstrapServers(),
                                        "--command-config=" + file),
                                Stream.of(more))
                        .toArray(String[]::new);
        assertThat(line.execute(Main.withValues(line, arguments))).isEqualTo(code);
        return out.toString();
    }
}
