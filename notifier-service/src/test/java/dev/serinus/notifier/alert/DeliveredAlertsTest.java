package dev.serinus.notifier.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.EventNotice;
import dev.serinus.schemas.events.Severity;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class DeliveredAlertsTest {

    /**
     * A changed key here means that what was told before an upgrade is told again after it, and
     * that receivers cannot know it.
     */
    @Test
    void theKeyOfAnAlertIsTheSameInEveryRelease() {
        assertThat(DeliveredAlerts.key(alert(chat(null)), "chat/test/ops"))
                .isEqualTo("msg_b162daad17e77758c99edb233bf75dba");
        assertThat(
                        DeliveredAlerts.key(
                                alert(
                                        new EventNotice(
                                                "done",
                                                "Normal",
                                                "Succeeded",
                                                "f5",
                                                17L,
                                                0L,
                                                null)),
                                "events"))
                .isEqualTo("msg_0cc5ada8fe4f36db5948543b53cccb25");
    }

    @Test
    void whatAlertsAreToldAboutIsNoPartOfTheirKey() {
        var facts =
                AlertFacts.newBuilder()
                        .setStatus("failed")
                        .setRun(7)
                        .setPhase("Failed")
                        .setRevision("6867868d58")
                        .setCanaryBasisPoints(0)
                        .setFailedChecks(1)
                        .setIteration(0)
                        .setAt(Instant.EPOCH)
                        .build();

        assertThat(DeliveredAlerts.key(alert(chat(facts)), "a"))
                .isEqualTo(DeliveredAlerts.key(alert(chat(null)), "a"));
    }

    private static ChatAlert chat(@Nullable AlertFacts facts) {
        return new ChatAlert(
                Severity.WARN,
                "it waits",
                List.of(new AlertField("Target", "Deployment/podinfo.test")),
                facts);
    }

    private static Alert alert(Object body) {
        return Alert.newBuilder()
                .setCanary("lab/test/podinfo")
                .setUid("4f1c")
                .setGeneration(1)
                .setSequence(5)
                .setBody(body)
                .build();
    }
}
