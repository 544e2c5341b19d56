package dev.serinus.analysis.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.AuditEntry;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.Provisioning;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The audit on a real broker. */
class AuditTopicIT {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir Path data;

    @Test
    void whatTwoInstancesKeptIsInOneOrderAndReadBackInParts() throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0)) {
            // Given
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            try (var reader = new AuditTopic(kafka)) {
                assertThatThrownBy(() -> reader.before(null, null, 10, _ -> true))
                        .isInstanceOf(LookupFailed.class)
                        .hasMessageContaining("there is no topic serinus.audit");
            }
            try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                Provisioning.ensureTopics(admin, List.of("west"), 3, (short) 1);
            }

            // When
            for (int instance = 0; instance < 2; instance++) {
                try (var writer = new AuditTopic(kafka)) { // closed: all it has is written
                    for (int n = 0; n < 3; n++) {
                        writer.add(entry(3 * instance + n));
                    }
                }
            }

            // Then
            try (var reader = new AuditTopic(kafka)) {
                var last = reader.before(null, null, 2, _ -> true);
                assertThat(last.entries())
                        .extracting(AuditEntry::getTarget)
                        .containsExactly("4", "5");
                assertThat(reader.before(null, last.earlier(), 10, _ -> true).entries())
                        .extracting(AuditEntry::getTarget)
                        .containsExactly("0", "1", "2", "3");
                assertThat(
                                reader.before(null, null, 10, it -> it.getTarget().equals("3"))
                                        .entries())
                        .hasSize(1);
                assertThat(
                                reader.before(Instant.now().plusSeconds(7_200), null, 10, _ -> true)
                                        .entries())
                        .isEmpty();
            }
        }
    }

    private static AuditEntry entry(int number) {
        return AuditEntry.newBuilder()
                .setAt(AT.plusSeconds(number))
                .setActor("ada")
                .setAction("pause")
                .setOutcome("done")
                .setTarget("" + number)
                .build();
    }
}
