package dev.serinus.bench;

import dev.serinus.bench.figures.Report;
import dev.serinus.bench.load.Shape;
import dev.serinus.bench.process.Site;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Measures section by section, each with processes of its own. */
final class Bench {

    private final Path root;
    private final Path data;
    private final BenchOptions options;
    private final Consumer<String> progress;

    Bench(Path root, Path data, BenchOptions options, Consumer<String> progress) {
        this.root = root;
        this.data = data;
        this.options = options;
        this.progress = progress;
    }

    Report measure(Set<Section> sections) throws InterruptedException {
        var report = new Report(conditions());
        try (var site = new Site(root, data, options.flags())) {
            for (Section section : sections) {
                progress.accept("measuring " + section.text() + " ...");
                report.add(
                        switch (section) {
                            case STARTUP -> new StartUp(site, options).measure(data);
                            case LATENCY -> Latency.measure(site, options);
                            case CPU -> RolloutCost.measure(site, options, data);
                        });
            }
        }
        return report;
    }

    private Map<String, Object> conditions() {
        Map<String, Object> conditions = new LinkedHashMap<>();
        conditions.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.put(
                "machine",
                "%d CPUs, %s, Java %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                System.getProperty("os.arch"),
                                Runtime.version()));
        conditions.put("jvm", String.join(" ", options.flags()));
        conditions.put("canaries", options.canaries());
        conditions.put("rounds", options.rounds());
        conditions.put("interval", options.interval().toSeconds() + " s");
        conditions.put("rollout", Shape.WORDS);
        return conditions;
    }
}
