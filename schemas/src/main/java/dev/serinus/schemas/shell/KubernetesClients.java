package dev.serinus.schemas.shell;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;

import java.net.http.HttpClient;
import java.util.concurrent.Executors;

/** Makes the client through which a process reaches its cluster. */
public final class KubernetesClients {

    private KubernetesClients() {}

    /**
     * A client whose tasks are virtual threads: its own pools grow by a platform thread for each
     * answer that comes while others are read, to more than a hundred. Whoever asks for it closes
     * it.
     */
    public static KubernetesClient of(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
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
