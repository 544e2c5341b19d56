package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What every service promises, however it is reached. */
abstract class NotifierContract {

    static final CanaryKey OWNER = new CanaryKey("lab", "test", "podinfo");

    protected abstract Notifier notifier();

    /** Where it is listed. */
    protected Notifiers notifiers() {
        return Notifiers.ALL;
    }

    /** A server that is busy once, then refuses and quotes all that it was sent. */
    interface Refusing extends AutoCloseable {

        /** How it is reached, with secrets that begin s3cr3t, t0k3n and passw0rd. */
        Destination destination();

        Delivery delivery();

        /** The keys of the attempts that it saw. */
        List<String> keys();

        @Override
        void close();
    }

    protected abstract Refusing refusing() throws Exception;

    @Test
    void everyAttemptCarriesTheKeyAndNoReasonTellsASecret() throws Exception {
        try (var server = refusing()) {
            var told = message(Severity.WARN, "told");

            var busy = server.delivery().attempt(OWNER, told, server.destination());
            var refused = server.delivery().attempt(OWNER, told, server.destination());

            assertThat(server.keys()).containsExactly("msg_1", "msg_1");
            assertThat(busy)
                    .isInstanceOfSatisfying(
                            Delivery.Result.Missed.class, it -> assertThat(it.again()).isTrue());
            assertThat(((Delivery.Result.Missed) refused).again()).isFalse();
            assertThat(((Delivery.Result.Missed) refused).because())
                    .matches("status [45]\\d\\d: .*")
                    .contains("msg_1")
                    .doesNotContain("s3cr3t", "t0k3n", "passw0rd", "bWU6cGFzc3cwcmQ");
        }
    }

    @Test
    void isFoundByItsType() {
        assertThat(notifiers().of(notifier().type())).contains(notifier());
    }

    static Message message(Severity severity, String text) {
        return new Message(
                "msg_1",
                "podinfo.test",
                severity,
                text,
                List.of(new AlertField("Target", "Deployment/podinfo.test")));
    }
}
