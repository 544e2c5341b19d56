package dev.serinus.schemas.outgoing;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

/**
 * Puts failures into words that never quote an address. Where Go has words for the same trouble
 * they are used, since scripts look for them in Flagger's events.
 */
final class Trouble {

    static final Reply LATE =
            new Reply.Unanswered(
                    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
                    true);
    static final Reply UNUSABLE = new Reply.Unanswered("the address cannot be used", false);
    static final Reply ELSEWHERE =
            new Reply.Unanswered("redirected to another host, which is not followed", false);
    static final Reply LOOP = new Reply.Unanswered("stopped after 10 redirects", false);
    static final Reply NO_ROOM =
            new Reply.Unanswered("too many bytes of answers are being read at once", true);

    private static final Reply EOF = new Reply.Unanswered("EOF", true);

    private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]{1,40})$");

    private Trouble() {}

    /** An answer is longer than what may be read of it. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        private final int most;

        TooLong(int most) {
            this.most = most;
        }
    }

    /** An answer is not read on, since too much is being read already. */
    static final class NoRoom extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** The connection ended before anything of an answer came. */
    static final class NoByte extends IOException {
        private static final long serialVersionUID = 1L;

        final IOException because;

        NoByte(IOException because) {
            super(because);
            this.because = because;
        }
    }

    /** What it means when this happens to a connection by which nothing of an answer came yet. */
    static IOException beforeAnAnswer(IOException failure) {
        boolean ended =
                failure instanceof EOFException
                        || failure instanceof SocketException
                        || failure instanceof ClosedChannelException;
        return ended ? new NoByte(failure) : failure;
    }

    /** Too many calls of the same canary, namespace or installation are under way. */
    static Reply crowded(String namespace) {
        return new Reply.NoTurn("too many calls of namespace " + namespace + " are under way");
    }

    static Reply of(IOException failure) {
        return switch (failure) {
            case SocketTimeoutException _ -> LATE;
            case ConnectTimeoutException _ -> LATE;
            case TooLong tooLong ->
                    new Reply.Unanswered("answer is larger than " + tooLong.most + " bytes", false);
            case NoRoom _ -> NO_ROOM;
            case IOException _ when causedBy(failure, ProxyConnectException.class) ->
                    new Reply.Unanswered("the proxy did not connect", true);
            case SSLException _ when causedBy(failure, CertificateException.class) ->
                    new Reply.Unanswered("tls: failed to verify certificate", false);
            case SSLException _ ->
                    new Reply.Unanswered(
                            alert(failure)
                                    .map(alert -> "remote error: tls: " + alert)
                                    .orElse("tls: handshake failure"),
                            true);
            case UnknownHostException _ -> new Reply.Unanswered("no such host", true);
            case ConnectException _ -> new Reply.Unanswered("connect: connection refused", true);
            case NoRouteToHostException _ ->
                    new Reply.Unanswered("connect: no route to host", true);
            case SocketException _ -> new Reply.Unanswered("connection reset by peer", true);
            case EOFException _ -> EOF;
            default ->
                    // The class only: messages quote addresses.
                    new Reply.Unanswered(
                            "connection failed (" + failure.getClass().getSimpleName() + ")", true);
        };
    }

    /** What the other side said before it ended TLS: one of the words that the protocol has. */
    private static Optional<String> alert(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            var said = ALERT.matcher(String.valueOf(cause.getMessage()));
            if (cause instanceof SSLException && said.find()) {
                return Optional.of(said.group(1).replace('_', ' '));
            }
        }
        return Optional.empty();
    }

    private static boolean causedBy(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
