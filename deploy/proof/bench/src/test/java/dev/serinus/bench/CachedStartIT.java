package dev.serinus.bench;

import static dev.serinus.bench.Tiny.FLAGS;
import static dev.serinus.bench.Tiny.ROOT;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.bench.process.AotCaches;
import dev.serinus.bench.process.SerinusProcesses;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

@Tag("nightly")
class CachedStartIT {

    @TempDir Path data;

    @Test
    void aProcessStartsWithTheCacheItLeftAndOnlyWithIt() throws Exception {
        Path caches = Files.createDirectory(data.resolve("caches"));
        try (var site = new SerinusProcesses(ROOT, data, FLAGS, AotCaches.unused());
                var recorded = site.with(AotCaches.recorded(caches));
                var required = site.with(AotCaches.required(caches));
                var broker = site.broker()) {
            broker.provision(SerinusProcesses.CLUSTER);
            assertThatThrownBy(() -> required.analysis(broker)).hasMessageContaining("analysis");

            try (var trained = recorded.analysis(broker)) {
                trained.end(Duration.ofMinutes(2));
            }

            assertThat(AotCaches.exist(caches, List.of("analysis"))).isTrue();
            try (var cached = required.analysis(broker)) {
                assertThat(cached.startUp()).isPositive();
            }
        }
    }
}
