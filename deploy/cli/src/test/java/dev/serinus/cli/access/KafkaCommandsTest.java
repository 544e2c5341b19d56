package dev.serinus.cli.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The script as a shell runs it, with a program in place of Kafka's that says what it was told. */
class KafkaCommandsTest {

    private static final AccessTable TABLE =
            new AccessTable(
                    List.of("eu", "us"),
                    Accounts.SERVICES,
                    "serinus-analysis",
                    List.of("reporting"),
                    List.of("setup"),
                    "User:CN={},O=my shop");

    @TempDir Path directory;

    private List<String> told = List.of();

    @BeforeEach
    void run() throws Exception {
        var script = directory.resolve("kafka.sh");
        Files.writeString(
                script,
                KafkaCommands.of(new PlannedTopics(List.of("eu", "us"), 12, (short) 3), TABLE));
        var said = directory.resolve("said");
        var program = directory.resolve("program");
        Files.writeString(
                program,
                "#!/bin/sh\nprintf '%s|' \"$@\" >> '" + said + "'; echo >> '" + said + "'\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        var builder = new ProcessBuilder("sh", script.toString()).inheritIO();
        builder.environment()
                .putAll(
                        Map.of(
                                "BOOTSTRAP",
                                "kafka:9092",
                                "CONFIG",
                                "admin.properties",
                                "KAFKA_TOPICS",
                                program.toString(),
                                "KAFKA_ACLS",
                                program.toString()));
        assertThat(builder.start().waitFor()).isZero();
        told = Files.readAllLines(said);
    }

    @Test
    void makesEachTopicWithItsSettings() {
        assertThat(told)
                .filteredOn(line -> line.contains("|--create|"))
                .hasSize(4 + 2 * 18)
                .contains(
                        "--bootstrap-server|kafka:9092|--command-config|admin.properties|--create|--if-not-exists|--topic|serinus.eu.changes|--partitions|12|--replication-factor|3|--config|cleanup.policy=delete|--config|max.decompressed.message.bytes=1048588|--config|retention.ms=604800000|");
    }

    @Test
    void allowsEachAccountWhatItMayDo() {
        assertThat(told)
                .filteredOn(line -> line.contains("|--add|"))
                .hasSize(TABLE.grants().size())
                .contains(
                        "--bootstrap-server|kafka:9092|--command-config|admin.properties|--add|--allow-principal|User:CN=serinus-us-router,O=my"
                            + " shop|--operation|Read|--operation|Describe|--topic|serinus.us.router-commands|",
                        "--bootstrap-server|kafka:9092|--command-config|admin.properties|--add|--allow-principal|User:CN=serinus-analysis,O=my"
                            + " shop|--operation|Write|--operation|Describe|--transactional-id|serinus-analysis-|--resource-pattern-type|prefixed|",
                        "--bootstrap-server|kafka:9092|--command-config|admin.properties|--add|--allow-principal|User:CN=setup,O=my"
                            + " shop|--operation|Create|--operation|Describe|--operation|DescribeConfigs|--operation|AlterConfigs|--topic|serinus.|--resource-pattern-type|prefixed|");
    }
}
