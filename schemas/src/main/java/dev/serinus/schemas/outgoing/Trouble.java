package dev.serinus.schemas.outgoing;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;

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
            new Reply.Unanswered("a redirect to another host is not followed", false);
    static final Reply LOOP = new Reply.Unanswered("stopped after 10 redirects", false);

    private static final Reply EOF = new Reply.Unanswered("EOF", true);

    private Trouble() {}

    /** True when the other side closed the connection instead of answering. */
    static boolean endedWithoutAByte(Throwable failure) {
        return causedBy(failure, EOFException.class);
    }

    static Reply of(Throwable failure) {
        return switch (failure) {
            case HttpTimeoutException _ -> LATE;
            case SSLException _ when causedBy(failure, CertificateException.class) ->
                    new Reply.Unanswered("tls: failed to verify certificate", false);
            case SSLException _ -> new Reply.Unanswered("tls: handshake failure", true);
            case UnknownHostException _ -> new Reply.Unanswered("no such host", true);
            case ConnectException _ when causedBy(failure, UnresolvedAddressException.class) ->
                    new Reply.Unanswered("no such host", true);
            case ConnectException _ -> new Reply.Unanswered("connect: connection refused", true);
            case SocketException _ -> new Reply.Unanswered("connection reset by peer", true);
            case IOException _ when endedWithoutAByte(failure) -> EOF;
            default ->
                    // The class only: messages quote addresses.
                    new Reply.Unanswered(
                            "connection failed (" + failure.getClass().getSimpleName() + ")", true);
        };
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
