package dev.serinus.watcher.metrics.provider;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.time.InstantSource;
import java.util.Map;

/**
 * All that a provider may work with.
 *
 * @param settings where and how to ask
 * @param http the only way out
 * @param kubernetes the watched cluster, for what is measured there; never for an address that a
 *     manifest names
 * @param clock for windows of time and signatures
 * @param environment variables of the process, for credentials of the installation itself
 */
public record ProviderContext(
        ProviderSettings settings,
        ProviderHttp http,
        KubernetesClient kubernetes,
        InstantSource clock,
        Map<String, String> environment) {

    public ProviderContext {
        environment = Map.copyOf(environment);
    }

    /** The settings' type only. */
    @Override
    public String toString() {
        return "ProviderContext[" + settings + "]";
    }
}
