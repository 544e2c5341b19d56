package dev.serinus.conformance.real;

import dev.serinus.conformance.scenario.SinkAddress;
import dev.serinus.conformance.sink.Sinks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLContext;

/**
 * The fake server on loopback, at one port in the clear and at another with TLS. It is ours to the
 * last byte since recordings hold the names of headers as they were sent.
 */
final class SinkServer implements AutoCloseable {

    private static final int BACKLOG = 200;

    private final Sinks sinks;
    private final SSLContext tls;
    private final ServerSocket plain;
    private final ServerSocket secure;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private SinkServer(Sinks sinks, SSLContext tls) throws IOException {
        this.sinks = sinks;
        this.tls = tls;
        var loopback = InetAddress.getLoopbackAddress();
        this.plain = new ServerSocket(0, BACKLOG, loopback);
        this.secure = tls.getServerSocketFactory().createServerSocket(0, BACKLOG, loopback);
    }

    static SinkServer start(Sinks sinks) {
        try {
            var server = new SinkServer(sinks, Certificate.selfSigned());
            server.accept(server.plain);
            server.accept(server.secure);
            return server;
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    SinkAddress address() {
        return new SinkAddress(
                "http://127.0.0.1:" + plain.getLocalPort(),
                "https://127.0.0.1:" + secure.getLocalPort());
    }

    private void accept(ServerSocket listening) {
        var _ =
                Thread.ofVirtual()
                        .name("sink")
                        .start(
                                () -> {
                                    while (!listening.isClosed()) {
                                        try {
                                            serve(listening.accept());
                                        } catch (IOException closed) {
                                            return;
                                        }
                                    }
                                });
    }

    private void serve(Socket socket) {
        open.add(socket);
        var _ =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try (socket) {
                                        new SinkConnection(sinks, tls, socket).hold();
                                    } catch (IOException | InterruptedException gone) {
                                        // Clients hang up as they like.
                                    } finally {
                                        open.remove(socket);
                                    }
                                });
    }

    @Override
    public void close() {
        try {
            plain.close();
            secure.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
