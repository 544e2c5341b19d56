package dev.serinus.trials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a port of this machine that can be cut, and mended, while both its ends go on. */
final class Detour implements AutoCloseable {

    private final ServerSocket entrance;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile int exit;

    Detour() {
        try {
            entrance = new ServerSocket();
            entrance.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    /** Where one enters. */
    int port() {
        return entrance.getLocalPort();
    }

    /** Leads to this port of 127.0.0.1 from here on. */
    Detour to(int port) {
        exit = port;
        Thread.ofVirtual().name("detour").start(this::accept);
        return this;
    }

    /** Nothing goes through any more, and nobody is told why. */
    void cut() {
        cut = true;
        open.forEach(Detour::close);
    }

    void mend() {
        cut = false;
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                // Closed by one of both directions.
                @SuppressWarnings("resource")
                var in = entrance.accept();
                if (cut) {
                    close(in);
                    continue;
                }
                var out = new Socket(InetAddress.getLoopbackAddress(), exit);
                open.add(in);
                open.add(out);
                Thread.ofVirtual().start(() -> pump(in, out));
                Thread.ofVirtual().start(() -> pump(out, in));
                if (cut) {
                    open.forEach(Detour::close);
                }
            } catch (IOException over) {
                // The entrance was closed, or nobody is at the exit: whoever came tries again.
            }
        }
    }

    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException over) {
            // One end is gone, and so is the other.
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException unclosable) {
            throw new UncheckedIOException(unclosable);
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException unclosable) {
            throw new UncheckedIOException(unclosable);
        }
        open.forEach(Detour::close);
    }
}
