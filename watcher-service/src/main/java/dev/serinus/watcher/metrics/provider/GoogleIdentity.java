package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who we are at Google: the service account whose key the template's Secret holds, else the one
 * whose key file {@code GOOGLE_APPLICATION_CREDENTIALS} names, else, where {@code
 * SERINUS_INSTANCE_CREDENTIALS} is true, the one that the instance or GKE's workload identity has.
 */
final class GoogleIdentity implements BearerApi.Identity {

    static final String KEY = "serviceAccountKey";

    /** Who asks, in a sentence. */
    static final String WHO = "an account of Google, by its key or as the installation";

    private static final String FILE = "GOOGLE_APPLICATION_CREDENTIALS";
    private static final String SCOPE = "https://www.googleapis.com/auth/monitoring.read";
    private static final String METADATA = "http://metadata.google.internal/computeMetadata/v1";
    private static final String OF_THE_INSTANCE = "of the instance";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int LONGEST = 64 * 1024;
    private static final Duration LONGEST_LIFE = Duration.ofHours(1); // as Google's own
    private static final String FAILED = "Google gave no access token: ";

    private final ProviderContext context;
    private final ShortLived<String> tokens;
    private final @Nullable GoogleKey key;

    /** Reads the key that there is; one that cannot be used is the settings' fault. */
    GoogleIdentity(ProviderContext context, GoogleAccounts accounts) throws WrongSettings {
        this.context = context;
        this.tokens = accounts.tokens();
        var settings = context.settings();
        Optional<String> given = settings.credential(KEY);
        String file = context.environment().getOrDefault(FILE, "");
        if (given.isPresent()) {
            key = read(accounts, given.get(), settings.type() + " credentials: " + KEY);
        } else if (!file.isEmpty()) {
            key = read(accounts, contents(file), "the file that " + FILE + " names");
        } else if (Instance.mayBeAsked(context.environment())) {
            key = null;
        } else {
            throw new WrongSettings(
                    "%s credentials: put %s into the Secret, or give the watcher %s or %s=true"
                            .formatted(settings.type(), KEY, FILE, Instance.ALLOWED));
        }
    }

    private GoogleKey read(GoogleAccounts accounts, String text, String called)
            throws WrongSettings {
        if (text.length() > LONGEST) {
            throw new WrongSettings(called + " is longer than the key of a service account");
        }
        Instant now = context.clock().instant();
        String digest = GoogleKey.digest(text);
        GoogleKey kept = accounts.keys().get(digest, now);
        if (kept != null) {
            return kept;
        }
        GoogleKey read = GoogleKey.read(text, called);
        accounts.keys().put(digest, read, now);
        return read;
    }

    private static String contents(String file) throws WrongSettings {
        try {
            Path path = Path.of(file);
            if (Files.size(path) > LONGEST) {
                throw new WrongSettings("the file that " + FILE + " names is too long for a key");
            }
            return Files.readString(path, UTF_8);
        } catch (IOException | InvalidPathException _) {
            throw new WrongSettings("the file that " + FILE + " names cannot be read");
        }
    }

    /** The project of the account; empty where it is the instance's. */
    Optional<String> project() {
        return Optional.ofNullable(key == null ? null : key.project());
    }

    @Override
    public String token() throws NoCredentials, InterruptedException {
        Instant now = context.clock().instant();
        GoogleKey ours = key;
        var by = isTheInstallation() ? context.ofTheInstallation() : context;
        return tokens.get(
                owner(),
                name(),
                now,
                () -> ours == null ? ofTheInstance(by, now) : got(by, ours, now));
    }

    @Override
    public void forgetToken(String refused) {
        tokens.forget(owner(), name(), refused, context.clock().instant());
    }

    /** A namespace's own key is its own; who the installation is, is the same for all. */
    private String owner() {
        return isTheInstallation() ? ShortLived.INSTALLATION : context.http().namespace();
    }

    private boolean isTheInstallation() {
        return context.settings().credential(KEY).isEmpty();
    }

    private String name() {
        return key == null ? OF_THE_INSTANCE : key.digest();
    }

    private static ShortLived.Held<String> got(ProviderContext by, GoogleKey ours, Instant now)
            throws NoCredentials, InterruptedException {
        String assertion = ours.assertion(SCOPE, now);
        try {
            var source =
                    new HttpSource(
                            by.with(
                                    by.settings()
                                            .at(
                                                    ours.tokens().toString(),
                                                    Map.of("assertion", assertion))),
                            null,
                            Map.of(),
                            LIMIT);
            return source.post(
                            "",
                            List.of(),
                            "application/x-www-form-urlencoded",
                            QueryEncoding.form(
                                    List.of(
                                            new HttpSource.Parameter(
                                                    "grant_type",
                                                    "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                                            new HttpSource.Parameter("assertion", assertion))),
                            new TokenReply(source, FAILED, now, null, LONGEST_LIFE))
                    .orThrow();
        } catch (WrongSettings wrong) {
            throw new NoCredentials(wrong.because());
        }
    }

    private static ShortLived.Held<String> ofTheInstance(ProviderContext by, Instant now)
            throws NoCredentials, InterruptedException {
        try {
            var source =
                    new HttpSource(
                            by.with(by.settings().at(METADATA, Map.of())),
                            null,
                            Map.of("Metadata-Flavor", "Google"),
                            LIMIT);
            return source.get(
                            "/instance/service-accounts/default/token",
                            List.of(),
                            new TokenReply(source, FAILED, now, null, LONGEST_LIFE))
                    .orThrow();
        } catch (WrongSettings wrong) {
            throw new NoCredentials(wrong.because());
        }
    }
}
