package dev.serinus.demo.traffic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.demo.cluster.Pods;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/** The cluster address of one Service, past the gateway: each request goes to one of its pods. */
public final class ServiceAddress implements AutoCloseable {

    private final Pods pods;
    private final String namespace;
    private final Map<String, String> selector;
    private final HttpServer http;
    private final Upstream upstream = new Upstream();

    private ServiceAddress(Pods pods, String namespace, Map<String, String> selector) {
        this.pods = pods;
        this.namespace = namespace;
        this.selector = Map.copyOf(selector);
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException("no loopback port for a service", noPort);
        }
        http.createContext("/", this::forward);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
    }

    /** Of a Service that selects so, on a free loopback port. */
    public static ServiceAddress start(Pods pods, String namespace, Map<String, String> selector) {
        return new ServiceAddress(pods, namespace, selector);
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            var found = pods.selected(namespace, selector);
            if (found.isEmpty()) {
                Upstream.refuse(exchange, 503, "no pod behind the service");
                return;
            }
            upstream.forward(
                    exchange, found.get(ThreadLocalRandom.current().nextInt(found.size())));
        }
    }

    @Override
    public void close() {
        http.stop(0);
        upstream.close();
    }
}
