package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Carries one request to one network address and brings the answer back. It decides nothing: where
 * a call may go, how often and how many at once is judged before it is asked.
 */
public interface Transport extends AutoCloseable {

    /**
     * One request on its way.
     *
     * @param peers addresses to connect to, the first that answers: judged already, nothing is
     *     resolved any more
     * @param proxy the proxy that the peers are; null where they are the server
     * @param timeout what the caller granted for the whole call, of which this is a part
     * @param bytes asked before more of the answer is kept
     */
    record Request(
            String method,
            URI address,
            Map<String, List<String>> headers,
            @Nullable String body,
            List<InetSocketAddress> peers,
            @Nullable URI proxy,
            boolean anyCertificate,
            @Nullable TlsSettings tls,
            Call.Reading reading,
            Duration timeout,
            Allowance bytes) {

        /** Says nothing more: the rest may hold secrets. */
        @Override
        public String toString() {
            return "Request[" + method + "]";
        }
    }

    /** Room for the bytes of an answer. */
    @FunctionalInterface
    interface Allowance {
        /** False when there is no room for so many more. */
        boolean take(int more);
    }

    /**
     * What came back.
     *
     * @param headers by name in lower case
     */
    record Response(int status, Map<String, List<String>> headers, String body) {

        Optional<String> header(String name) {
            var values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
            return values.stream().findFirst();
        }

        /** Leaves out the body, which may echo a secret. */
        @Override
        public String toString() {
            return "Response[" + status + "]";
        }
    }

    /**
     * Blocks until the answer is read, a limit is met or {@code left} has passed.
     *
     * @throws IOException no answer: of the kinds that {@code Trouble} has words for
     */
    Response exchange(Request request, Duration left) throws IOException, InterruptedException;

    /**
     * Opens a WebSocket, says these texts one after the other, and hands on what comes for as long
     * as more is wanted.
     *
     * @return status 101 when all was heard, or the answer with which the server refuses
     * @throws IOException it could not be opened, or ended before its time
     */
    default Response converse(
            Request request, List<String> said, Predicate<SocketMessage> more, Duration left)
            throws IOException, InterruptedException {
        throw new IOException("this transport has no WebSockets");
    }

    @Override
    void close();
}
