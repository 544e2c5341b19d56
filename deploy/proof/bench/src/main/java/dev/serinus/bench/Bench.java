package dev.serinus.bench;

import dev.serinus.bench.apiserver.RealCluster;
import dev.serinus.bench.figures.Figure;
import dev.serinus.bench.figures.Report;
import dev.serinus.bench.load.RolloutShape;
import dev.serinus.bench.process.AotCaches;
import dev.serinus.bench.process.SerinusProcesses;
import dev.serinus.bench.scale.ScaleCost;
import dev.serinus.testbed.binaries.Binaries;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Measures section by section, each with processes of its own. */
final class Bench {

    private final Path root;
    private final Path data;
    private final BenchOptions options;
    private final Consumer<String> progress;
    private final boolean shipped;

    /**
     * @param root of the checkout that is measured, in which everything is built
     * @param data a directory that may be filled
     * @param shipped start the all-in-one at scale by the checkout's own command
     */
    Bench(Path root, Path data, BenchOptions options, Consumer<String> progress, boolean shipped) {
        this.root = root;
        this.data = data;
        this.options = options;
        this.progress = progress;
        this.shipped = shipped;
    }

    Report measure(Set<Section> sections) throws InterruptedException {
        var here = available(sections);
        var report = new Report(conditions(here));
        try (var site = new SerinusProcesses(root, data, options.flags(), AotCaches.unused())) {
            for (Section section : here) {
                progress.accept("measuring " + section.text() + " ...");
                report.add(
                        switch (section) {
                            case STARTUP -> startUp(site);
                            case LATENCY -> Latency.measure(site, options);
                            case CPU -> RolloutCost.measure(site, options, data);
                            case TESTBED -> RouteLatency.measure(site, options, data, progress);
                            case SCALE -> scale(site);
                        });
            }
        }
        return report;
    }

    private List<Figure> scale(SerinusProcesses site) throws InterruptedException {
        if (shipped) {
            site.build();
        }
        return ScaleCost.measure(
                shipped ? site::allInOneAsShipped : site::allInOne,
                new ScaleCost.Shape(
                        options.canaries(),
                        options.scaleInterval(),
                        options.calm(),
                        options.rest()),
                data,
                progress);
    }

    private List<Figure> startUp(SerinusProcesses site) throws InterruptedException {
        List<Figure> figures = new ArrayList<>(StartUp.measure(site, options, "", data));
        if (AotCaches.exist(options.caches(), Training.PROCESSES)) {
            try (SerinusProcesses cached = site.with(AotCaches.required(options.caches()))) {
                figures.addAll(StartUp.measure(cached, options, " with AOT cache", data));
            }
        } else {
            progress.accept(
                    ("start-up with ahead-of-time caches is left out: %s does not hold all of them;"
                                    + " deploy/serinus aot makes them")
                            .formatted(options.caches()));
        }
        return figures;
    }

    /** All of them but those that need what is not on this machine. */
    private Set<Section> available(Set<Section> wanted) {
        var here = EnumSet.copyOf(wanted);
        if (Binaries.find().isEmpty() && here.removeAll(Section.ON_REQUEST)) {
            progress.accept(
                    ("testbed and scale are left out: the control plane's programs are not in %s;"
                                    + " deploy/serinus testbed build makes them with Go")
                            .formatted(Binaries.place()));
        }
        return here;
    }

    private Map<String, Object> conditions(Set<Section> sections) {
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
        conditions.put("rollout", RolloutShape.WORDS);
        if (sections.contains(Section.SCALE)) {
            conditions.put(
                    "scale",
                    "%s; Istio, weights %s, two metrics, one replica, interval %d s"
                            .formatted(
                                    root,
                                    RealCluster.WEIGHTS,
                                    options.scaleInterval().toSeconds()));
        }
        if (sections.contains(Section.TESTBED)) {
            conditions.put(
                    "testbed",
                    "Istio, weights %s, one metric, interval %d s"
                            .formatted(RealCluster.WEIGHTS, options.testbedInterval().toSeconds()));
        }
        return conditions;
    }
}
