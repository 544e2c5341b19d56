package dev.serinus.bench.process;

import dev.serinus.bench.figures.Figure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The CPU that processes use from the time it is made. */
public final class CpuMeter {

    private final List<MeteredProcess> processes;
    private final Map<MeteredProcess, Duration> before = new LinkedHashMap<>();
    private final long began = System.nanoTime();

    public CpuMeter(List<? extends MeteredProcess> processes) {
        this.processes = List.copyOf(processes);
        this.processes.forEach(each -> before.put(each, each.cpu()));
    }

    /** Of each process and of all, by the rollouts that ended meanwhile. */
    public List<Figure> perRollout(String section, long rollouts) {
        return figures(section, "CPU per rollout", "ms/rollout", 1e6 * rollouts, rollouts);
    }

    /** Of each process and of all, by the seconds that passed. */
    public List<Figure> perSecond(String section, String when) {
        double seconds = (System.nanoTime() - began) / 1e9;
        return figures(section, "CPU " + when, "ms/s", 1e6 * seconds, 1);
    }

    private List<Figure> figures(
            String section, String name, String unit, double divisor, long samples) {
        List<Figure> figures = new ArrayList<>();
        double sum = 0;
        for (MeteredProcess each : processes) {
            double used = each.cpu().minus(before.get(each)).toNanos() / divisor;
            sum += used;
            figures.add(new Figure(section, name + ", " + each.name(), used, unit, samples));
        }
        figures.add(new Figure(section, name + ", sum", sum, unit, samples));
        return figures;
    }
}
