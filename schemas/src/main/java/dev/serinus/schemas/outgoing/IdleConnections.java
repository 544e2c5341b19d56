package dev.serinus.schemas.outgoing;

import io.netty.channel.Channel;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Connections that wait for another call of the same kind, a few of them and not for long: so what
 * a manifest writes leaves nothing behind. A connection is taken again only for an address that was
 * judged once more.
 */
final class IdleConnections {

    /** What two calls must share to use one connection. */
    record Kind(
            String scheme,
            String host,
            int port,
            InetSocketAddress peer,
            @Nullable URI proxy,
            boolean anyCertificate,
            @Nullable TlsSettings tls) {}

    private static final class Idle {
        private final Kind kind;
        private final Channel channel;
        private @Nullable Future<?> end;

        Idle(Kind kind, Channel channel) {
            this.kind = kind;
            this.channel = channel;
        }

        void forgetEnd() {
            if (end != null) {
                end.cancel(false);
            }
        }
    }

    private static final int MOST = 64;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Deque<Idle> idle = new ArrayDeque<>(); // guarded by this, the newest first
    private boolean closed;

    /** One that is open still; null without. */
    synchronized @Nullable Channel take(Kind kind) {
        for (Iterator<Idle> all = idle.iterator(); all.hasNext(); ) {
            Idle one = all.next();
            boolean open = one.channel.isActive();
            if (!open || one.kind.equals(kind)) {
                all.remove();
                one.forgetEnd();
            }
            if (open && one.kind.equals(kind)) {
                return one.channel;
            }
        }
        return null;
    }

    /** Keeps a connection for a while, in the place of the one that waits longest. */
    void keep(Kind kind, Channel channel) {
        var one = new Idle(kind, channel);
        Idle surplus;
        synchronized (this) {
            if (!closed) {
                idle.addFirst(one);
                one.end =
                        channel.eventLoop()
                                .schedule(
                                        () -> drop(one), LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            }
            surplus = closed ? one : idle.size() > MOST ? idle.removeLast() : null;
        }
        if (surplus != null) {
            surplus.forgetEnd();
            var _ = surplus.channel.close();
        }
    }

    private void drop(Idle one) {
        boolean waits;
        synchronized (this) {
            waits = idle.removeIf(other -> other == one);
        }
        if (waits) {
            var _ = one.channel.close();
        }
    }

    synchronized int size() {
        return idle.size();
    }

    void close() {
        Deque<Idle> all;
        synchronized (this) {
            closed = true;
            all = new ArrayDeque<>(idle);
            idle.clear();
        }
        all.forEach(
                one -> {
                    var _ = one.channel.close();
                });
    }
}
