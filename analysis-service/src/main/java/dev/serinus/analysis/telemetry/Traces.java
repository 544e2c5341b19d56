package dev.serinus.analysis.telemetry;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.schemas.telemetry.TraceContext;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Sends what ended to a collector of OpenTelemetry (OTLP over HTTP, as JSON), where the environment
 * names one. It never holds a decision up: what the collector does not take in time is lost, and
 * that is said once until it takes something again.
 */
public final class Traces implements AutoCloseable {

    /** Neither wanted nor sent. */
    public static final Traces OFF = new Traces(null, Map.of());

    private static final Logger log = LoggerFactory.getLogger(Traces.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 500;
    private static final int QUEUED = 4096;
    private static final int AT_ONCE = 512;
    private static final int OK = 300;

    private final @Nullable URI collector;
    private final Map<String, String> headers;
    private final BlockingQueue<Span> ended = new ArrayBlockingQueue<>(QUEUED);
    private final @Nullable Thread sender;
    private volatile boolean open = true;
    private boolean troubled;

    private Traces(@Nullable URI collector, Map<String, String> headers) {
        this.collector = collector;
        this.headers = headers;
        sender =
                collector == null
                        ? null
                        : Thread.ofPlatform().daemon().name("traces").start(this::send);
    }

    /**
     * As OpenTelemetry's own variables say.
     *
     * @throws IllegalArgumentException for an address that is none
     */
    public static Traces of(Map<String, String> environment) {
        String whole = environment.getOrDefault(TraceContext.TRACES_ENDPOINT, "").strip();
        String base = environment.getOrDefault(TraceContext.ENDPOINT, "").strip();
        if (whole.isEmpty() && base.isEmpty()) {
            return OFF;
        }
        String name = whole.isEmpty() ? TraceContext.ENDPOINT : TraceContext.TRACES_ENDPOINT;
        String address = whole.isEmpty() ? base.replaceAll("/+$", "") + "/v1/traces" : whole;
        if (!address.matches("https?://[^/\\s]+\\S*")) {
            throw new IllegalArgumentException(
                    name + " is no address: write it as in http://collector:4318");
        }
        return new Traces(
                URI.create(address), headers(environment.getOrDefault(HEADERS, "").strip()));
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> all = new HashMap<>();
        for (String each : text.split(",")) {
            int at = each.indexOf('=');
            if (at > 0) {
                all.put(each.substring(0, at).strip(), each.substring(at + 1).strip());
            }
        }
        return all;
    }

    /** What ended with it is sent soon. */
    void decided(Decision decision) {
        if (collector != null) {
            RolloutSpans.of(decision).forEach(span -> ended.offer(span));
        }
    }

    private void send() {
        try (var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            while (open || !ended.isEmpty()) {
                List<Span> batch = new ArrayList<>();
                Span first = ended.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    ended.drainTo(batch, AT_ONCE);
                    post(http, batch);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(HttpClient http, List<Span> batch) throws InterruptedException {
        try {
            var request =
                    HttpRequest.newBuilder(collector)
                            .timeout(PATIENCE)
                            .header("Content-Type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofByteArray(
                                            JSON.writeValueAsBytes(OtlpJson.of(batch))));
            headers.forEach(request::setHeader);
            int status =
                    http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
            told(status < OK ? null : "HTTP " + status);
        } catch (IOException away) {
            told(away.getClass().getSimpleName());
        }
    }

    private void told(@Nullable String trouble) {
        if (trouble != null && !troubled) {
            log.atWarn()
                    .addKeyValue("because", trouble)
                    .log("the collector takes no traces, they are lost until it does");
        }
        troubled = trouble != null;
    }

    /** Sends what is left, for as long as one request may take. */
    @Override
    public void close() {
        open = false;
        if (sender != null) {
            try {
                if (!sender.join(PATIENCE)) {
                    sender.interrupt();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Without headers, which may be secret. */
    @Override
    public String toString() {
        return "Traces[" + (collector == null ? "off" : collector.getHost()) + "]";
    }
}
