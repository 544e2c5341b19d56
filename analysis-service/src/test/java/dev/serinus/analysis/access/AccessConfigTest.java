package dev.serinus.analysis.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

class AccessConfigTest {

    @TempDir Path files;

    private static AccessConfig of(String issuer, String audience, String keys, int rate) {
        return new AccessConfig(null, null, issuer, audience, keys, "sub", "groups", rate);
    }

    @Test
    void whatIsEmptySaysNothing() {
        var config = new AccessConfig(Path.of(""), Path.of(""), "", "", "", "sub", "groups", 1);

        assertThat(config.tokensFile()).isNull();
        assertThat(config.rulesFile()).isNull();
        assertThat(config.oidc()).isNull();
        assertThat(
                        Access.of(config, LoginConfig.NONE, false, InstantSource.system())
                                .takesActions())
                .isFalse();
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
        var access =
                Access.of(
                        of("", "", "", 2),
                        LoginConfig.NONE,
                        true,
                        () -> start.plusSeconds(seconds.get()));
        var ada = new Caller("ada", Set.of());
        access.take(ada);
        access.take(ada);

        var wait = access.take(ada);
        seconds.set(30);

        assertThat(wait).contains(Duration.ofSeconds(30));
        assertThat(access.take(ada)).isEmpty();
        assertThat(access.take(new Caller("bob", Set.of()))).isEmpty();
    }

    @Test
    void whatWasTakenOutOfAFileIsOverAndAMistakeChangesNothing() throws Exception {
        Path tokens = files.resolve("tokens");
        Path rules = files.resolve("rules");
        Files.writeString(tokens, "ada sha256:%s%n".formatted(Tokens.hash("secret")));
        Files.writeString(rules, "rules: [{users: [ada], verbs: [pause]}]");
        var start = Instant.parse("2026-01-01T00:00:00Z");
        var seconds = new AtomicLong();
        var config = new AccessConfig(tokens, rules, null, null, null, "", "", 60);
        var access =
                Access.of(config, LoginConfig.NONE, false, () -> start.plusSeconds(seconds.get()));
        var ada = new Caller("ada", Set.of());
        var cart = new CanaryKey("west", "shop", "cart");

        Files.writeString(tokens, "no hash");
        Files.writeString(rules, "rules: [{users: [ada]}]");
        seconds.set(6);
        boolean kept = access.caller("secret").isPresent();
        boolean pauses = access.allows(ada, "pause", cart);
        Files.writeString(tokens, "");
        seconds.set(12);

        assertThat(kept).isTrue();
        assertThat(pauses).isFalse();
        assertThat(access.caller("secret")).isEmpty();
    }

    @Test
    void aClaimThatIsBlankIsTheUsualOne() {
        var oidc =
                new AccessConfig(null, null, "https://sso.example", "serinus", null, " ", "", 60)
                        .oidc();

        assertThat(oidc)
                .isEqualTo(new Oidc("https://sso.example", "serinus", null, "sub", "groups"));
    }
}
