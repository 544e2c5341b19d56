package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.ProviderAuth;
import dev.serinus.watcher.metrics.provider.Authentication;
import dev.serinus.watcher.metrics.provider.ProviderSettings;

import org.jspecify.annotations.Nullable;

import java.util.Map;

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
     * Reads all that a provider of a template needs.
     *
     * @param namespace of the template, whose the Secrets and files are
     * @param interval of the metric
     */
    Found of(MetricTemplateSpec.Provider provider, String namespace, String interval) {
        Map<String, String> secret = Map.of();
        if (provider.secretRef() != null) {
            String name = provider.secretRef().name();
            switch (credentials.of(namespace, name)) {
                case Credentials.Found.Data(var data) -> secret = data;
                case Credentials.Found.Missing(var because) -> {
                    return new Found.Wrong("secret %s error: %s".formatted(name, because));
                }
                case Credentials.Found.Unknown(var because) -> {
                    return new Found.Unknown(because);
                }
            }
        }
        var settings =
                new ProviderSettings(
                        provider.type(),
                        provider.address(),
                        provider.headers() == null ? Map.of() : provider.headers(),
                        secret,
                        provider.secretRef() != null,
                        Boolean.TRUE.equals(provider.insecureSkipVerify()),
                        provider.region(),
                        interval);
        return authenticated(settings, provider.auth(), namespace);
    }

    private Found authenticated(
            ProviderSettings settings, @Nullable ProviderAuth auth, String namespace) {
        if (auth == null || auth.bearerTokenFile() == null) {
            return new Found.Settings(settings);
        }
        return switch (files.of(namespace, auth.bearerTokenFile())) {
            case TokenFiles.Found.Token(var token) ->
                    new Found.Settings(settings.as(new Authentication(token)));
            case TokenFiles.Found.Wrong(var because) -> new Found.Wrong("error: " + because);
            case TokenFiles.Found.Unknown(var because) -> new Found.Unknown(because);
        };
    }
}
