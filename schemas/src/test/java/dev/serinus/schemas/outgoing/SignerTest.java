package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class SignerTest {

    private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /** The example of the Standard Webhooks specification. */
    @Test
    void signsAsTheSpecificationsExample() {
        var headers =
                Signer.of(KEY)
                        .headers(
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                Instant.ofEpochSecond(1614265330),
                                "{\"test\": 2432232314}");

        assertThat(headers)
                .containsEntry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .containsEntry("webhook-timestamp", "1614265330")
                .containsEntry(
                        "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void signsWithEveryKeyWhileOneIsReplaced() {
        var headers =
                Signer.of(KEY + ", whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
                        .headers("msg_1", Instant.EPOCH, "{}");

        assertThat(headers.get("webhook-signature")).matches("v1,\\S{44} v1,\\S{44}");
    }

    @Test
    void withoutAKeyThereIsAnIdButNoSignature() {
        assertThat(Signer.none().headers("msg_1", Instant.EPOCH, "{}"))
                .containsOnlyKeys("webhook-id", "webhook-timestamp");
    }

    @Test
    void aBadKeyIsRefusedWithoutBeingQuoted() {
        assertThatThrownBy(() -> Signer.of("whsec_s3cr3t!"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cr3t")
                .hasNoCause();
        assertThat(Signer.of(KEY).toString()).doesNotContain("MfKQ9");
    }
}
