package dev.serinus.cli.manifest;

import dev.serinus.analysis.forecast.ForecastStep;
import dev.serinus.analysis.forecast.Plan;
import dev.serinus.schemas.canary.Durations;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps of a plan as rows for people, with the times of both courses. What is said several
 * times, one after the other, is told once, with how often it comes and until when.
 */
record PlanTable(Plan plan) {

    private static final String PASSED = "StepPassed";
    private static final String SHIFTED = "WeightShifted";

    /** Fewer rows that are alike are no less readable than the sentence in their place. */
    private static final int FOLDED = 3;

    /**
     * A step at best.
     *
     * @param late when it happens at worst; null where it does not
     */
    private record Row(ForecastStep step, @Nullable Duration late) {}

    void print(PrintWriter out) {
        print(out, "AT BEST", "AT WORST", "CANARY", "PHASE", "WHAT");
        List<Row> rows = rows();
        for (int from = 0; from < rows.size(); ) {
            int to = from + 1;
            while (to < rows.size() && rows.get(to).step().isLike(rows.get(from).step())) {
                to++;
            }
            print(out, rows.subList(from, to));
            from = to;
        }
    }

    /** What follows upon a check that passed says so. */
    private List<Row> rows() {
        Map<String, List<Duration>> late = new HashMap<>();
        for (ForecastStep step : plan.latest().steps()) {
            late.computeIfAbsent(key(step), _ -> new ArrayList<>()).add(step.after());
        }
        return plan.soonest().steps().stream()
                .filter(step -> !step.type().equals(PASSED))
                .map(
                        step -> {
                            var same = late.getOrDefault(key(step), List.of());
                            return new Row(step, same.isEmpty() ? null : same.removeFirst());
                        })
                .toList();
    }

    /** What happens in both courses has the same. */
    private static String key(ForecastStep step) {
        return step.type() + " " + step.canaryWeight() + " " + step.phase();
    }

    private void print(PrintWriter out, List<Row> alike) {
        if (alike.size() < FOLDED) {
            alike.forEach(row -> print(out, "", row, row.step().message()));
            return;
        }
        Row first = alike.getFirst();
        print(out, "", first, first.step().message());
        String more =
                first.step().type().equals(SHIFTED)
                        ? "… %d more checks".formatted(alike.size() - 1)
                        : "… %d times more".formatted(alike.size() - 1);
        print(out, "to ", alike.getLast(), more + spacing(alike));
    }

    /** How far they are apart, where that is the same for all. */
    private static String spacing(List<Row> alike) {
        List<Duration> apart = new ArrayList<>();
        for (int place = 1; place < alike.size(); place++) {
            apart.add(alike.get(place).step().after().minus(alike.get(place - 1).step().after()));
        }
        return apart.stream().distinct().count() == 1
                ? ", one each " + Durations.print(apart.getFirst())
                : "";
    }

    private void print(PrintWriter out, String until, Row row, String what) {
        ForecastStep step = row.step();
        Duration late = row.late();
        print(
                out,
                until + Durations.print(step.after()),
                late == null ? "-" : until + Durations.print(late),
                switch (step.meets()) {
                    case MATCHED -> "matched";
                    case COPIES -> "copied";
                    case SHARE -> (plan.isExact(step.share()) ? "" : ">=") + step.share() + "%";
                    case NOBODY, EVERYBODY -> step.canaryWeight() + "%";
                },
                step.phase(),
                what);
    }

    private static void print(
            PrintWriter out, String best, String worst, String canary, String phase, String what) {
        out.printf("  %-12s %-12s %7s  %-17s %s%n", best, worst, canary, phase, what);
    }
}
