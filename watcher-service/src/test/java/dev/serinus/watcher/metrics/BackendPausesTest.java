package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.outgoing.TestAuthority;
import dev.serinus.schemas.outgoing.TlsSettings;
import dev.serinus.watcher.metrics.provider.ProviderHttp;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class BackendPausesTest {

    private static final Duration A_WHILE = Duration.ofSeconds(5);

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final BackendPauses pauses = new BackendPauses(() -> now);

    @BeforeEach
    void askForAPause() {
        pauses.answered("shop", request("http://a/x", "1"), reply(429, A_WHILE));
    }

    private static ProviderHttp.Request request(String address, String key) {
        return ProviderHttp.Request.get(
                URI.create(address), Map.of("X-Key", List.of(key)), true, Duration.ofSeconds(5));
    }

    private static ProviderHttp.Reply reply(int status, Duration pause) {
        return new ProviderHttp.Reply(status, "", null, pause);
    }

    @Test
    void aServerIsLeftAloneForAsLongAsItAsks() {
        assertThat(pauses.left("shop", request("http://A/y?z", "1"))).contains(A_WHILE);

        now = now.plusSeconds(4);
        assertThat(pauses.left("shop", request("http://a/x", "1"))).contains(Duration.ofSeconds(1));

        now = now.plusSeconds(1);
        assertThat(pauses.left("shop", request("http://a/x", "1"))).isEmpty();
    }

    @Test
    void nobodyElseIsKeptFromAsking() {
        assertThat(pauses.left("other", request("http://a/x", "1"))).isEmpty();
        assertThat(pauses.left("shop", request("http://a/x", "2"))).isEmpty();
        assertThat(pauses.left("shop", request("http://b/x", "1"))).isEmpty();
        assertThat(pauses.left("shop", request("https://a/x", "1"))).isEmpty();
    }

    @Test
    void whoeverAsksByAnotherCertificateIsNotKeptFromIt() {
        var other =
                ((TlsSettings.Reading.Usable)
                                TlsSettings.read(
                                        null, null, new TestAuthority("lab").certificate()))
                        .settings();

        assertThat(pauses.left("shop", request("http://a/x", "1").by(other))).isEmpty();
        pauses.answered("shop", request("http://c", "1").by(other), reply(429, A_WHILE));
        assertThat(pauses.left("shop", request("http://c", "1").by(other))).contains(A_WHILE);
        assertThat(pauses.left("shop", request("http://c", "1"))).isEmpty();
    }

    private static ProviderHttp.Request signed(String key, String time, String signature) {
        return ProviderHttp.Request.get(
                URI.create("https://monitoring.eu-west-1.amazonaws.com/"),
                Map.of(
                        "X-Amz-Date",
                        List.of(time),
                        "Authorization",
                        List.of(
                                "AWS4-HMAC-SHA256 Credential=%s/%s/eu-west-1/monitoring/aws4_request, SignedHeaders=host, Signature=%s"
                                        .formatted(key, time.substring(0, 8), signature))),
                true,
                Duration.ofSeconds(5));
    }

    @Test
    void aServerIsTheSameWithItsUsualPortAndADotAtItsEnd() {
        pauses.answered("shop", request("http://a", "1"), reply(503, A_WHILE));

        assertThat(pauses.left("shop", request("http://A.:80/x", "1"))).contains(A_WHILE);
        assertThat(pauses.left("shop", request("https://a", "1"))).isEmpty();
    }

    @Test
    void aClockThatGoesBackMakesNoPauseLonger() {
        pauses.answered("shop", request("http://a", "1"), reply(503, A_WHILE));
        now = now.minusSeconds(3600);

        assertThat(pauses.left("shop", request("http://a", "1"))).isEmpty();
    }

    @Test
    void whoSignsEachRequestAnewStaysTheSame() {
        pauses.answered("shop", signed("AKID1", "20260301T235959Z", "aa"), reply(429, A_WHILE));

        assertThat(pauses.left("shop", signed("AKID1", "20260302T000001Z", "bb")))
                .contains(A_WHILE);
        assertThat(pauses.left("shop", signed("AKID2", "20260302T000001Z", "bb"))).isEmpty();
    }

    @Test
    void aPauseIsOverBeforeTheNextCheck() {
        pauses.answered("shop", request("http://a", "1"), reply(503, Duration.ofDays(1)));

        assertThat(pauses.left("shop", request("http://a", "1"))).contains(BackendPauses.LONGEST);
        assertThat(BackendPauses.LONGEST).isLessThan(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 401, 500})
    void otherAnswersAskForNothing(int status) {
        pauses.answered("shop", request("http://c", "1"), reply(status, A_WHILE));

        assertThat(pauses.left("shop", request("http://c", "1"))).isEmpty();
    }
}
