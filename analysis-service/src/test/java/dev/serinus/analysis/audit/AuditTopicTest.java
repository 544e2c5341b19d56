package dev.serinus.analysis.audit;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.serinus.schemas.events.AuditEntry;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class AuditTopicTest {

    @Test
    void whoActsIsNotKeptFromItWhileTheNameOfTheBrokerIsNotKnown() {
        var entry =
                AuditEntry.newBuilder()
                        .setAt(Instant.EPOCH)
                        .setActor("ada")
                        .setAction("pause")
                        .setOutcome("done")
                        .build();
        try (var audit = new AuditTopic(KafkaSettings.at("nowhere.invalid:9092"))) {
            assertThatCode(() -> audit.add(entry)).doesNotThrowAnyException();
            assertThatCode(() -> audit.add(entry)).doesNotThrowAnyException();
        }
    }
}
