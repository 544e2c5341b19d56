package dev.serinus.schemas.outgoing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

/** Opens connections to addresses that were judged, and ends them when their time is over. */
final class Dialer {

    /** Bytes that a host may say; mail servers say a few thousand, with their certificates. */
    private static final int LONGEST = 64 << 10;

    private Dialer() {}

    /**
     * Has a conversation with the first of these that can be reached.
     *
     * @param deadline by {@link System#nanoTime}, for connecting and all that is said
     * @param allowance for what the host says
     */
    static <T> T converse(
            List<InetSocketAddress> peers,
            String name,
            long deadline,
            Transport.Allowance allowance,
            Conversation<T> conversation)
            throws IOException, InterruptedException {
        try (var socket = connected(peers, name, deadline, allowance)) {
            var end = Thread.startVirtualThread(() -> endAt(deadline, socket));
            try {
                return conversation.over(socket);
            } catch (IOException failed) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted in a conversation");
                }
                IOException stopped = socket.stopped();
                if (stopped != null) {
                    throw stopped;
                }
                throw left(deadline) > 0 ? failed : late(failed);
            } finally {
                end.interrupt();
            }
        }
    }

    private static MeasuredSocket connected(
            List<InetSocketAddress> peers,
            String name,
            long deadline,
            Transport.Allowance allowance)
            throws IOException {
        IOException last = new IOException("there is nobody to connect to");
        int untried = peers.size();
        for (InetSocketAddress peer : peers) {
            // One that does not answer leaves their share of the time to the others.
            int millis = (int) Duration.ofNanos(left(deadline) / untried).toMillis();
            if (millis <= 0) {
                throw late(last);
            }
            untried--;
            // Closed here where it cannot be connected, and by whoever gets it else.
            @SuppressWarnings("resource")
            var socket = new MeasuredSocket(LONGEST, allowance);
            try {
                // With the name in it nobody asks for that of the address, which others choose.
                var named = InetAddress.getByAddress(name, peer.getAddress().getAddress());
                socket.connect(new InetSocketAddress(named, peer.getPort()), millis);
                socket.setSoTimeout(Math.max(1, (int) Duration.ofNanos(left(deadline)).toMillis()));
                return socket;
            } catch (IOException failed) {
                socket.close();
                last = failed;
            }
        }
        throw last;
    }

    private static long left(long deadline) {
        return Math.max(0, deadline - System.nanoTime());
    }

    private static IOException late(IOException because) {
        var late = new SocketTimeoutException("the time is over");
        late.initCause(because);
        return late;
    }

    /** Who sends a byte now and then would hold a read for ever. */
    private static void endAt(long deadline, Socket socket) {
        try {
            Thread.sleep(Duration.ofNanos(left(deadline)));
            socket.close();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt(); // the conversation ended before
        } catch (IOException closed) {
            throw new IllegalStateException("a socket does not refuse to be closed", closed);
        }
    }
}
