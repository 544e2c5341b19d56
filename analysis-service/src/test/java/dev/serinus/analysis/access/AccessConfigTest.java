package dev.serinus.analysis.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

class AccessConfigTest {

    private static AccessConfig of(String issuer, String audience, String keys, int rate) {
        return new AccessConfig(null, null, issuer, audience, keys, "sub", "groups", rate);
    }

    @Test
    void whatIsEmptySaysNothing() {
        var config = new AccessConfig(Path.of(""), Path.of(""), "", "", "", "sub", "groups", 1);

        assertThat(config.tokensFile()).isNull();
        assertThat(config.rulesFile()).isNull();
        assertThat(config.oidc()).isNull();
        assertThat(Access.of(config, false, InstantSource.system()).takesActions()).isFalse();
    }

    @Test
    void whatSaysNothingByItselfIsRefused() {
        assertThatThrownBy(() -> of("", "serinus", "", 1))
                .hasMessageContaining("serinus.api.oidc-issuer");
        assertThatThrownBy(() -> of("", "", "https://sso.example/keys", 1))
                .hasMessageContaining("serinus.api.oidc-issuer");
        assertThatThrownBy(() -> of("", "", "", 0))
                .hasMessageContaining("serinus.api.actions-per-minute");
    }

    @Test
    void actionsComeBackWithTime() {
        var start = Instant.parse("2026-01-01T00:00:00Z");
        var seconds = new AtomicLong();
        var access = Access.of(of("", "", "", 2), true, () -> start.plusSeconds(seconds.get()));
        var ada = new Caller("ada", Set.of());
        access.take(ada);
        access.take(ada);

        var wait = access.take(ada);
        seconds.set(30);

        assertThat(wait).contains(Duration.ofSeconds(30));
        assertThat(access.take(ada)).isEmpty();
        assertThat(access.take(new Caller("bob", Set.of()))).isEmpty();
    }
}
