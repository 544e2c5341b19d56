package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.outgoing.TestAuthority;
import dev.serinus.schemas.outgoing.TlsSettings;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class ProviderSettingsTest {

    private static ProviderSettings settings(
            String address, Map<String, List<String>> headers, Map<String, String> secret) {
        return new ProviderSettings("x", address, headers, secret, true, false, null, "1m");
    }

    private static Authentication client(
            String tokenUrl,
            String id,
            String secret,
            List<String> scopes,
            Map<String, String> parameters,
            boolean inBody) {
        return Authentication.of(
                new OAuth2Client(tokenUrl, id, secret, scopes, parameters, inBody, null));
    }

    private static TlsSettings authority(String name) {
        return ((TlsSettings.Reading.Usable)
                        TlsSettings.read(null, null, new TestAuthority(name).certificate()))
                .settings();
    }

    @Test
    void aDigestIsOfEverythingThatSettingsHave() {
        var plain = settings("a", Map.of("h", List.of("1")), Map.of("k", "v"));
        List<ProviderSettings> others =
                List.of(
                        new ProviderSettings(
                                "y", "a", plain.headers(), plain.secret(), true, false, null, "1m"),
                        settings("b", plain.headers(), plain.secret()),
                        settings("a", Map.of("h", List.of("2")), plain.secret()),
                        settings("a", Map.of("h", List.of("1", "")), plain.secret()),
                        settings("a", Map.of("h", List.of()), Map.of("1", "k", "v", "")),
                        settings("a", Map.of(), plain.secret()),
                        settings("a", plain.headers(), Map.of("k", "w")),
                        settings("a", plain.headers(), Map.of("kv", "")),
                        settings("a", plain.headers(), Map.of()),
                        new ProviderSettings(
                                "x",
                                null,
                                plain.headers(),
                                plain.secret(),
                                true,
                                false,
                                null,
                                "1m"),
                        new ProviderSettings(
                                "x",
                                "a",
                                plain.headers(),
                                plain.secret(),
                                false,
                                false,
                                null,
                                "1m"),
                        new ProviderSettings(
                                "x", "a", plain.headers(), plain.secret(), true, true, null, "1m"),
                        new ProviderSettings(
                                "x", "a", plain.headers(), plain.secret(), true, false, "r", "1m"),
                        new ProviderSettings(
                                "x", "a", plain.headers(), plain.secret(), true, false, null, "2m"),
                        plain.as(Authentication.bearing("t")),
                        plain.as(Authentication.bearing("u")),
                        plain.as(client("u", "i", "s", List.of("a"), Map.of("b", "c"), false)),
                        plain.as(client("v", "i", "s", List.of("a"), Map.of("b", "c"), false)),
                        plain.as(client("u", "j", "s", List.of("a"), Map.of("b", "c"), false)),
                        plain.as(client("u", "i", "t", List.of("a"), Map.of("b", "c"), false)),
                        plain.as(client("u", "i", "s", List.of("a", "b"), Map.of(), false)),
                        plain.as(client("u", "i", "s", List.of("a", "b", "c"), Map.of(), false)),
                        plain.as(client("u", "i", "s", List.of("a"), Map.of("b", "d"), false)),
                        plain.as(client("u", "i", "s", List.of("a"), Map.of("b", "c"), true)),
                        plain.as(Authentication.of(authority("one"))),
                        plain.as(Authentication.of(authority("another"))),
                        plain.as(
                                Authentication.of(
                                        new OAuth2Client(
                                                "u",
                                                "i",
                                                "s",
                                                List.of("a"),
                                                Map.of("b", "c"),
                                                false,
                                                authority("one")))));

        assertThat(others.stream().map(ProviderSettings::digest).distinct())
                .hasSameSizeAs(others)
                .doesNotContain(plain.digest());
        assertThat(plain.digest())
                .isEqualTo(settings("a", plain.headers(), plain.secret()).digest());
        assertThat(Authentication.class.getRecordComponents())
                .as("what is new must count in the digest, and be tried above")
                .hasSize(3);
        assertThat(OAuth2Client.class.getRecordComponents())
                .as("what is new must count in the digest, and be tried above")
                .hasSize(7);
        assertThat(ProviderSettings.class.getRecordComponents())
                .as("what is new must count in the digest, and be tried above")
                .hasSize(9);
    }
}
