package dev.serinus.demo.measure;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Predicate;

/**
 * Samples of every pod's counters over the last minutes: what a Prometheus would have scraped. Safe
 * for use by many threads.
 */
public final class Samples {

    private static final Duration KEPT = Duration.ofMinutes(2);

    private final Set<PodMeter> meters = new CopyOnWriteArraySet<>();
    private final Map<Labels, Deque<Sample>> series = new LinkedHashMap<>();

    record Sample(Instant at, double value) {}

    /** How fast one counter rose, per second. */
    record Rate(Labels labels, double perSecond) {}

    /** From now on this pod is scraped. */
    public void add(PodMeter meter) {
        meters.add(meter);
    }

    /** The pod is gone: its series end here. */
    public void remove(PodMeter meter, Instant now) {
        read(meter, now);
        meters.remove(meter);
    }

    /** Reads all counters once and forgets what is older than two minutes. */
    public void scrape(Instant now) {
        meters.forEach(meter -> read(meter, now));
        synchronized (series) {
            Instant oldest = now.minus(KEPT);
            series.values().forEach(samples -> samples.removeIf(s -> s.at().isBefore(oldest)));
            series.values().removeIf(Deque::isEmpty);
        }
    }

    private void read(PodMeter meter, Instant now) {
        synchronized (series) {
            meter.scrape(
                    (labels, value) ->
                            series.computeIfAbsent(labels, _ -> new ArrayDeque<>())
                                    .addLast(new Sample(now, value)));
        }
    }

    /**
     * The rise of each chosen counter within the window that ends now, divided by the time between
     * the first and the last sample in it. Unlike Prometheus it does not extrapolate to the
     * window's edges: in a ratio that cancels out.
     */
    List<Rate> rates(Predicate<Labels> chosen, Duration window, Instant now) {
        List<Rate> rates = new ArrayList<>();
        Instant start = now.minus(window);
        synchronized (series) {
            series.forEach(
                    (labels, samples) -> {
                        if (!chosen.test(labels)) {
                            return;
                        }
                        var within =
                                samples.stream()
                                        .filter(s -> !s.at().isBefore(start))
                                        .filter(s -> !s.at().isAfter(now))
                                        .toList();
                        if (within.size() > 1) {
                            var first = within.getFirst();
                            var last = within.getLast();
                            double seconds =
                                    Duration.between(first.at(), last.at()).toNanos() / 1e9;
                            rates.add(new Rate(labels, (last.value() - first.value()) / seconds));
                        }
                    });
        }
        return rates;
    }
}
