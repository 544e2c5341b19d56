package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.ProviderAuth;
import dev.serinus.schemas.canary.SecretRef;
import dev.serinus.schemas.outgoing.TlsSettings;
import dev.serinus.watcher.metrics.provider.Authentication;
import dev.serinus.watcher.metrics.provider.OAuth2Client;
import dev.serinus.watcher.metrics.provider.ProviderSettings;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gathers what a MetricTemplate's provider is asked with. The Secrets and files that it names are
 * read each time and are kept nowhere, so that a new password counts at once.
 */
final class TemplateSettings {

    private final Credentials credentials;
    private final TokenFiles files;

    TemplateSettings(Credentials credentials, TokenFiles files) {
        this.credentials = credentials;
        this.files = files;
    }

    /** What came of it; no text holds a credential. */
    sealed interface Found {
        record Settings(ProviderSettings settings) implements Found {}

        record Wrong(String because) implements Found {}

        record Unknown(String because) implements Found {}
    }

    /**
     * Reads all that a provider of a template needs; all that is wrong with it is said at once.
     *
     * @param namespace of the template, whose the Secrets and files are
     * @param interval of the metric
     */
    Found of(MetricTemplateSpec.Provider provider, String namespace, String interval) {
        return new Read(namespace).settings(provider, interval);
    }

    /** Reads for one question, and gathers what is wrong. */
    private final class Read {
        private final String namespace;
        private final Map<String, Map<String, String>> secrets = new HashMap<>();
        private final Set<String> unread = new HashSet<>();
        private final List<String> wrong = new ArrayList<>();
        private final List<String> unknown = new ArrayList<>();

        private Read(String namespace) {
            this.namespace = namespace;
        }

        private Found settings(MetricTemplateSpec.Provider provider, String interval) {
            var ref = provider.secretRef();
            var settings =
                    new ProviderSettings(
                            provider.type(),
                            provider.address(),
                            provider.headers() == null ? Map.of() : provider.headers(),
                            ref == null ? Map.of() : secret(ref),
                            ref != null,
                            Boolean.TRUE.equals(provider.insecureSkipVerify()),
                            provider.region(),
                            interval,
                            authentication(provider.auth()));
            if (!wrong.isEmpty()) {
                return new Found.Wrong(String.join("; ", wrong));
            }
            return unknown.isEmpty()
                    ? new Found.Settings(settings)
                    : new Found.Unknown(String.join("; ", unknown));
        }

        /** Each Secret is read once, and what is wrong with it said once. */
        private Map<String, String> secret(SecretRef ref) {
            var there = secrets.get(ref.name());
            if (there == null) {
                there = read(ref);
                secrets.put(ref.name(), there);
            }
            return there;
        }

        private Map<String, String> read(SecretRef ref) {
            return switch (credentials.of(namespace, ref.name())) {
                case Credentials.Found.Data(var data) -> data;
                case Credentials.Found.Missing(var because) -> {
                    wrong.add("secret %s error: %s".formatted(ref.name(), because));
                    unread.add(ref.name());
                    yield Map.of();
                }
                case Credentials.Found.Unknown(var because) -> {
                    unknown.add(because);
                    unread.add(ref.name());
                    yield Map.of();
                }
            };
        }

        private Authentication authentication(@Nullable ProviderAuth auth) {
            if (auth == null) {
                return Authentication.NONE;
            }
            return new Authentication(
                    auth.bearerTokenFile() == null ? null : token(auth.bearerTokenFile()),
                    auth.oauth2() == null ? null : client(auth.oauth2()),
                    auth.tls() == null ? null : tls(auth.tls()));
        }

        private @Nullable String token(String file) {
            return switch (files.of(namespace, file)) {
                case TokenFiles.Found.Token(var token) -> token;
                case TokenFiles.Found.Wrong(var because) -> {
                    wrong.add("error: " + because);
                    yield null;
                }
                case TokenFiles.Found.Unknown(var because) -> {
                    unknown.add(because);
                    yield null;
                }
            };
        }

        private OAuth2Client client(ProviderAuth.OAuth2 written) {
            String secret =
                    secret(written.secretRef()).getOrDefault(ProviderAuth.OAuth2.CLIENT_SECRET, "");
            // As with "echo secret | base64": it would be refused, or be another one.
            if (!unread.contains(written.secretRef().name())
                    && (secret.isBlank() || secret.chars().anyMatch(Character::isISOControl))) {
                wrong.add(
                        "secret %s error: %s is missing or empty, or has a line break in it"
                                .formatted(
                                        written.secretRef().name(),
                                        ProviderAuth.OAuth2.CLIENT_SECRET));
            }
            return new OAuth2Client(
                    written.tokenUrl(),
                    written.clientId(),
                    secret,
                    written.scopes() == null ? List.of() : written.scopes(),
                    written.endpointParams() == null ? Map.of() : written.endpointParams(),
                    "post".equals(written.clientAuthentication()),
                    written.tls() == null ? null : tls(written.tls()));
        }

        /** An issuer that does not say who it is leaves an empty text. */
        private static @Nullable String given(Map<String, String> secret, String key) {
            String text = secret.get(key);
            return text == null || text.isBlank() ? null : text;
        }

        private @Nullable TlsSettings tls(ProviderAuth.Tls written) {
            var secret = secret(written.secretRef());
            if (unread.contains(written.secretRef().name())) {
                return null;
            }
            return switch (TlsSettings.read(
                    given(secret, TlsSettings.CERTIFICATE),
                    given(secret, TlsSettings.KEY),
                    given(secret, TlsSettings.AUTHORITIES))) {
                case TlsSettings.Reading.Usable(var settings) -> settings;
                case TlsSettings.Reading.Wrong(var because) -> {
                    because.forEach(
                            each ->
                                    wrong.add(
                                            "secret %s error: %s"
                                                    .formatted(written.secretRef().name(), each)));
                    yield null;
                }
            };
        }
    }
}
