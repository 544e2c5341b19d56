package dev.serinus.trials.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Exports what a mesh and an application export, about several workloads. Between two scrapes each
 * of them always has 100 requests more, so that every rate has an exact ratio to every other,
 * however often it is scraped.
 *
 * <ul>
 *   <li>{@code podinfo}: 97 of 100 succeed; 90 take up to 100 ms, 98 up to 250 ms, all up to 500
 *       ms, and 120 ms in the mean
 *   <li>{@code podinfo-primary}, and what the callers' side says: nothing succeeds, all is slow
 *   <li>{@code idle}: had requests once, has none any more
 *   <li>{@code broken}: nothing succeeds, and nothing ever did
 * </ul>
 */
final class SampleApplication implements AutoCloseable {

    static final String NAMESPACE = "shop";

    /** The providers whose metrics have no percentile of the duration but its mean alone. */
    static final Set<String> MEANS = Set.of("nginx", "skipper");

    private static final List<String> MILLIS = List.of("100", "250", "500", "10000", "+Inf");
    private static final List<String> SECONDS = List.of("0.1", "0.25", "0.5", "10", "+Inf");

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

    /** The revision of a Knative Service that was made last. */
    static String newestRevision(String service) {
        return service + "-00002";
    }

    /**
     * Requests of a workload.
     *
     * @param good how many succeeded; -1 where none ever did
     * @param fast of which 90 in a hundred take up to 100 ms, 98 up to 250 ms, all up to 500 ms
     */
    private record Workload(String name, long good, long bad, long fast) {

        boolean isPrimary() {
            return name.endsWith("-primary");
        }

        /** The Service that leads to it alone. */
        String service() {
            return isPrimary() ? name : name + "-canary";
        }

        /** Of a Knative Service: the canary's is the newest. */
        String revision() {
            return isPrimary() ? apex() + "-00001" : newestRevision(name);
        }

        String apex() {
            return name.replaceFirst("-primary$", "");
        }

        long all() {
            return Math.max(0, good) + bad;
        }
    }

    private static String page(long n) {
        var page = new StringBuilder();
        for (var workload :
                List.of(
                        new Workload("podinfo", 97 * n, 3 * n, n),
                        new Workload("podinfo-primary", 0, 100 * n, 0),
                        new Workload("idle", 100, 0, 1),
                        new Workload("broken", -1, 100 * n, 0))) {
            istio(page, "destination", workload);
            http(page, workload, "-6d5f7c9b8-x2x4z");
            envoy(page, workload);
            linkerd(page, workload);
            osm(page, workload);
            nginx(page, workload);
            skipper(page, workload);
            traefik(page, workload);
            apisix(page, workload);
        }
        istio(page, "source", new Workload("podinfo", 0, 100 * n, 0));
        // A DaemonSet's pods: the canary's and the primary's.
        http(page, new Workload("agent", 97 * n, 3 * n, n), "-x2x4z");
        http(page, new Workload("agent-primary", 0, 100 * n, 0), "-a1b2c");
        return page.toString();
    }

    private static void istio(StringBuilder page, String reporter, Workload workload) {
        String labels =
                "reporter=\"%s\",destination_workload_namespace=\"%s\",destination_workload=\"%s\""
                        .formatted(reporter, NAMESPACE, workload.name());
        count(page, "istio_requests_total", labels, "response_code", workload);
        buckets(page, "istio_request_duration_milliseconds_bucket", labels, MILLIS, workload);
    }

    private static void http(StringBuilder page, Workload workload, String suffix) {
        String labels =
                "kubernetes_namespace=\"%s\",kubernetes_pod_name=\"%s%s\""
                        .formatted(NAMESPACE, workload.name(), suffix);
        count(page, "http_request_duration_seconds_count", labels, "status", workload);
        buckets(page, "http_request_duration_seconds_bucket", labels, SECONDS, workload);
    }

    /** As scraped from App Mesh's pods, and the Envoy of Contour, Emissary, Gloo, Knative, Kuma. */
    private static void envoy(StringBuilder page, Workload workload) {
        for (String labels :
                List.of(
                        "kubernetes_namespace=\"%s\",kubernetes_pod_name=\"%s-6d5f7c9b8-x2x4z\""
                                .formatted(NAMESPACE, workload.name()),
                        "envoy_cluster_name=\"%s_%s_80\"".formatted(NAMESPACE, workload.service()),
                        "envoy_cluster_name=\"%s_%s\"".formatted(NAMESPACE, workload.service()),
                        "envoy_cluster_name=\"%s/%s\"".formatted(NAMESPACE, workload.revision()),
                        "envoy_cluster_name=\"%s-%supstream-80_gloo-system\""
                                .formatted(NAMESPACE, workload.service()),
                        "service=\"%s_%s_svc_80\"".formatted(workload.service(), NAMESPACE))) {
            count(page, "envoy_cluster_upstream_rq", labels, "envoy_response_code", workload);
            buckets(page, "envoy_cluster_upstream_rq_time_bucket", labels, MILLIS, workload);
        }
    }

