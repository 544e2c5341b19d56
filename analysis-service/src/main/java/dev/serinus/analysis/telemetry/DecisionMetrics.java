package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.journal.FleetDecision;
import dev.serinus.analysis.permit.Fleet;
import dev.serinus.analysis.permit.FleetEffect;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Serinus' own figures: how many decisions, how long they take, how old an answer is when it is
 * decided upon, what was set aside. Flagger's are kept alongside by {@link FlaggerMetrics}, traces
 * by {@link Traces}.
 */
public final class DecisionMetrics {

    private final MeterRegistry registry;
    private final FlaggerMetrics flagger;
    private final InstantSource time;
    private final WaitingCanaries waiting;
    private final RolloutTimes times;
    private final BudgetGauges budgets;
    private final AnalysisChecks checks = new AnalysisChecks();
    private final Timer latency;
    private final Timer late;
    private final Traces traces;

    public DecisionMetrics(MeterRegistry registry, boolean clusterLabel, InstantSource time) {
        this(registry, clusterLabel, time, Traces.OFF);
    }

    public DecisionMetrics(
            MeterRegistry registry, boolean clusterLabel, InstantSource time, Traces traces) {
        this.traces = traces;
        this.registry = registry;
        this.time = time;
        this.flagger = new FlaggerMetrics(registry, clusterLabel);
        this.waiting = new WaitingCanaries(registry);
        this.times = new RolloutTimes(registry, time);
        this.budgets = new BudgetGauges(registry);
        this.latency =
                Timer.builder("serinus.decision.latency")
                        .description("From an input's being produced to the decision upon it.")
                        .serviceLevelObjectives(
                                Duration.ofMillis(5),
                                Duration.ofMillis(10),
                                Duration.ofMillis(25),
                                Duration.ofMillis(50),
                                Duration.ofMillis(100),
                                Duration.ofMillis(250),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(10))
                        .register(registry);
        this.late =
                Timer.builder("serinus.step.lateness")
                        .description("From when a step was due to the decision upon it.")
                        .serviceLevelObjectives(
                                Duration.ofMillis(100),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(5))
                        .register(registry);
    }

    /** A canary this process decides for from now on. */
    public void known(Rollout rollout) {
        flagger.show(rollout);
        waiting.show(rollout);
        times.show(rollout);
    }

    /** A canary that is gone, or decided for elsewhere. */
    public void forgotten(CanaryKey canary) {
        checks.forget(canary);
        flagger.hide(canary);
        waiting.hide(canary);
        times.hide(canary);
    }

    /** A decision was taken upon a record produced then. */
    public void decided(Decision decision, long producedAt) {
        String input = decision.entry().getInput().getClass().getSimpleName();
        registry.counter("serinus.decisions", "input", input).increment();
        for (Effect effect : decision.effects()) {
            registry.counter("serinus.effects", "effect", effect.getClass().getSimpleName())
                    .increment();
        }
        latency.record(Math.max(0, time.millis() - producedAt), TimeUnit.MILLISECONDS);
        traces.decided(decision);
        Rollout before = decision.before().rollout();
        Rollout after = decision.after().rollout();
        checks.after(decision).ifPresent(took -> flagger.analysed(after, took));
        if (after.gone()) {
            return;
        }
        flagger.show(after);
        waiting.show(after);
        times.show(after);
        // What was found in a phase entered it elsewhere.
        if (after.shown() != before.shown() && before.shown() != Phase.NONE) {
            flagger.entered(after);
            entered(after);
        }
    }

    /** A canary's time had come, and it is decided upon now. */
    public void due(Instant at) {
        late.record(Math.max(0, time.millis() - at.toEpochMilli()), TimeUnit.MILLISECONDS);
    }

    private void entered(Rollout after) {
        boolean ended = after.shown() == Phase.SUCCEEDED || after.shown() == Phase.FAILED;
        if (ended && after.manifest().tried() == null) {
            times.ended(after);
        }
    }

    /** Those that run and wait under a scope that this process decides for from now on. */
    public void known(String scope, Fleet fleet) {
        budgets.show(scope, fleet);
    }

    /** A scope that is decided for elsewhere. */
    public void forgotten(String scope) {
        budgets.hide(scope);
    }

    /** A decision was taken about permits. */
    public void decided(String scope, FleetDecision decision) {
        budgets.show(scope, decision.after().fleet());
        registry.counter("serinus.decisions", "input", "Permit").increment();
        for (FleetEffect effect : decision.effects()) {
            registry.counter("serinus.effects", "effect", effect.getClass().getSimpleName())
                    .increment();
        }
    }

    /** A record was set aside or dropped. */
    public void setAside(String topic) {
        registry.counter("serinus.dead.letters", "topic", topic).increment();
    }
}
