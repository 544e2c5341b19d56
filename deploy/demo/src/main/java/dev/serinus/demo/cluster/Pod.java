package dev.serinus.demo.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.demo.measure.PodMeter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/**
 * A pod of the sample application: an HTTP server that answers, takes its time, fails as often as
 * its template says, and counts what it answered.
 */
public final class Pod implements AutoCloseable {

    static {
        // Without it the server waits for the client's acknowledgement, 40 ms a time.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final String name;
    private final Map<String, String> labels;
    private final Behaviour behaviour;
    private final PodMeter meter;
    private final RandomGenerator chance;
    private final HttpServer http;

    /** On a free loopback port. */
    Pod(
            String namespace,
            String name,
            Map<String, String> labels,
            Behaviour behaviour,
            RandomGenerator chance) {
        this(
                namespace,
                name,
                labels,
                behaviour,
                chance,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /**
     * Serves from now on.
     *
     * @param at an address of this machine
     */
    public Pod(
            String namespace,
            String name,
            Map<String, String> labels,
            Behaviour behaviour,
            RandomGenerator chance,
            InetSocketAddress at) {
        this.name = name;
        this.labels = Map.copyOf(labels);
        this.behaviour = behaviour;
        this.meter = new PodMeter(namespace, name);
        this.chance = chance;
        try {
            http = HttpServer.create(at, 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(
                    "pod %s cannot listen at %s".formatted(name, at), noPort);
        }
        http.createContext("/", this::answer);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
    }

    public String name() {
        return name;
    }

    public Map<String, String> labels() {
        return labels;
    }

    public String version() {
        return behaviour.version();
    }

    public PodMeter meter() {
        return meter;
    }

    /** Where it serves. */
    public URI address() {
        return URI.create(
                "http://%s:%d"
                        .formatted(
                                http.getAddress().getAddress().getHostAddress(),
                                http.getAddress().getPort()));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean fails;
            double spread;
            synchronized (chance) {
                fails = chance.nextInt(100) < behaviour.errorPercent();
                spread = Math.clamp(chance.nextGaussian(1, 0.25), 0.5, 2);
            }
            var work = Duration.ofNanos((long) (behaviour.latency().toNanos() * spread));
            pause(work);
            int status = fails ? 500 : 200;
            byte[] body =
                    "%s %s\n"
                            .formatted(fails ? "failed in" : "hello from", behaviour.version())
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("X-Version", behaviour.version());
            exchange.getResponseHeaders().set("X-Pod", name);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            // What the application takes is what is judged: a machine that is busy with other
            // things
            // would else take a good release back.
            meter.answered(status, work);
        }
    }

    // The sample application's work takes time; nothing waits for it but its own request.
    private static void pause(Duration latency) {
        try {
            Thread.sleep(latency);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops at once: whoever needs requests in flight to end waits before. */
    @Override
    public void close() {
        http.stop(0);
    }
}
