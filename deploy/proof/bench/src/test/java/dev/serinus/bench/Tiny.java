package dev.serinus.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** As little of the bench as gives every figure. */
final class Tiny {

    static final Path ROOT = Path.of(System.getProperty("serinus.root"));
    static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");
    static final BenchOptions OPTIONS =
            new BenchOptions(
                    3,
                    1,
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    1,
                    Duration.ofSeconds(1),
                    Duration.ofMillis(200),
                    FLAGS,
                    Path.of("none"));

    private Tiny() {}

    static Bench bench(Path data) {
        return new Bench(ROOT, data, OPTIONS, _ -> {}, false);
    }
}
