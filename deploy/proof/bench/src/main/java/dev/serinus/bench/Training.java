package dev.serinus.bench;

import dev.serinus.bench.process.AotCaches;
import dev.serinus.bench.process.Broker;
import dev.serinus.bench.process.SerinusProcesses;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One rollout with everything that can be started, of which each JVM keeps what it loaded, linked
 * and learnt: its ahead-of-time cache, with which it starts in a third of the time.
 */
final class Training {

    /** The processes that have a cache afterwards. */
    static final List<String> PROCESSES =
            Stream.of(
                            Stream.of(SerinusProcesses.BROKER),
                            SerinusProcesses.SERVICES.stream(),
                            Stream.of(SerinusProcesses.ALL_IN_ONE))
                    .flatMap(each -> each)
                    .toList();

    private final Path caches;
    private final TrainingRollouts rollouts;

    /**
     * @param data a directory that may be filled
     * @param caches where the caches are written
     */
    Training(Path data, Path caches, Consumer<String> progress) {
        this.caches = caches;
        rollouts = new TrainingRollouts(data, progress);
    }

    /** What was written before is replaced. */
    void run(SerinusProcesses untrained) throws InterruptedException {
        prepare();
        try (SerinusProcesses site = untrained.with(AotCaches.recorded(caches))) {
            services(site);
            rollouts.withAllInOne(site);
        }
        for (String process : PROCESSES) {
            if (!Files.exists(AotCaches.file(caches, process))) {
                throw new IllegalStateException(
                        "%s ended in good order and left no cache in %s"
                                .formatted(process, caches));
            }
        }
    }

    private void prepare() {
        try {
            Files.createDirectories(caches);
            for (String process : PROCESSES) {
                Files.deleteIfExists(AotCaches.file(caches, process));
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException("no caches can be written to " + caches, cannot);
        }
    }

    private void services(SerinusProcesses site) throws InterruptedException {
        try (Broker broker = site.broker()) {
            rollouts.withServices(site, broker);
            rollouts.keep(broker.process());
        }
    }
}
