package dev.serinus.dataplane;

import dev.serinus.dataplane.proxy.Plane;
import dev.serinus.dataplane.traffic.Answer;
import dev.serinus.dataplane.traffic.Load;
import dev.serinus.demo.traffic.Entrance;
import dev.serinus.demo.traffic.Routes;
import dev.serinus.testbed.Unavailable;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A real proxy as the way by which the demo's users come. */
final class ProxyEntrance implements Entrance {

    private static final String HOST = "podinfo.demo.example";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Plane plane;
    private final Routes routes;

    ProxyEntrance(Plane plane, KubernetesClient user, String namespace) {
        this.plane = plane;
        this.routes = new Routes(user, namespace, _ -> {});
    }

    @Override
    public URI address() {
        return plane.address();
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("Host", HOST);
    }

    @Override
    public void awaitOpen() throws InterruptedException {
        try (var knocking = Load.start(plane.address(), HOST, List.of(Load.Client.PLAIN), 10)) {
            if (!knocking.await(Answer::isGood, PATIENCE)) {
                throw new Unavailable(
                        "%s does not serve the application within %d s"
                                .formatted(plane.id(), PATIENCE.toSeconds()));
            }
        }
    }

    @Override
    public Map<String, Integer> weights() {
        return routes.weights();
    }

    @Override
    public void close() {
        routes.close();
    }
}
