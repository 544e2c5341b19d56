package dev.serinus.trials.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Exports what a mesh and an application export, about several workloads. Between two scrapes each
 * of them always has 100 requests more, so that every rate has an exact ratio to every other,
 * however often it is scraped.
 *
 * <ul>
 *   <li>{@code podinfo}: 97 of 100 succeed; 90 take up to 100 ms, 98 up to 250 ms, all up to 500 ms
 *   <li>{@code podinfo-primary}, and what the callers' side says: nothing succeeds, all is slow
 *   <li>{@code idle}: had requests once, has none any more
 *   <li>{@code broken}: nothing succeeds, and nothing ever did
 * </ul>
 */
final class SampleApplication implements AutoCloseable {

    static final String NAMESPACE = "shop";

    private final HttpServer server;
    private final AtomicLong scrapes = new AtomicLong();

    SampleApplication() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        server.createContext(
                "/metrics",
                exchange -> {
                    try (exchange) {
                        byte[] body = page(scrapes.incrementAndGet()).getBytes(UTF_8);
                        exchange.getResponseHeaders()
                                .set("Content-Type", "text/plain; version=0.0.4");
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                    }
                });
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static String page(long n) {
        var page = new StringBuilder();
        istio(page, "destination", "podinfo", 97 * n, 3 * n, n);
        istio(page, "destination", "podinfo-primary", 0, 100 * n, 0);
        istio(page, "source", "podinfo", 0, 100 * n, 0);
        istio(page, "destination", "idle", 100, 0, 1);
        istio(page, "destination", "broken", -1, 100 * n, 0);
        http(page, "podinfo-6d5f7c9b8-x2x4z", 97 * n, 3 * n, n);
        http(page, "podinfo-primary-7f9c6b5d4-a1b2c", 0, 100 * n, 0);
        http(page, "idle-6d5f7c9b8-x2x4z", 100, 0, 1);
        http(page, "broken-6d5f7c9b8-x2x4z", -1, 100 * n, 0);
        // A DaemonSet's pods: the canary's and the primary's.
        http(page, "agent-x2x4z", 97 * n, 3 * n, n);
        http(page, "agent-primary-a1b2c", 0, 100 * n, 0);
        return page.toString();
    }

    private static void istio(
            StringBuilder page, String reporter, String workload, long good, long bad, long fast) {
        String labels =
                "reporter=\"%s\",destination_workload_namespace=\"%s\",destination_workload=\"%s\""
                        .formatted(reporter, NAMESPACE, workload);
        count(page, "istio_requests_total", labels, "response_code", good, bad);
        buckets(
                page,
                "istio_request_duration_milliseconds_bucket",
                labels,
                new String[] {"100", "250", "500", "10000"},
                fast,
                Math.max(0, good) + bad);
    }

    private static void http(StringBuilder page, String pod, long good, long bad, long fast) {
        String labels =
                "kubernetes_namespace=\"%s\",kubernetes_pod_name=\"%s\"".formatted(NAMESPACE, pod);
        count(page, "http_request_duration_seconds_count", labels, "status", good, bad);
        buckets(
                page,
                "http_request_duration_seconds_bucket",
                labels,
                new String[] {"0.1", "0.25", "0.5", "10"},
                fast,
                Math.max(0, good) + bad);
    }

    // A counter exists from its first request on, so -1 is one that never was.
    private static void count(
            StringBuilder page, String name, String labels, String code, long good, long bad) {
        if (good >= 0) {
            page.append("%s{%s,%s=\"200\"} %d%n".formatted(name, labels, code, good));
        }
        page.append("%s{%s,%s=\"503\"} %d%n".formatted(name, labels, code, bad));
    }

    private static void buckets(
            StringBuilder page, String name, String labels, String[] bounds, long fast, long all) {
        long[] counts = {90 * fast, 98 * fast, 100 * fast, all};
        for (int i = 0; i < bounds.length; i++) {
            page.append("%s{%s,le=\"%s\"} %d%n".formatted(name, labels, bounds[i], counts[i]));
        }
        page.append("%s{%s,le=\"+Inf\"} %d%n".formatted(name, labels, all));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
