package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.permit.Fleet;
import dev.serinus.analysis.permit.Holder;
import dev.serinus.analysis.rollout.gate.Claim;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * {@code serinus_budget_running}, {@code serinus_budget_waiting} and {@code serinus_budget_max} of
 * each budget while somebody runs or waits in it; one that counts clusters or namespaces has a
 * series for each of these.
 */
final class BudgetGauges {

    private final Map<String, List<Count>> shown = new TreeMap<>(); // guarded by this
    private final MultiGauge running;
    private final MultiGauge waiting;
    private final MultiGauge max;

    private record Count(String budget, long running, long waiting, int max) {}

    BudgetGauges(MeterRegistry registry) {
        running = gauge(registry, "running", "Rollouts that have a place in the budget.");
        waiting = gauge(registry, "waiting", "Rollouts that wait for a place in the budget.");
        max = gauge(registry, "max", "Rollouts that the budget lets run at a time.");
    }

    private static MultiGauge gauge(MeterRegistry registry, String what, String description) {
        return MultiGauge.builder("serinus.budget." + what)
                .description(description)
                .register(registry);
    }

    synchronized void show(String scope, Fleet fleet) {
        Map<String, Integer> limits = new TreeMap<>();
        Stream.concat(fleet.running().stream(), fleet.line().stream())
                .flatMap(holder -> holder.claims().stream())
                .forEach(claim -> limits.put(claim.scope(), claim.most()));
        shown.put(
                scope,
                limits.entrySet().stream()
                        .map(
                                each ->
                                        new Count(
                                                each.getKey(),
                                                count(fleet.running(), each.getKey()),
                                                count(fleet.line(), each.getKey()),
                                                each.getValue()))
                        .toList());
        register();
    }

    synchronized void hide(String scope) {
        shown.remove(scope);
        register();
    }

    private static long count(List<Holder> holders, String budget) {
        return holders.stream()
                .flatMap(holder -> holder.claims().stream().map(Claim::scope))
                .filter(budget::equals)
                .count();
    }

    private void register() {
        running.register(rows(count -> (double) count.running()), true);
        waiting.register(rows(count -> (double) count.waiting()), true);
        max.register(rows(count -> (double) count.max()), true);
    }

    private List<Row<?>> rows(ToDoubleFunction<Count> value) {
        return shown.values().stream()
                .flatMap(List::stream)
                .<Row<?>>map(
                        count ->
                                Row.of(
                                        Tags.of("budget", count.budget()),
                                        value.applyAsDouble(count)))
                .toList();
    }
}
