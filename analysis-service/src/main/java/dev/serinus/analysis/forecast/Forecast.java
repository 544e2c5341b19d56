package dev.serinus.analysis.forecast;

import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.schemas.canary.PassFreeze;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.HookSpec;
import dev.serinus.schemas.events.MetricSpec;
import dev.serinus.schemas.events.NotANumber;
import dev.serinus.schemas.events.OnUnknown;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run of a Canary does, step by step, by the very machine that decides in production: only
 * the answers of the world are assumed.
 *
 * @param steps in the order in which they happen
 * @param end the phase in which the run rests, as in the status; empty where it does not end by
 *     itself, since nothing that is assumed leads it on
 * @param waitingFor what it waits for where it does not end; else empty
 * @param checks how often the metrics are asked
 * @param calls how often each webhook is called, in the order of the spec
 * @param most the largest share of traffic that the canary gets before everybody does; what its
 *     pods make of that where they make the split
 */
public record Forecast(
        List<ForecastStep> steps,
        String end,
        String waitingFor,
        int checks,
        List<Integer> calls,
        Weight most) {

    private static final String SUCCEEDED = "Succeeded";
    private static final int LONGEST_NAME = 253;

    public Forecast {
        steps = List.copyOf(steps);
        calls = List.copyOf(calls);
        waitingFor = ForecastStep.cut(waitingFor);
    }

    /** Of the next new revision; a Canary that is suspended is taken as if it was not. */
    public static Forecast of(CanaryKey canary, RolloutSpec spec, Course course) {
        return of(canary, spec, course, Horizon.WHOLE);
    }

    /** The same, followed less far. */
    public static Forecast of(CanaryKey canary, RolloutSpec spec, Course course, Horizon horizon) {
        var world =
                new AssumedWorld(
                        canary, assumed(spec), null, course, new NobodyElse(), Instant.EPOCH);
        world.release(Instant.EPOCH);
        return world.played(horizon);
    }

    /**
     * Of all of them, when each gets a new revision of one release at the same moment: at best,
     * with what the fleet file asks, and with each other. Whoever they name beside them was
     * promoted.
     *
     * @param passes what annotations ask for that are to let them pass freezes, of those that have
     *     one
     * @param horizon how far they are followed
     */
    public static Map<CanaryKey, Forecast> together(
            FleetConfig fleet,
            Instant at,
            Map<CanaryKey, RolloutSpec> specs,
            Map<CanaryKey, PassFreeze> passes,
            Horizon horizon) {
        Map<CanaryKey, RolloutSpec> assumed = new LinkedHashMap<>();
        specs.forEach((canary, spec) -> assumed.put(canary, assumed(spec)));
        return new AssumedFleet(fleet, at, horizon).of(assumed, passes);
    }

    /** The weights of its steps that are shares of all requests. */
    Set<Weight> shared() {
        return steps.stream()
                .filter(step -> step.meets() == Meets.SHARE)
                .map(ForecastStep::canaryWeight)
                .collect(Collectors.toSet());
    }

    /** The same, where the canary's pods make these shares of its weights. */
    Forecast with(Map<Weight, Weight> shares) {
        return new Forecast(
                steps.stream()
                        .map(
                                step ->
                                        step.meets() == Meets.SHARE
                                                ? step.with(share(shares, step.canaryWeight()))
                                                : step)
                        .toList(),
                end,
                waitingFor,
                checks,
                calls,
                share(shares, most));
    }

    private static Weight share(Map<Weight, Weight> shares, Weight weight) {
        return shares.getOrDefault(weight, weight);
    }

    /** How long the run lasts. */
    public Duration lasts() {
        return steps.isEmpty() ? Duration.ZERO : steps.getLast().after();
    }

    /** How often webhooks are called in all, those too that are only told something. */
    public int hookCalls() {
        return calls.stream().mapToInt(Integer::intValue).sum();
    }

    /** True where the new revision serves everybody at the end. */
    public boolean promotes() {
        return end.equals(SUCCEEDED);
    }

    /**
     * The same, where it is really done and a check passes or fails by one number: what it is
     * measured by is assumed anyway. Each failed check says a name, so that these are shortened.
     */
    private static RolloutSpec assumed(RolloutSpec spec) {
        return RolloutSpec.newBuilder(spec)
                .setSuspend(false)
                .setDryRun(false)
                .setScore(null)
                .setMetrics(spec.getMetrics().stream().map(Forecast::assumed).toList())
                .setWebhooks(spec.getWebhooks().stream().map(Forecast::assumed).toList())
                .build();
    }

    private static MetricSpec assumed(MetricSpec metric) {
        return MetricSpec.newBuilder(metric)
                .setName(shortened(metric.getName()))
                .setCompare(null)
                .setThreshold(null)
                .setRange(true)
                .setMin(AssumedWorld.PASSES)
                .setMax(AssumedWorld.PASSES)
                .setOnNoData(OnUnknown.FAIL)
                .setOnProviderError(OnUnknown.FAIL)
                .setNan((NotANumber) null)
                .build();
    }

    private static HookSpec assumed(HookSpec hook) {
        return HookSpec.newBuilder(hook).setName(shortened(hook.getName())).build();
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
    }
}
