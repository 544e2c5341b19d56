package dev.serinus.schemas.shell;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;

import java.net.http.HttpClient;
import java.util.concurrent.Executors;

/** Makes the client through which a process reaches its cluster. */
public final class KubernetesClients {

    /**
     * What the API server notes as the writer of our fields, which it takes from the user agent:
     * not the library's name, by which other controllers go as well.
     */
    public static final String FIELD_MANAGER = "serinus";

    private KubernetesClients() {}

    /**
     * A client whose tasks are virtual threads: its own pools grow by a platform thread for each
     * answer that comes while others are read, to more than a hundred. Whoever asks for it closes
     * it.
     */
    public static KubernetesClient of(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config).withUserAgent(FIELD_MANAGER).build())
                .withTaskExecutor(Executors.newVirtualThreadPerTaskExecutor())
                .withHttpClientFactory(new OnVirtualThreads())
                .build();
    }

    private static final class OnVirtualThreads extends JdkHttpClientFactory {
        @Override
        protected void additionalConfig(HttpClient.Builder builder) {
            builder.executor(Executors.newVirtualThreadPerTaskExecutor());
        }
    }
}
