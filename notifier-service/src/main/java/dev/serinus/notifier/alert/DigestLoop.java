package dev.serinus.notifier.alert;

import dev.serinus.schemas.topic.CanaryKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Looks every few seconds whether a digest is due. Each provider's is told on a thread of its own,
 * one at a time, so that one that does not answer keeps no other waiting.
 */
public final class DigestLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DigestLoop.class);
    private static final Duration TURN = Duration.ofSeconds(5);

    private final Digests digests;
    private final Set<CanaryKey> under = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private DigestLoop(Digests digests) {
        this.digests = digests;
    }

    /** Begins to look. */
    public static DigestLoop start(Digests digests) {
        var loop = new DigestLoop(digests);
        loop.threads.execute(loop::run);
        return loop;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(TURN);
                look();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        try {
            for (CanaryKey provider : digests.candidates()) {
                if (under.add(provider)) {
                    threads.execute(() -> tell(provider));
                }
            }
        } catch (RuntimeException trouble) {
            warn("all", trouble);
        }
    }

    private void tell(CanaryKey provider) {
        try {
            digests.tell(provider);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException trouble) {
            warn(provider.toString(), trouble);
        } finally {
            under.remove(provider);
        }
    }

    /** The kind of trouble alone: what libraries say may quote an address. */
    private static void warn(String provider, RuntimeException trouble) {
        LOG.atError()
                .addKeyValue("provider", provider)
                .addKeyValue("because", trouble.getClass().getName())
                .log("digests cannot be told now, trying again");
    }

    /** Breaks off what is under way: it is told again by whoever goes on. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
