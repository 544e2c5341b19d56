package dev.serinus.watcher.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.AnyCertificate;
import dev.serinus.schemas.outgoing.Proxies;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

/**
 * HTTP as metric providers need it: one limit for the time of the whole exchange and one for the
 * size of the answer, and no redirect to another host, which would get the credentials.
 */
public final class Http implements AutoCloseable {

    /** What a server answered. */
    record Reply(int status, String body) {}

    /** No answer came; the message says why and names no address, which may hold a password. */
    static final class NoReply extends Exception {
        private static final long serialVersionUID = 1L;

        NoReply(String because) {
            super(because);
        }
    }

    private static final int REDIRECTS = 5;

    private final AddressGuard guard;
    private final Proxies proxies;
    private final long largestBody;
    private final HttpClient verifying;
    private final HttpClient trusting;

    /**
     * Creates the clients.
     *
     * @param largestBody bytes that an answer may have
     */
    public Http(AddressGuard guard, Proxies proxies, long largestBody) {
        this(
                guard,
                proxies,
                largestBody,
                client(proxies).build(),
                client(proxies).sslContext(AnyCertificate.context()).build());
    }

    /** Asks through clients that somebody else made, such as ones without a network. */
    public Http(AddressGuard guard, long largestBody, HttpClient verifying, HttpClient trusting) {
        this(guard, Proxies.none(), largestBody, verifying, trusting);
    }

    private Http(
            AddressGuard guard,
            Proxies proxies,
            long largestBody,
            HttpClient verifying,
            HttpClient trusting) {
        this.guard = guard;
        this.proxies = proxies;
        this.largestBody = largestBody;
        this.verifying = verifying;
        this.trusting = trusting;
    }

    private static HttpClient.Builder client(Proxies proxies) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(proxies)
                .executor(Executors.newVirtualThreadPerTaskExecutor());
    }

    /** Sends a GET. */
    Reply get(HttpRequest request, boolean verifyTls, Duration limit)
            throws NoReply, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        HttpClient client = verifyTls ? verifying : trusting;
        HttpRequest next = request;
        for (int hop = 0; hop <= REDIRECTS; hop++) {
            String refusal = guard.refusal(next.uri(), proxies);
            if (refusal != null) {
                throw new NoReply(refusal);
            }
            var response = exchange(client, next, deadline, limit);
            var location = response.headers().firstValue("Location");
            if (!isRedirect(response.statusCode()) || location.isEmpty()) {
                return new Reply(response.statusCode(), new String(response.body(), UTF_8));
            }
            next = redirected(next, location.get());
        }
        throw new NoReply("more than " + REDIRECTS + " redirects");
    }

    private HttpResponse<byte[]> exchange(
            HttpClient client, HttpRequest request, long deadline, Duration limit)
            throws NoReply, InterruptedException {
        var exchange =
                client.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), largestBody));
        try {
            return exchange.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new NoReply("no answer within " + limit.toSeconds() + "s");
        } catch (ExecutionException failed) {
            throw new NoReply(reason(Objects.requireNonNullElse(failed.getCause(), failed)));
        } finally {
            exchange.cancel(true);
        }
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private static HttpRequest redirected(HttpRequest request, String location) throws NoReply {
        URI from = request.uri();
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException _) {
            throw new NoReply("redirected to what is no address");
        }
        if (!Addresses.sameSite(from, to)) {
            throw new NoReply("redirected to another host, which is not followed");
        }
        return HttpRequest.newBuilder(request, (_, _) -> true).uri(to).build();
    }

    private String reason(Throwable failure) {
        return switch (failure) {
            case HttpConnectTimeoutException _ -> "connect: timed out";
            case ConnectException refused
                    when refused.getCause() instanceof UnresolvedAddressException ->
                    "no such host";
            case ConnectException _ -> "connect: connection refused";
            case SSLException tls -> "tls: " + tls.getMessage();
            case IOException large
                    when large.getMessage() != null
                            && large.getMessage().contains("body exceeds capacity") ->
                    "answer is larger than " + largestBody + " bytes";
            case IOException broken -> "connection failed: " + broken.getClass().getSimpleName();
            default -> "request failed: " + failure.getClass().getSimpleName();
        };
    }

    @Override
    public void close() {
        verifying.shutdownNow();
        trusting.shutdownNow();
    }
}
