package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class ProviderSettingsTest {

    private static ProviderSettings settings(
            String address, Map<String, List<String>> headers, Map<String, String> secret) {
        return new ProviderSettings("x", address, headers, secret, true, false, null, "1m");
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
                        plain.as(new Authentication("t")),
                        plain.as(new Authentication("u")));

        assertThat(others.stream().map(ProviderSettings::digest).distinct())
                .hasSameSizeAs(others)
                .doesNotContain(plain.digest());
        assertThat(plain.digest())
                .isEqualTo(settings("a", plain.headers(), plain.secret()).digest());
        assertThat(Authentication.class.getRecordComponents())
                .as("what is new must count in the digest, and be tried above")
                .hasSize(1);
        assertThat(ProviderSettings.class.getRecordComponents())
                .as("what is new must count in the digest, and be tried above")
                .hasSize(9);
    }
}
