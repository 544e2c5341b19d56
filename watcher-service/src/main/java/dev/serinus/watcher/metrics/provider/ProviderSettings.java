package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.outgoing.Redaction;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where and how to ask.
 *
 * @param type the provider's type, such as prometheus
 * @param headers HTTP headers to send; may be secrets
 * @param secret the credentials, empty without a Secret
 * @param interval the metric's interval, a Go duration
 * @param auth who asks, beside what the Secret says of it
 */
public record ProviderSettings(
        String type,
        @Nullable String address,
        Map<String, List<String>> headers,
        Map<String, String> secret,
        boolean hasSecret,
        boolean insecureSkipVerify,
        @Nullable String region,
        String interval,
        Authentication auth) {

    public ProviderSettings {
        headers = Map.copyOf(headers);
        secret = Map.copyOf(secret);
    }

    /** Of whoever the Secret says. */
    public ProviderSettings(
            String type,
            @Nullable String address,
            Map<String, List<String>> headers,
            Map<String, String> secret,
            boolean hasSecret,
            boolean insecureSkipVerify,
            @Nullable String region,
            String interval) {
        this(
                type,
                address,
                headers,
                secret,
                hasSecret,
                insecureSkipVerify,
                region,
                interval,
                Authentication.NONE);
    }

    /** A Prometheus without credentials. */
    public static ProviderSettings prometheus(String address) {
        return new ProviderSettings(
                "prometheus", address, Map.of(), Map.of(), false, false, null, "1m");
    }

    /** A text that only the same settings have, and that tells nothing of them. */
    public String digest() {
        List<@Nullable String> all = new ArrayList<>();
        all.add(type);
        all.add(address);
        all.add(String.valueOf(headers.size()));
        new TreeMap<>(headers)
                .forEach(
                        (name, values) -> {
                            all.add(name);
                            all.add(String.valueOf(values.size()));
                            all.addAll(values);
                        });
        new TreeMap<>(secret)
                .forEach(
                        (key, value) -> {
                            all.add(key);
                            all.add(value);
                        });
        all.add(String.valueOf(hasSecret));
        all.add(String.valueOf(insecureSkipVerify));
        all.add(region);
        all.add(interval);
        all.addAll(auth.parts());
        return Revision.digest(Digested.of(all));
    }

    /** A credential; empty when the Secret lacks it. */
    public Optional<String> credential(String key) {
        return Optional.ofNullable(secret.get(key));
    }

    /** A credential that there must be. */
    String required(String key) throws WrongSettings {
        String value = secret.get(key);
        if (value == null || value.isBlank()) {
            throw new WrongSettings("%s credentials does not contain %s".formatted(type, key));
        }
        // As with "echo token | base64": it would be refused, or be another password.
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new WrongSettings(
                    "%s credentials: %s has a line break or another control character in it"
                            .formatted(type, key));
        }
        return value;
    }

    /**
     * The same at an address that is not the template's to choose: it gets none of the template's
     * headers, is not asked as whoever the template says, and has to prove who it is.
     *
     * @param more that no text may tell
     */
    ProviderSettings at(String fixed, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(secret);
        all.putAll(more);
        return new ProviderSettings(type, fixed, Map.of(), all, hasSecret, false, region, interval);
    }

    /** Those of the same type that no template says anything of. */
    ProviderSettings ofTheInstallation() {
        return new ProviderSettings(
                type, null, Map.of(), Map.of(), false, false, null, interval, Authentication.NONE);
    }

    /** The same for a kind of provider that gets none of the template's own headers. */
    ProviderSettings withoutHeaders() {
        return with(address, Map.of(), insecureSkipVerify, auth);
    }

    /** The same for a kind of provider that has to prove who it is, and gets no such headers. */
    ProviderSettings plain() {
        return with(address, Map.of(), false, auth);
    }

    /** The same at this address. */
    ProviderSettings addressed(String other) {
        return with(other, headers, insecureSkipVerify, auth);
    }

    /** The same as somebody else. */
    public ProviderSettings as(Authentication other) {
        return with(address, headers, insecureSkipVerify, other);
    }

    private ProviderSettings with(
            @Nullable String at,
            Map<String, List<String>> sent,
            boolean skipVerify,
            Authentication who) {
        return new ProviderSettings(
                type, at, sent, secret, hasSecret, skipVerify, region, interval, who);
    }

    /** Hides the address, every header and every credential, and these in texts of a server. */
    public Redaction redaction(URI asked, List<String> more) {
        List<String> hidden = new ArrayList<>(secret.values());
        headers.values().forEach(hidden::addAll);
        hidden.addAll(auth.secrets());
        hidden.addAll(more);
        return Redaction.of(asked, hidden);
    }

    /** The type only. */
    @Override
    public String toString() {
        return "ProviderSettings[type=" + type + "]";
    }
}
