package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.ProviderAuth;
import dev.serinus.schemas.canary.SecretRef;
import dev.serinus.schemas.outgoing.TlsSettings;
import dev.serinus.watcher.metrics.provider.Authentication;
import dev.serinus.watcher.metrics.provider.Kept;
import dev.serinus.watcher.metrics.provider.OAuth2Client;
import dev.serinus.watcher.metrics.provider.ProviderHttp;
import dev.serinus.watcher.metrics.provider.ProviderSettings;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Gathers what a MetricTemplate's provider is asked with. The files that it names are read each
 * time, its Secrets once in a few seconds; of certificates what was made of the same version of the
 * same Secret is used again.
 */
final class TemplateSettings {

    /** More than a namespace has under way; each has 640 KB at most. */
    private static final int MOST_KEPT = 64;

    private final Credentials credentials;
    private final TokenFiles files;
    private final InstantSource clock;
    private final Kept<String, TlsSettings.Reading> certificates = new Kept<>(MOST_KEPT);
    private final Refusals refusals;

    TemplateSettings(Credentials credentials, TokenFiles files, InstantSource clock) {
        this.credentials = credentials;
        this.files = files;
        this.clock = clock;
        this.refusals = new Refusals(credentials::now);
    }

    /** The present moment, in the order in which Secrets are read. */
    long now() {
        return credentials.now();
    }

    /** Takes note of whether these settings are taken. */
    ProviderHttp noting(ProviderSettings settings, ProviderHttp http) {
        return refusals.noting(settings, http);
    }

    /** True where these settings were not taken after this. */
    boolean refusedSince(long then, ProviderSettings settings) {
        return refusals.since(then, settings);
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
     * @param room takes room for so many bytes, or says that there is none
     * @param since when what is used may have been read at the earliest, a {@link #now}
     */
    Found of(
            MetricTemplateSpec.Provider provider,
            String namespace,
            String interval,
            IntPredicate room,
            long since)
            throws InterruptedException {
        return new Read(namespace, room, since).settings(provider, interval);
    }

    private static final Credentials.Found.Data NOTHING = new Credentials.Found.Data(Map.of(), "");

    private static int length(Credentials.Found.Data secret) {
        return secret.data().values().stream().mapToInt(String::length).sum();
    }

    /** Reads for one question, and gathers what is wrong. */
    private final class Read {
        private final String namespace;
        private final IntPredicate room;
        private final long since;
        private final Map<String, Credentials.Found.Data> secrets = new HashMap<>();
        private final Set<String> unread = new HashSet<>();
        private final List<String> wrong = new ArrayList<>();
        private final List<String> unknown = new ArrayList<>();

        private Read(String namespace, IntPredicate room, long since) {
            this.since = since;
            this.namespace = namespace;
            this.room = room;
        }

        private Found settings(MetricTemplateSpec.Provider provider, String interval)
                throws InterruptedException {
            var ref = provider.secretRef();
            var settings =
                    new ProviderSettings(
                            provider.type(),
                            provider.address(),
                            provider.headers() == null ? Map.of() : provider.headers(),
                            ref == null ? Map.of() : secret(ref).data(),
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
        private Credentials.Found.Data secret(SecretRef ref) throws InterruptedException {
            var there = secrets.get(ref.name());
            if (there == null) {
                there = read(ref);
                secrets.put(ref.name(), there);
            }
            return there;
        }

        private Credentials.Found.Data read(SecretRef ref) throws InterruptedException {
            return switch (credentials.of(namespace, ref.name(), since)) {
                case Credentials.Found.Data data when room.test(length(data)) -> data;
                case Credentials.Found.Data _ -> {
                    unknown.add(
                            "secret %s is too long to be read beside what namespace %s reads now"
                                    .formatted(ref.name(), namespace));
                    unread.add(ref.name());
                    yield NOTHING;
                }
                case Credentials.Found.Missing(var because) -> {
                    wrong.add("secret %s error: %s".formatted(ref.name(), because));
                    unread.add(ref.name());
                    yield NOTHING;
                }
                case Credentials.Found.Unknown(var because) -> {
                    unknown.add(because);
                    unread.add(ref.name());
                    yield NOTHING;
                }
            };
        }

        private Authentication authentication(@Nullable ProviderAuth auth)
                throws InterruptedException {
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

        private OAuth2Client client(ProviderAuth.OAuth2 written) throws InterruptedException {
            String secret =
                    secret(written.secretRef())
                            .data()
                            .getOrDefault(ProviderAuth.OAuth2.CLIENT_SECRET, "");
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

        /** What was made of this, unless the Secrets it is of have other versions. */
        private TlsSettings.Reading kept(
                List<String> versions, Supplier<TlsSettings.Reading> reading) {
            if (versions.contains("")) {
                return reading.get();
            }
            Instant now = clock.instant();
            String version = String.join(" ", versions);
            var kept = certificates.get(version, now);
            if (kept != null) {
                return kept;
            }
            var read = reading.get();
            certificates.put(version, read, now);
            return read;
        }

        private @Nullable TlsSettings tls(ProviderAuth.Tls written) throws InterruptedException {
            var secret = secret(written.secretRef());
            var pinned = written.caSecretRef();
            var authorities = pinned == null ? secret : secret(pinned);
            if (unread.contains(written.secretRef().name())
                    || (pinned != null && unread.contains(pinned.name()))) {
                return null;
            }
            String certificate = given(secret.data(), TlsSettings.CERTIFICATE);
            String key = given(secret.data(), TlsSettings.KEY);
            String trusted = given(authorities.data(), TlsSettings.AUTHORITIES);
            if (pinned == null) {
                return usable(
                        written.secretRef().name(),
                        kept(
                                List.of(secret.version()),
                                () -> TlsSettings.read(certificate, key, trusted)));
            }
            if (trusted == null) {
                wrong.add(
                        "secret %s error: %s is missing or empty"
                                .formatted(pinned.name(), TlsSettings.AUTHORITIES));
            }
            if (certificate == null && key == null) {
                wrong.add(
                        "secret %s error: %s and %s are missing: name a Secret with %s alone in secretRef, and leave out caSecretRef"
                                .formatted(
                                        written.secretRef().name(),
                                        TlsSettings.CERTIFICATE,
                                        TlsSettings.KEY,
                                        TlsSettings.AUTHORITIES));
            }
            return trusted == null || (certificate == null && key == null)
                    ? null
                    : usable(
                            pinned.name().equals(written.secretRef().name())
                                    ? pinned.name()
                                    : written.secretRef().name() + " with " + pinned.name(),
                            kept(
                                    List.of(secret.version(), authorities.version()),
                                    () -> TlsSettings.pinned(certificate, key, trusted)));
        }

        private @Nullable TlsSettings usable(String secret, TlsSettings.Reading reading) {
            return switch (reading) {
                case TlsSettings.Reading.Usable(var settings) -> settings;
                case TlsSettings.Reading.Wrong(var because) -> {
                    because.forEach(
                            each -> wrong.add("secret %s error: %s".formatted(secret, each)));
                    yield null;
                }
            };
        }
    }
}
