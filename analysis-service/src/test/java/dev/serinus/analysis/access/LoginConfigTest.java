package dev.serinus.analysis.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** How people log in with a browser, as it is configured. */
class LoginConfigTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final AccessConfig OIDC =
            new AccessConfig(
                    null, null, "https://sso.example", "serinus", null, "sub", "groups", 60);

    @TempDir Path files;

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(
                        () ->
                                new LoginConfig(
                                        "web",
                                        null,
                                        null,
                                        "http://serinus.example/x",
                                        "email",
                                        Duration.ofSeconds(1)))
                .hasMessageContainingAll(
                        "public-url must begin with https://",
                        "key-file must be set",
                        "scopes must have openid",
                        "lasts must be 1m to 24h");
    }

    @Test
    void anAddressWithAPathIsNoneToComeBackTo() {
        assertThatThrownBy(
                        () ->
                                new LoginConfig(
                                        "web",
                                        Path.of("secret"),
                                        null,
                                        "https://serinus.example/dashboard",
                                        "",
                                        HOUR))
                .hasMessageContaining("must be an address alone");
    }

    @Test
    void whatSaysNothingWithoutAClientIsRefused() {
        assertThatThrownBy(
                        () ->
                                new LoginConfig(
                                        null, null, null, "https://serinus.example", "", HOUR))
                .hasMessageContaining("say nothing without serinus.api.login.client-id");
    }

    @Test
    void aClientWithoutAnIssuerIsRefused() {
        var browser =
                new LoginConfig(
                        "web", Path.of("secret"), null, "https://serinus.example", "", HOUR);

        assertThatThrownBy(
                        () -> Access.of(AccessConfig.NONE, browser, false, InstantSource.system()))
                .hasMessageContaining("says nothing without serinus.api.oidc-issuer");
    }

    @Test
    void aShortKeyIsRefusedByItsLengthAndNotByWhatIsInIt() throws Exception {
        var key = Files.writeString(files.resolve("key"), "hunter2");
        var browser = new LoginConfig("web", null, key, "https://serinus.example", "", HOUR);

        assertThatThrownBy(() -> Access.of(OIDC, browser, false, InstantSource.system()))
                .hasMessageContaining("must have 32 bytes or more")
                .hasMessageContaining("has 7")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aShortSecretSealsNothing() throws Exception {
        var secret = Files.writeString(files.resolve("secret"), "hunter2");
        var browser = new LoginConfig("web", secret, null, "https://serinus.example", "", HOUR);

        assertThatThrownBy(() -> Access.of(OIDC, browser, false, InstantSource.system()))
                .hasMessageContaining("client-secret-file must have 32 bytes or more")
                .hasMessageContaining("where there is no serinus.api.login.key-file")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void whatAnotherInstallationSealedIsNothingHereThoughTheSecretBeTheSame() {
        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
        var ours = new Seal(secret, "https://sso.example\nweb\nhttps://serinus.example");
        var theirs = new Seal(secret, "https://trials.example\nweb\nhttps://serinus.example");
        String text = theirs.seal("session", new byte[] {1});

        assertThat(theirs.open("session", text)).containsExactly(1);
        assertThat(ours.open("session", text)).isNull();
        assertThat(theirs.open("pending", text)).isNull();
    }

    @Test
    void aPortThatBrowsersLeaveOutIsLeftOut() {
        var secret = Path.of("secret");

        assertThat(
                        new LoginConfig(
                                        "web",
                                        secret,
                                        null,
                                        "https://serinus.example:443/",
                                        "",
                                        HOUR)
                                .publicUrl())
                .isEqualTo("https://serinus.example");
        assertThat(
                        new LoginConfig(
                                        "web",
                                        secret,
                                        null,
                                        "https://serinus.example:8443",
                                        "",
                                        HOUR)
                                .publicUrl())
                .isEqualTo("https://serinus.example:8443");
    }

    @Test
    void overTlsAloneCookiesAreForTlsAlone() throws Exception {
        var key = Files.writeString(files.resolve("key"), "0123456789abcdef0123456789abcdef");
        var browser = new LoginConfig("web", null, key, "https://serinus.example/", "", HOUR);

        var login =
                Access.of(OIDC, browser, false, InstantSource.system())
                        .browserLogin()
                        .orElseThrow();

        assertThat(login.isSecure()).isTrue();
        assertThat(login.publicUrl()).isEqualTo("https://serinus.example");
    }
}
