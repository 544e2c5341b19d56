package dev.serinus.notifier.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.GatheredAlert;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a provider's record remembers of more canaries than it has room for. */
class GatheredTest {

    private static final Instant NOW = Instant.parse("2026-11-30T04:00:00Z");
    private static final CanaryKey PROVIDER = Gathered.record("lab", "test", "chat");
    private static final int CANARIES = Gathered.MOST_CANARIES + 500;

    @Test
    void ofCanariesThatItHasNoRoomForItKnowsThatTheyWereToldToo() {
        Map<CanaryKey, AlertDeliveries> known = new HashMap<>();
        for (int each = 0; each < CANARIES; each++) {
            gathered(known, each, NOW.minusMillis(each));
        }
        AlertDeliveries told =
                Gathered.of(known, PROVIDER, NOW)
                        .digest(
                                AlertDeliveries.newBuilder().setCanary(PROVIDER.toString()).build(),
                                NOW);
        known.put(PROVIDER, told);

        assertThat(told.getDigested()).hasSize(Gathered.MOST_CANARIES);
        assertThat(Gathered.of(known, PROVIDER, NOW).waiting()).isEmpty();
        gathered(known, CANARIES - 1, NOW.plusMillis(1));
        assertThat(Gathered.of(known, PROVIDER, NOW).waiting()).hasSize(1);
    }

    private static void gathered(Map<CanaryKey, AlertDeliveries> known, int number, Instant at) {
        var canary = new CanaryKey("lab", "test", "c" + number);
        known.put(
                canary,
                AlertDeliveries.newBuilder()
                        .setCanary(canary.toString())
                        .setGathered(
                                List.of(
                                        new GatheredAlert(
                                                "chat.test",
                                                "msg_" + number,
                                                new ChatAlert(
                                                        Severity.INFO, "begins", List.of(), null),
                                                at,
                                                at,
                                                1)))
                        .build());
    }
}
