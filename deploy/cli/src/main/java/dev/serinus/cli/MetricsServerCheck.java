package dev.serinus.cli;

import dev.serinus.schemas.shell.ErrorCauses;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * Looks whether the installation's metrics server answers, before a release has to find out. It
 * says so at the start, again when that changes, and as the gauge {@code
 * serinus.metrics.server.up}.
 */
final class MetricsServerCheck implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MetricsServerCheck.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final URI server;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private volatile @Nullable String trouble;
    private @Nullable Thread looking;

    MetricsServerCheck(String address, MeterRegistry meters) {
        this.server = URI.create(address);
        Gauge.builder("serinus.metrics.server.up", this, check -> check.trouble == null ? 1 : 0)
                .description("1 while the installation's metrics server answers")
                .register(meters);
    }

    /** Looks once, and from then on every half minute. */
    void start() {
        look();
        looking = Thread.ofVirtual().name("metrics-server-check").start(this::keepLooking);
    }

    /** Why it does not answer; null while it does. */
    @Nullable String trouble() {
        return trouble;
    }

    /** Its address without what may be secret in it. */
    String address() {
        return server.getScheme()
                + "://"
                + server.getHost()
                + (server.getPort() < 0 ? "" : ":" + server.getPort())
                + server.getPath();
    }

    private void keepLooking() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                look();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    void look() {
        String found = ask();
        String before = trouble;
        trouble = found;
        if (found != null && !found.equals(before)) {
            log.atWarn()
                    .log(
                            "The metrics server "
                                    + address()
                                    + " does not answer: "
                                    + found
                                    + ". Checks that ask it fail, and releases with them.");
        } else if (found == null && before != null) {
            log.atInfo().log("The metrics server " + address() + " answers again.");
        }
    }

    private @Nullable String ask() {
        try {
            var request = HttpRequest.newBuilder(question()).timeout(PATIENCE);
            if (server.getUserInfo() != null) {
                request.header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                server.getUserInfo()
                                                        .getBytes(StandardCharsets.UTF_8)));
            }
            int status =
                    http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
            return status / 100 == 2 ? null : "HTTP " + status;
        } catch (UnknownHostException unknown) {
            return "the name " + server.getHost() + " is not known";
        } catch (HttpConnectTimeoutException | ConnectException refused) {
            return ErrorCauses.of(refused).anyMatch(UnresolvedAddressException.class::isInstance)
                    ? "the name " + server.getHost() + " is not known"
                    : "no connection";
        } catch (HttpTimeoutException slow) {
            return "no answer within " + PATIENCE.toSeconds() + " s";
        } catch (IOException other) {
            return ErrorCauses.shortest(other);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return trouble;
        }
    }

    private URI question() {
        String base = address();
        return URI.create(
                (base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                        + "/api/v1/query?query=vector(1)");
    }

    @Override
    public void close() {
        if (looking != null) {
            looking.interrupt();
        }
        http.shutdownNow();
    }
}
