package dev.serinus.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of 127.0.0.1 for servers that have to know theirs before they start. They lie below the
 * range that the system gives to outgoing connections: one of those could take a port between its
 * choice and its use, or while its server is being restarted.
 */
public final class FreePort {

    private static final int FIRST = 20_000;
    private static final int COUNT = 4_000;

    /** Processes that start together look from places that are far apart. */
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % COUNT));

    private FreePort() {}

    /** One that nobody uses now, and that this process did not give out before. */
    public static int next() {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no free port of 127.0.0.1 between %d and %d".formatted(FIRST, FIRST + COUNT - 1));
    }

    /** Whether a server could have this port of 127.0.0.1 now. */
    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            // As servers do: a port that was just closed counts as free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
