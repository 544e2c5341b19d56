package dev.serinus.router.objects;

import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets a few requests through at once, in the order in which they came. The others wait here, where
 * no answer of the API server can be late.
 */
final class RequestLimit {

    private final Semaphore free;
    private final Duration patience;

    /**
     * @param patience after which a request is refused with a retry
     */
    RequestLimit(int atOnce, Duration patience) {
        this.free = new Semaphore(atOnce, true);
        this.patience = patience;
    }

    <T extends @Nullable Object> T pass(Ref ref, Supplier<T> request) {
        try {
            if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Refusal.retry(
                        "%s %s waits for its turn: no more is asked of the API server at once than it answers in time"
                                .formatted(ref.kind().plural(), ref.dotted()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Refusal.retry("interrupted before " + ref.dotted() + " was created");
        }
        try {
            return request.get();
        } finally {
            free.release();
        }
    }
}
