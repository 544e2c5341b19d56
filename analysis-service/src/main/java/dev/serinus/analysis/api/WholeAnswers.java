package dev.serinus.analysis.api;

import io.micronaut.context.annotation.Requires;

import jakarta.inject.Singleton;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bounds answers of more than a page, which lie in memory until whoever asked has read them:
 * whoever reads none of it would else keep the fleet from everybody. For several threads.
 */
@Singleton
@Requires(property = "serinus.service", value = "analysis")
final class WholeAnswers {

    /** Rollouts in all of them, of half a kilobyte each; one answer is given however large. */
    static final int MOST = 60_000;

    /** Answers of one caller, or of one address where nobody logs in. */
    static final int MOST_OF_ONE = 4;

    /** After so long without a read one is given up, where others need its place. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private final List<Held> all = new ArrayList<>(); // guarded by this

    /**
     * Takes the place of an answer; empty where there is none now.
     *
     * @param who asks
     * @param size of it, in rollouts
     */
    synchronized Optional<Held> take(String who, int size) {
        for (Held each : List.copyOf(all)) {
            if (System.nanoTime() - each.readAt > PATIENCE_NANOS) {
                each.close();
            }
        }
        long taken = all.stream().mapToLong(each -> each.size).sum();
        long ofOne = all.stream().filter(each -> each.who.equals(who)).count();
        if (ofOne >= MOST_OF_ONE || (taken > 0 && taken + size > MOST)) {
            return Optional.empty();
        }
        var held = new Held(who, size);
        all.add(held);
        return Optional.of(held);
    }

    private synchronized void left(Held held) {
        all.remove(held);
    }

    /** The place of one answer, and what is still to be read of it. */
    final class Held extends InputStream {

        private final String who;
        private final int size;
        private volatile long readAt = System.nanoTime();
        private volatile boolean closed;
        private volatile InputStream rest = InputStream.nullInputStream();

        private Held(String who, int size) {
            this.who = who;
            this.size = size;
        }

        /** From now on this is read. */
        InputStream of(String text) {
            rest = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        @Override
        public int read() throws IOException {
            return open().read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return open().read(bytes, offset, length);
        }

        private InputStream open() throws IOException {
            if (closed) {
                throw new IOException("it was not read for too long, and others needed the place");
            }
            readAt = System.nanoTime();
            return rest;
        }

        @Override
        public void close() {
            closed = true;
            rest = InputStream.nullInputStream();
            left(this);
        }
    }
}
