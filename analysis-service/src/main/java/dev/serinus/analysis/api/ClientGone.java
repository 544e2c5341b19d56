package dev.serinus.analysis.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpRequestWrapper;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

import org.jspecify.annotations.Nullable;

/**
 * Interrupts the thread that answers a client as soon as the client's connection is closed: what is
 * looked up for it is of use to nobody, and keeps others waiting.
 */
final class ClientGone implements AutoCloseable {

    private final Thread thread = Thread.currentThread();
    private final @Nullable Channel channel;
    private final ChannelFutureListener listener = _ -> gone();
    private boolean gone; // guarded by this
    private boolean over; // guarded by this

    private ClientGone(@Nullable Channel channel) {
        this.channel = channel;
    }

    /** From now on until it is closed, by this thread. */
    static ClientGone interrupting(HttpRequest<?> request) {
        var watched = new ClientGone(channel(request));
        if (watched.channel != null) {
            var _ = watched.channel.closeFuture().addListener(watched.listener);
        }
        return watched;
    }

    /** True where the interruption is this one. */
    synchronized boolean isGone() {
        return gone;
    }

    private synchronized void gone() {
        gone = true;
        if (!over) {
            thread.interrupt();
        }
    }

    /** The thread goes on to others, and nothing is left of the interruption. */
    @Override
    public void close() {
        synchronized (this) {
            over = true;
            if (gone) {
                Thread.interrupted();
            }
        }
        if (channel != null) {
            var _ = channel.closeFuture().removeListener(listener);
        }
    }

    private static @Nullable Channel channel(HttpRequest<?> request) {
        return switch (request) {
            case NettyHttpRequest<?> netty -> netty.getChannelHandlerContext().channel();
            case HttpRequestWrapper<?> wrapped -> channel(wrapped.getDelegate());
            default -> null;
        };
    }
}