    private static void linkerd(StringBuilder page, Workload workload) {
        String labels =
                "namespace=\"%s\",deployment=\"%s\",direction=\"inbound\""
                        .formatted(NAMESPACE, workload.name());
        if (workload.good() >= 0) {
            page.append(
                    "response_total{%s,classification=\"success\"} %d%n"
                            .formatted(labels, workload.good()));
        }
        page.append(
                "response_total{%s,classification=\"failure\"} %d%n"
                        .formatted(labels, workload.bad()));
        page.append(
                "response_total{%s,classification=\"failure\"} %d%n"
                        .formatted(labels.replace("inbound", "outbound"), 10 * workload.all()));
        buckets(page, "response_latency_ms_bucket", labels, MILLIS, workload);
    }

    private static void osm(StringBuilder page, Workload workload) {
        String labels =
                "destination_namespace=\"%s\",destination_kind=\"Deployment\",destination_name=\"%s\""
                        .formatted(NAMESPACE, workload.name());
        count(page, "osm_request_total", labels, "response_code", workload);
        buckets(page, "osm_request_duration_ms_bucket", labels, MILLIS, workload);
    }

    private static void nginx(StringBuilder page, Workload workload) {
        String labels =
                "namespace=\"%s\",ingress=\"%s\",canary=\"%s\""
                        .formatted(
                                NAMESPACE,
                                workload.apex(),
                                workload.isPrimary() ? "" : NAMESPACE + "-" + workload.service());
        count(page, "nginx_ingress_controller_requests", labels, "status", workload);
        mean(page, "nginx_ingress_controller_response_duration_seconds", labels, workload);
    }

    private static void skipper(StringBuilder page, Workload workload) {
        String labels =
                "route=\"kube_%s__%s__app_example_com____%s\""
                        .formatted(
                                NAMESPACE,
                                (workload.isPrimary() ? workload.apex() : workload.service())
                                        .replace('-', '_'),
                                workload.service().replace('-', '_'));
        whole(page, "skipper_response_duration_seconds_bucket", labels, workload);
        mean(page, "skipper_serve_route_duration_seconds", labels, workload);
    }

    private static void traefik(StringBuilder page, Workload workload) {
        String series = "traefik_service_request_duration_seconds_bucket";
        String labels =
                "service=\"%s-%s-80@kubernetescrd\"".formatted(NAMESPACE, workload.service());
        if (workload.good() >= 0) {
            // Those that fail are among the slower ones.
            long fast = workload.fast();
            buckets(
                    page,
                    series,
                    labels + ",code=\"200\"",
                    SECONDS,
                    90 * fast,
                    97 * fast,
                    97 * fast,
                    workload.good());
        }
        long slow = workload.fast() * 3;
        buckets(
                page,
                series,
                labels + ",code=\"503\"",
                SECONDS,
                0,
                workload.fast(),
                slow,
                workload.bad());
    }

    private static void apisix(StringBuilder page, Workload workload) {
        String labels =
                "route=\"%s_%s%s_web\""
                        .formatted(
                                NAMESPACE,
                                workload.apex(),
                                workload.isPrimary() ? "" : "-" + workload.service());
        count(page, "apisix_http_status", labels, "code", workload);
        buckets(page, "apisix_http_latency_bucket", labels + ",type=\"request\"", MILLIS, workload);
    }

    // A counter exists from its first request on.
    private static void count(
            StringBuilder page, String name, String labels, String code, Workload workload) {
        if (workload.good() >= 0) {
            page.append("%s{%s,%s=\"200\"} %d%n".formatted(name, labels, code, workload.good()));
        }
        page.append("%s{%s,%s=\"503\"} %d%n".formatted(name, labels, code, workload.bad()));
    }

    /** A histogram that is only counted by. */
    private static void whole(StringBuilder page, String name, String labels, Workload workload) {
        count(page, name, labels + ",le=\"+Inf\"", "code", workload);
    }

    private static void buckets(
            StringBuilder page,
            String name,
            String labels,
            List<String> bounds,
            Workload workload) {
        buckets(
                page,
                name,
                labels,
                bounds,
                90 * workload.fast(),
                98 * workload.fast(),
                100 * workload.fast(),
                workload.all());
    }

    private static void buckets(
            StringBuilder page,
            String name,
            String labels,
            List<String> bounds,
            long first,
            long second,
            long third,
            long all) {
        var counts = List.of(first, second, third, all, all);
        for (int i = 0; i < bounds.size(); i++) {
            page.append(
                    "%s{%s,le=\"%s\"} %d%n".formatted(name, labels, bounds.get(i), counts.get(i)));
        }
    }

    /** Durations of which only sum and count are there: 120 ms each, and 600 ms of slow ones. */
    private static void mean(StringBuilder page, String name, String labels, Workload workload) {
        page.append(
                "%s_sum{%s} %s%n"
                        .formatted(
                                name, labels, workload.all() * (workload.fast() > 0 ? 0.12 : 0.6)));
        page.append("%s_count{%s} %d%n".formatted(name, labels, workload.all()));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
