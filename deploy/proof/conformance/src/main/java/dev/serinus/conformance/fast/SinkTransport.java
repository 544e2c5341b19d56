package dev.serinus.conformance.fast;

import dev.serinus.conformance.scenario.SinkAddress;
import dev.serinus.conformance.sink.Answer;
import dev.serinus.conformance.sink.Sinks;
import dev.serinus.conformance.time.Timeline;
import dev.serinus.schemas.outgoing.SocketMessage;
import dev.serinus.schemas.outgoing.Transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import javax.net.ssl.SSLHandshakeException;

/**
 * Calls without a network: the fake server answers at once, or after the time it takes on the
 * timeline. Nobody else answers.
 */
record SinkTransport(SinkAddress address, Sinks sinks, Timeline timeline) implements Transport {

    /** Providers whose address is fixed, which a proxy led to the fake server when recorded. */
    private static final Pattern VENDORS =
            Pattern.compile("https://[a-z0-9.-]+\\.(amazonaws|googleapis)\\.com");

    /**
     * The timeline's limit is what the caller granted; that of the clock on the wall has no part.
     */
    @Override
    public Response exchange(Request request, Duration left)
            throws IOException, InterruptedException {
        refuseUnreachable(request);
        Answer answer =
                VENDORS.matcher(base(request.address())).matches()
                        ? sinks.answerAsVendor(read(request))
                        : sinks.answer(read(request));
        if (answer.delay().compareTo(request.timeout()) > 0) {
            timeline.sleep(request.timeout());
            throw new SocketTimeoutException("request timed out");
        }
        if (answer.delay().isPositive()) {
            timeline.sleep(answer.delay());
        }
        String body = answer.body();
        int most = request.reading().most();
        return new Response(
                answer.status(),
                Map.of("content-type", List.of(answer.type())),
                body.length() <= most ? body : body.substring(0, most));
    }

    @Override
    public Response converse(
            Request request, List<String> said, Predicate<SocketMessage> more, Duration left)
            throws IOException {
        refuseUnreachable(request);
        for (SocketMessage message : sinks.converse(request.address().getRawPath(), said)) {
            if (!more.test(message)) {
                return new Response(101, Map.of(), "");
            }
        }
        throw new EOFException("closed by the server");
    }

    private void refuseUnreachable(Request request) throws IOException {
        URI uri = request.address();
        String base = base(uri);
        if (request.proxy() != null
                || base.equals(address.http())
                || VENDORS.matcher(base).matches()) {
            return;
        }
        if (base.equals(address.https())) {
            if (!request.anyCertificate()) {
                var refused = new SSLHandshakeException("unable to find a path to a trusted root");
                refused.initCause(new CertificateException("self-signed"));
                throw refused;
            }
            return;
        }
        throw uri.getHost().equals("127.0.0.1")
                ? new ConnectException()
                : new UnknownHostException();
    }

    private static String base(URI address) {
        return address.getScheme() + "://" + address.getAuthority();
    }

    private static dev.serinus.conformance.sink.Request read(Request request) {
        URI uri = request.address();
        List<dev.serinus.conformance.sink.Request.Header> headers = new ArrayList<>();
        headers.add(new dev.serinus.conformance.sink.Request.Header("Host", uri.getAuthority()));
        request.headers()
                .forEach(
                        (name, values) ->
                                values.forEach(
                                        value ->
                                                headers.add(
                                                        new dev.serinus.conformance.sink.Request
                                                                .Header(name, value))));
        String query = uri.getRawQuery();
        String body = request.body();
        return new dev.serinus.conformance.sink.Request(
                request.method(),
                uri.getRawPath(),
                query == null ? "" : query,
                headers,
                body == null ? "" : body);
    }

    @Override
    public void close() {}
}
