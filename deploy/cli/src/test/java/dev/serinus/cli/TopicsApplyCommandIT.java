package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Topics of an existing Kafka. */
class TopicsApplyCommandIT {

    @TempDir Path data;

    @Test
    void makesThoseOfTheHubAndOfEachClusterAndLeavesThemAsTheyAre() throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0);
                var admin =
                        Admin.create(KafkaSettings.at(broker.bootstrapServers()).with(Map.of()))) {
            var kafka = "--bootstrap-servers=" + broker.bootstrapServers();
            // When
            assertThat(applied(kafka, "--cluster-name=eu,us", "--partitions=2"))
                    .contains("The topics of eu, us are there");
            // Then
            List<String> wanted = TopicKind.names(List.of("eu", "us"));
            assertThat(admin.listTopics().names().get()).containsAll(wanted);
            // When: again, with another number
            assertThat(applied(kafka, "--cluster-name=eu", "--partitions=5")).contains("there");
            // Then
            assertThat(admin.describeTopics(wanted).allTopicNames().get().values())
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(2));
        }
    }

    private static String applied(String... arguments) {
        var out = new StringWriter();
        var line = new CommandLine(new Main());
        Main.prepare(line);
        line.setOut(new PrintWriter(out, true));
        int code =
                line.execute(
                        Stream.concat(Stream.of("topics", "apply"), Stream.of(arguments))
                                .toArray(String[]::new));
        assertThat(code).isZero();
        return out.toString();
    }
}
