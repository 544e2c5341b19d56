package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.SocketMessage;
import dev.serinus.schemas.outgoing.TlsSettings;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * How providers speak HTTP: every address is judged before it is connected to, a redirect is
 * followed on the same host only, one limit covers the whole exchange and another the size of the
 * answer.
 */
@FunctionalInterface
public interface ProviderHttp {

    /** Sends a request and reads the whole answer, whatever its status. */
    Reply send(Request request) throws NoReply, InterruptedException;

    /**
     * Sends a request and reads the answer at once, while it still counts as being read: the way
     * for answers that may be long, since what reading makes of them takes a multiple of their
     * bytes.
     */
    default <T> T read(Request request, Function<Reply, T> reader)
            throws NoReply, InterruptedException {
        return reader.apply(send(request));
    }

    /**
     * Has a conversation over a WebSocket, at an address of http or https, which stand for ws and
     * wss: says these texts one after the other once it is open, and hands on what comes for as
     * long as more is wanted. The request's limit covers all of it.
     *
     * @return status 101 when all was heard, or the answer with which the server refuses
     */
    default Reply converse(Request request, List<String> said, Predicate<SocketMessage> more)
            throws NoReply, InterruptedException {
        throw new NoReply("there are no WebSockets here");
    }

    /** The namespace on whose behalf requests are sent; empty where there is none. */
    default String namespace() {
        return "";
    }

    /** The name of the canary on whose behalf requests are sent; empty where there is none. */
    default String canary() {
        return "";
    }

    /** What is done within limits on the bytes that it reads. */
    @FunctionalInterface
    interface Work<T> {

        /**
         * Does it.
         *
         * @param most bytes that an answer may have
         * @param room takes room for so many more bytes of an answer, or says that there is none
         */
        T within(int most, IntPredicate room) throws NoReply, InterruptedException;
    }

    /** Does what has another way out, within the same limits on what is under way. */
    default <T> T inTurn(Work<T> work) throws NoReply, InterruptedException {
        return work.within(LONGEST, _ -> true);
    }

    /** Bytes of an answer where nothing else is said. */
    int LONGEST = 4 * 1024 * 1024;

    /**
     * A request.
     *
     * @param method in capitals
     * @param headers what HTTP needs for itself, such as Host, is not among them
     * @param verifyTls false to talk to a server whose certificate nobody vouches for
     * @param limit for all of the exchange
     * @param tls who we are and whom we trust where TLS is spoken; null for nobody, and for whom
     *     everybody trusts
     */
    record Request(
            String method,
            URI uri,
            Map<String, List<String>> headers,
            @Nullable String body,
            boolean verifyTls,
            Duration limit,
            @Nullable TlsSettings tls) {

        private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
        private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

        /** An {@link IllegalArgumentException} that quotes nothing: a header cannot be sent. */
        public Request {
            Map<String, List<String>> checked = new LinkedHashMap<>();
            headers.forEach(
                    (name, values) -> {
                        if (!NAME.matcher(name).matches()
                                || Call.isOfHttp(name)
                                || !values.stream().allMatch(v -> VALUE.matcher(v).matches())) {
                            throw new IllegalArgumentException(
                                    "a header cannot be sent as it is given");
                        }
                        checked.put(name, List.copyOf(values));
                    });
            headers = checked;
        }

        /** As nobody, to those whom everybody trusts. */
        public Request(
                String method,
                URI uri,
                Map<String, List<String>> headers,
                @Nullable String body,
                boolean verifyTls,
                Duration limit) {
            this(method, uri, headers, body, verifyTls, limit, null);
        }

        /** A GET without a body. */
        public static Request get(
                URI uri, Map<String, List<String>> headers, boolean verifyTls, Duration limit) {
            return new Request("GET", uri, headers, null, verifyTls, limit);
        }

        /** A POST of this body. */
        public static Request post(
                URI uri,
                Map<String, List<String>> headers,
                String body,
                boolean verifyTls,
                Duration limit) {
            return new Request("POST", uri, headers, body, verifyTls, limit);
        }

        /** The same to another address. */
        public Request to(URI other) {
            return new Request(method, other, headers, body, verifyTls, limit, tls);
        }

        /** The same with these headers in place of its own. */
        public Request with(Map<String, List<String>> others) {
            return new Request(method, uri, others, body, verifyTls, limit, tls);
        }

        /**
         * The same with this header in place of any of its name, in whatever case that is written.
         */
        public Request with(String header, String value) {
            Map<String, List<String>> others = new LinkedHashMap<>(headers);
            others.keySet().removeIf(header::equalsIgnoreCase);
            others.put(header, List.of(value));
            return with(others);
        }

        /** The same as whoever these settings say, and to those whom they trust. */
        public Request by(@Nullable TlsSettings other) {
            return new Request(method, uri, headers, body, verifyTls, limit, other);
        }

        /** The same with another limit. */
        public Request within(Duration other) {
            return new Request(method, uri, headers, body, verifyTls, other, tls);
        }

        /** The method only: address, headers and body may hold secrets. */
        @Override
        public String toString() {
            return "Request[" + method + "]";
        }
    }

    /**
     * What the server answered.
     *
     * @param contentType what it says the body is
     * @param retryAfter how long it asked to be left alone
     */
    record Reply(
            int status, String body, @Nullable String contentType, @Nullable Duration retryAfter) {

        /** Leaves out the body, which may echo a secret. */
        @Override
        public String toString() {
            return "Reply[" + status + "]";
        }
    }

    /** No answer came; the message says why and names no address, which may hold a password. */
    final class NoReply extends Exception {
        private static final long serialVersionUID = 1L;

        public NoReply(String because) {
            super(because);
        }
    }
}
