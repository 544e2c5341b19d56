package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.Sleeper;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.Predicate;

/**
 * All that a provider may work with.
 *
 * @param settings where and how to ask
 * @param http the only way out
 * @param identity asks where the installation's own cloud hands out credentials: in the name and
 *     within the limits of the installation, and for addresses that no manifest names
 * @param kubernetes the watched cluster, for what is measured there; never for an address that a
 *     manifest names
 * @param readable the namespaces whose objects may be read, or made, on behalf of the canary
 * @param clock for windows of time and signatures
 * @param sleeper how pauses are spent
 * @param environment variables of the process, for credentials of the installation itself
 * @param probed the namespace that is asked for whether the watched cluster knows metrics: one in
 *     which the installation has rights
 */
public record ProviderContext(
        ProviderSettings settings,
        ProviderHttp http,
        ProviderHttp identity,
        KubernetesClient kubernetes,
        Predicate<String> readable,
        InstantSource clock,
        Sleeper sleeper,
        Map<String, String> environment,
        String probed) {

    /** As Flagger asks, in an installation for all namespaces. */
    private static final String USUAL = "kube-system";

    public ProviderContext {
        environment = Map.copyOf(environment);
    }

    /** Of an installation for all namespaces. */
    public ProviderContext(
            ProviderSettings settings,
            ProviderHttp http,
            ProviderHttp identity,
            KubernetesClient kubernetes,
            Predicate<String> readable,
            InstantSource clock,
            Sleeper sleeper,
            Map<String, String> environment) {
        this(settings, http, identity, kubernetes, readable, clock, sleeper, environment, USUAL);
    }

    /** The same of an installation for one namespace; null for all. */
    public ProviderContext in(@Nullable String namespace) {
        return new ProviderContext(
                settings,
                http,
                identity,
                kubernetes,
                readable,
                clock,
                sleeper,
                environment,
                namespace == null ? USUAL : namespace);
    }

    /** The same for other settings. */
    ProviderContext with(ProviderSettings other) {
        return new ProviderContext(
                other, http, identity, kubernetes, readable, clock, sleeper, environment, probed);
    }

    /** The same by another way out. */
    ProviderContext by(ProviderHttp other) {
        return new ProviderContext(
                settings,
                other,
                identity,
                kubernetes,
                readable,
                clock,
                sleeper,
                environment,
                probed);
    }

    /** The same for the installation itself: with nothing of the template, nor of the canary. */
    ProviderContext ofTheInstallation() {
        return with(settings.ofTheInstallation()).by(identity);
    }

    /** The settings' type only. */
    @Override
    public String toString() {
        return "ProviderContext[" + settings + "]";
    }
}
