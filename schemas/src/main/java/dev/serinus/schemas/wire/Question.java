package dev.serinus.schemas.wire;

import org.apache.kafka.common.KafkaException;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Something that a registry, or Kafka in its place, is being asked. Whoever wants the answer waits
 * a second from the start and then comes again: a registry that takes requests and does not answer
 * must not hold up a thread on which others depend.
 */
record Question<T>(String whom, CompletableFuture<T> reply, long startedAt) {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Asks on a thread of its own. */
    static <T> Question<T> start(String whom, Supplier<T> asking) {
        var reply = new CompletableFuture<T>();
        Thread.ofVirtual().name("schema-registry").start(() -> ask(asking, reply));
        return new Question<>(whom, reply, System.nanoTime());
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever it is, it is for those who wait
    private static <T> void ask(Supplier<T> asking, CompletableFuture<T> reply) {
        try {
            reply.complete(asking.get());
        } catch (Throwable trouble) {
            reply.completeExceptionally(trouble);
        }
    }

    boolean isOver() {
        return reply.isDone();
    }

    boolean hasFailed() {
        return reply.isCompletedExceptionally();
    }

    T answer() {
        long left = startedAt + PATIENCE.toNanos() - System.nanoTime();
        try {
            return reply.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            throw new RegistryAway(whom + " has not answered yet");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new RegistryAway(whom + " was not waited for");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof KafkaException told) {
                throw told;
            }
            throw new IllegalStateException(whom + " was asked wrongly", failed);
        }
    }
}
