package dev.serinus.cli;

import dev.serinus.schemas.shell.ErrorCauses;

import org.jspecify.annotations.Nullable;

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

/** Whether a Prometheus answers to this machine, which need not be where the watcher asks from. */
final class MetricsServerProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final URI server;

    MetricsServerProbe(String address) {
        this.server = URI.create(address);
    }

    /** Its address without what may be secret in it. */
    String address() {
        return server.getScheme()
                + "://"
                + server.getHost()
                + (server.getPort() < 0 ? "" : ":" + server.getPort())
                + server.getPath();
    }

    /** Why it does not answer; null when it does. */
    @Nullable String trouble() throws InterruptedException {
        try (var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            int status = http.send(question(), HttpResponse.BodyHandlers.discarding()).statusCode();
            return status / 100 == 2 ? null : "HTTP " + status;
        } catch (UnknownHostException unknown) {
            return unknownName();
        } catch (HttpConnectTimeoutException | ConnectException refused) {
            return ErrorCauses.of(refused).anyMatch(UnresolvedAddressException.class::isInstance)
                    ? unknownName()
                    : "no connection";
        } catch (HttpTimeoutException slow) {
            return "no answer within " + PATIENCE.toSeconds() + " s";
        } catch (IOException other) {
            return ErrorCauses.shortest(other);
        }
    }

    private String unknownName() {
        return "the name " + server.getHost() + " is not known";
    }

    private HttpRequest question() {
        String base = address();
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        (base.endsWith("/")
                                                        ? base.substring(0, base.length() - 1)
                                                        : base)
                                                + "/api/v1/query?query=vector(1)"))
                        .timeout(PATIENCE);
        if (server.getUserInfo() != null) {
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(
                                            server.getUserInfo().getBytes(StandardCharsets.UTF_8)));
        }
        return request.build();
    }
}
