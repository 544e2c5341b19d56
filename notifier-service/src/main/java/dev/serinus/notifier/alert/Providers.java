package dev.serinus.notifier.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.notifier.chat.Destination;
import dev.serinus.notifier.chat.Digest;
import dev.serinus.notifier.chat.Notifier;
import dev.serinus.notifier.chat.Notifiers;
import dev.serinus.notifier.mail.Envelope;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.ResourceWatch;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds where an alert goes: the AlertProvider from the watch, its Secret from the API server at
 * the moment of sending, so that a rotated token is used at once and no Secret is held in memory.
 *
 * @param watched the namespace that is watched, null for all; a provider elsewhere is asked for
 */
public record Providers(
        ResourceWatch<Provider> watch,
        KubernetesClient client,
        Notifiers notifiers,
        Duration patience,
        @Nullable String watched,
        boolean noCrossNamespaceRefs) {

    /** An alert that cannot be sent, and why, without any secret. */
    sealed interface Found {
        /**
         * @param digest for how long what is no error is gathered; null where all is told at once
         */
        record Usable(Destination destination, @Nullable Duration digest) implements Found {}

        /**
         * @param gone there is no such provider
         * @param again another look may end better, without a change of the provider's spec
         * @param provider what its spec says; null where it cannot be seen, or is no use
         */
        record Unusable(String because, boolean gone, boolean again, @Nullable Provider provider)
                implements Found {

            /** By a mistake that stays until somebody mends it. */
            static Unusable wrong(String because) {
                return new Unusable(because, false, false, null);
            }

            /** By what is not there now. */
            static Unusable now(String because, @Nullable Provider provider) {
                return new Unusable(because, false, true, provider);
            }
        }
    }

    Found find(AlertRule rule, String canaryNamespace) throws InterruptedException {
        String namespace = rule.providerNamespace();
        String dotted = rule.providerName() + "." + namespace;
        if (noCrossNamespaceRefs && !namespace.equals(canaryNamespace)) {
            return Found.Unusable.wrong(
                    "can't access alert provider "
                            + dotted
                            + ", cross-namespace references are blocked");
        }
        return find(namespace, rule.providerName());
    }

    /** The provider of this name, whoever asks. */
    Found find(String namespace, String name) throws InterruptedException {
        String dotted = name + "." + namespace;
        if (!ObjectNames.isName(name) || !ObjectNames.isNamespace(namespace)) {
            return Found.Unusable.wrong(
                    "alert provider "
                            + ObjectNames.because(
                                    ObjectNames.isNamespace(namespace) ? name : namespace));
        }
        Provider provider;
        try {
            provider = provider(namespace, name);
        } catch (KubernetesClientException refused) {
            return Found.Unusable.now(
                    "alert provider "
                            + dotted
                            + " cannot be read: "
                            + answered(refused, "alertproviders", namespace),
                    null);
        }
        if (provider == null) {
            return new Found.Unusable(
                    "alert provider " + dotted + " does not exist", true, true, null);
        }
        Optional<String> wrongDigest = wrongDigest(provider);
        if (wrongDigest.isPresent()) {
            return Found.Unusable.wrong("alert provider " + dotted + wrongDigest.get());
        }
        if (provider.secretName().isEmpty()) {
            return usable(provider, provider.address(), Map.of(), dotted);
        }
        return withSecret(provider, namespace, dotted);
    }

    private @Nullable Provider provider(String namespace, String name) throws InterruptedException {
        if (watched == null || watched.equals(namespace)) {
            return watch.insistOn(namespace, name, patience).map(Observed::value).orElse(null);
        }
        var elsewhere =
                client.genericKubernetesResources(ResourceWatch.ALERT_PROVIDERS)
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
        return elsewhere == null ? null : Provider.of(elsewhere);
    }

    /** As with an installation for one namespace that is to read in another. */
    private static String answered(
            KubernetesClientException refused, String resource, String namespace) {
        return "the API server answered "
                + refused.getCode()
                + (refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                        ? ", the notifier has no right to get %s in namespace %s"
                                .formatted(resource, namespace)
                        : "");
    }

    private Found withSecret(Provider provider, String namespace, String dotted) {
        if (!ObjectNames.isName(provider.secretName())) {
            return Found.Unusable.wrong(
                    "secret of alert provider "
                            + dotted
                            + ": "
                            + ObjectNames.because(provider.secretName()));
        }
        String name = provider.secretName() + "." + namespace;
        Secret secret;
        try {
            secret = client.secrets().inNamespace(namespace).withName(provider.secretName()).get();
        } catch (KubernetesClientException refused) {
            return Found.Unusable.now(
                    "secret "
                            + name
                            + " of alert provider "
                            + dotted
                            + " cannot be read: "
                            + answered(refused, "secrets", namespace),
                    provider);
        }
        if (secret == null) {
            return Found.Unusable.now(
                    "secret " + name + " of alert provider " + dotted + " does not exist",
                    provider);
        }
        Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
        // Flagger's own kinds of provider take the Secret's address before the spec's.
        String inSecret = value(data, "address");
        String address = inSecret == null ? otherAddress(provider) : inSecret;
        if (address.isEmpty()) {
            return Found.Unusable.now(
                    "secret " + name + " of alert provider " + dotted + " has no key address",
                    provider);
        }
        return usable(provider, address, data, dotted);
    }

    /** What the spec says, or else where services of this kind usually are. */
    private String otherAddress(Provider provider) {
        return provider.address().isEmpty()
                ? notifiers.of(provider.type()).flatMap(Notifier::usualAddress).orElse("")
                : provider.address();
    }

    private Found usable(
            Provider provider, String address, Map<String, String> secret, String dotted) {
        if (address.isBlank()) {
            return Found.Unusable.wrong(
                    "alert provider " + dotted + " has neither an address nor a secret");
        }
        return new Found.Usable(
                destination(provider, address, secret),
                Digest.every(provider.digest()).orElse(null));
    }

    /** What is wrong with its digest, in words that follow its name; mostly nothing. */
    private Optional<String> wrongDigest(Provider provider) {
        if (provider.digest().isEmpty()) {
            return Optional.empty();
        }
        boolean takes = notifiers.of(provider.type()).filter(Notifier::takesDigests).isPresent();
        if (!takes) {
            return Optional.of(": spec.digest has to be left out, it is told at once");
        }
        return Digest.every(provider.digest()).isPresent()
                ? Optional.empty()
                : Optional.of(": spec.digest must be 1m to 24h");
    }

    /** A provider as far as its spec says it, which is not enough to send to it. */
    static Destination withoutSecret(@Nullable Provider provider) {
        return provider == null
                ? new Destination(
                        "",
                        Destination.DEFAULT_CHANNEL,
                        Destination.DEFAULT_USERNAME,
                        "",
                        null,
                        "",
                        new Destination.Options(
                                null, null, null, new Envelope("", List.of(), null, null)))
                : destination(provider, "", Map.of());
    }

    private static Destination destination(
            Provider provider, String address, Map<String, String> secret) {
        return new Destination(
                provider.type(),
                or(provider.channel(), Destination.DEFAULT_CHANNEL),
                or(provider.username(), Destination.DEFAULT_USERNAME),
                address,
                given(secret, "token"),
                provider.proxy(),
                new Destination.Options(
                        provider.method().isEmpty() ? null : provider.method(),
                        given(secret, "signingKey"),
                        provider.messageTemplate().isBlank() ? null : provider.messageTemplate(),
                        new Envelope(
                                provider.from(),
                                provider.to(),
                                given(secret, "username"),
                                given(secret, "password"))));
    }

    private static String or(String written, String otherwise) {
        return written.isEmpty() ? otherwise : written;
    }

    /** Nothing where the key is there and empty: no header is made of that. */
    private static @Nullable String given(Map<String, String> data, String key) {
        String value = value(data, key);
        return value == null || value.isEmpty() ? null : value;
    }

    private static @Nullable String value(Map<String, String> data, String key) {
        String encoded = data.get(key);
        return encoded == null
                ? null
                : new String(Base64.getDecoder().decode(encoded), UTF_8).strip();
    }
}
