package dev.serinus.demo.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.mockwebserver.MockWebServer;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The embedded API server: fabric8's mock in CRUD mode, on loopback, in memory. It keeps resource
 * versions, generations, finalizers and the status subresource as a real one does, and sends
 * watches; it validates nothing and collects no garbage.
 */
public final class ApiServer implements AutoCloseable {

    /** Held, so that its level stays: the mock would log each request. */
    private static final Logger MOCK_LOG = Logger.getLogger(MockWebServer.class.getName());

    static {
        MOCK_LOG.setLevel(Level.WARNING);
    }

    private final MockWebServer web = new MockWebServer();
    private final Thread forgetting;

    private final AtomicLong requests = new AtomicLong();

    private ApiServer() {
        web.setDispatcher(new ObjectStore());
        web.start(InetAddress.getLoopbackAddress(), 0);
        forgetting = Thread.ofVirtual().name("api-server-log").start(this::forgetRequests);
    }

    /** Starts one on a free port; its cluster is empty. */
    public static ApiServer start() {
        return new ApiServer();
    }

    /** Its address, as a kubeconfig would have it. */
    public String url() {
        return "http://127.0.0.1:" + web.getPort();
    }

    /** How many requests it has had that are no watches. */
    public long requests() {
        return requests.get();
    }

    /** A client as a user of the cluster has it. Whoever asks for one closes it. */
    public KubernetesClient client() {
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(url())
                        .withHttp2Disable(true)
                        .withNamespace("default")
                        .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    // The mock remembers each request for tests to look at; a demo that is left running would
    // remember forever.
    private void forgetRequests() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                var request = web.takeRequest();
                if (!request.getPath().contains("watch=true")) {
                    requests.incrementAndGet();
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        forgetting.interrupt();
        web.shutdown();
    }
}
