package dev.serinus.schemas.outgoing;

import dev.serinus.schemas.topic.CanaryKey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks names up within a time limit. The system's resolver blocks the thread it is called on, a
 * virtual thread's carrier too, so that it gets threads of its own; a namespace whose names hang
 * holds no more than a quarter of them.
 */
final class NameLookup implements AutoCloseable {

    /** Resolves names; the system's resolver outside of tests. */
    @FunctionalInterface
    public interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    private static final int AT_ONCE = 32;

    private final Names names;
    private final CallSlots slots = new CallSlots(AT_ONCE, AT_ONCE / 4, AT_ONCE / 8);
    private final ExecutorService threads;

    NameLookup(Names names) {
        this(
                names,
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().daemon().name("outgoing-names-", 0).factory()));
    }

    private NameLookup(Names names, ExecutorService threads) {
        this.names = names;
        this.threads = threads;
    }

    /** The same within limits of its own; closed with this one. */
    NameLookup besides() {
        return new NameLookup(names, threads);
    }

    List<InetAddress> addresses(CanaryKey owner, String name, Duration left)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + left.toNanos();
        if (!slots.enter(owner, left)) {
            throw new SocketTimeoutException("no turn to look the name up");
        }
        var lookup =
                threads.submit(
                        () -> {
                            try {
                                return List.of(names.of(name));
                            } finally {
                                slots.leave(owner); // not before: a lookup cannot be broken off
                            }
                        });
        try {
            return lookup.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new SocketTimeoutException("the name was not found in time");
        } catch (ExecutionException failed) {
            throw new UnknownHostException("no such host");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
