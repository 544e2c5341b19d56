package dev.serinus.demo.traffic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.demo.cluster.Pod;
import dev.serinus.demo.cluster.Pods;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A gateway: an HTTP proxy that watches HTTPRoutes and sends each request to a ready pod behind one
 * of the route's services, as often as the weights say. It serves the routes of one namespace.
 */
public final class Gateway implements Entrance {

    private final Pods pods;
    private final HttpServer http;
    private final Upstream upstream = new Upstream();
    private final SharedIndexInformer<Service> services;
    private final Routes routes;
    private final RouteStatus status;

    private Gateway(KubernetesClient client, String namespace, Pods pods) {
        this.pods = pods;
        this.status = new RouteStatus(client);
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException("no loopback port for the gateway", noPort);
        }
        http.createContext("/", this::forward);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        services = client.services().inNamespace(namespace).inform();
        routes = new Routes(client, namespace, status::accept);
    }

    /** Serves the routes of this namespace on a free loopback port. */
    public static Gateway start(KubernetesClient client, String namespace, Pods pods) {
        return new Gateway(client, namespace, pods);
    }

    @Override
    public URI address() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
    }

    @Override
    public Map<String, Integer> weights() {
        return routes.weights();
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<Pod> pod = routes.all().stream().findFirst().flatMap(this::pod);
            if (pod.isEmpty()) {
                Upstream.refuse(exchange, 503, "no route, or no pod behind it");
                return;
            }
            upstream.forward(exchange, pod.get());
        }
    }

    private Optional<Pod> pod(Route route) {
        return route.pick(ThreadLocalRandom.current())
                .map(name -> services.getIndexer().getByKey(route.namespace() + "/" + name))
                .map(service -> pods.selected(route.namespace(), service.getSpec().getSelector()))
                .filter(found -> !found.isEmpty())
                .map(found -> found.get(ThreadLocalRandom.current().nextInt(found.size())));
    }

    @Override
    public void close() {
        routes.close();
        services.close();
        status.close();
        http.stop(0);
        upstream.close();
    }
}
