package dev.serinus.conformance.fast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.conformance.scenario.SinkAddress;
import dev.serinus.conformance.sink.Answer;
import dev.serinus.conformance.sink.Request;
import dev.serinus.conformance.sink.Sinks;
import dev.serinus.conformance.time.Timeline;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;

/**
 * An HTTP client without a network: the fake server answers at once, or after the time it takes on
 * the timeline. Nobody else answers.
 */
final class SinkClient extends HttpClient {

    /** Whom it trusts, and whom it reaches. */
    enum Kind {
        VERIFYING,
        TRUSTING,
        PROXIED
    }

    private final Kind kind;
    private final SinkAddress address;
    private final Sinks sinks;
    private final Timeline timeline;

    SinkClient(Kind kind, SinkAddress address, Sinks sinks, Timeline timeline) {
        this.kind = kind;
        this.address = address;
        this.sinks = sinks;
        this.timeline = timeline;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        refuseUnreachable(request.uri());
        Answer answer = sinks.answer(read(request));
        Duration limit = request.timeout().orElse(answer.delay());
        if (answer.delay().compareTo(limit) > 0) {
            timeline.sleep(limit);
            throw new HttpTimeoutException("request timed out");
        }
        if (answer.delay().isPositive()) {
            timeline.sleep(answer.delay());
        }
        return new SinkResponse<>(request, answer, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return CompletableFuture.completedFuture(send(request, handler));
        } catch (IOException failed) {
            return CompletableFuture.failedFuture(failed);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(new InterruptedIOException());
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            HttpResponse.@Nullable PushPromiseHandler<T> pushes) {
        return sendAsync(request, handler);
    }

    private void refuseUnreachable(URI uri) throws IOException {
        String base = uri.getScheme() + "://" + uri.getAuthority();
        if (kind == Kind.PROXIED || base.equals(address.http())) {
            return;
        }
        if (base.equals(address.https())) {
            if (kind == Kind.VERIFYING) {
                var refused = new SSLHandshakeException("unable to find a path to a trusted root");
                refused.initCause(new CertificateException("self-signed"));
                throw refused;
            }
            return;
        }
        var refused = new ConnectException();
        if (!uri.getHost().equals("127.0.0.1")) {
            refused.initCause(new UnresolvedAddressException());
        }
        throw refused;
    }

    private Request read(HttpRequest request) {
        List<Request.Header> headers = new ArrayList<>();
        headers.add(new Request.Header("Host", request.uri().getAuthority()));
        request.headers()
                .map()
                .forEach(
                        (name, values) ->
                                values.forEach(
                                        value -> headers.add(new Request.Header(name, value))));
        String query = request.uri().getRawQuery();
        return new Request(
                request.method(),
                request.uri().getRawPath(),
                query == null ? "" : query,
                headers,
                request.bodyPublisher().map(SinkClient::text).orElse(""));
    }

    private static String text(HttpRequest.BodyPublisher body) {
        var collected = new Collected();
        body.subscribe(collected);
        return collected.text.toString();
    }

    private static final class Collected implements Flow.Subscriber<ByteBuffer> {

        private final StringBuilder text = new StringBuilder();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            text.append(UTF_8.decode(bytes));
        }

        @Override
        public void onError(Throwable failed) {
            throw new IllegalStateException("a body cannot be read", failed);
        }

        @Override
        public void onComplete() {}
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.empty();
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
        throw new UnsupportedOperationException("nothing is encrypted without a network");
    }

    @Override
    public SSLParameters sslParameters() {
        return new SSLParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.empty();
    }
}
