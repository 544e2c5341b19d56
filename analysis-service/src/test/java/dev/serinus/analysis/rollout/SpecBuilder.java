package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Spec.Hook;
import dev.serinus.analysis.rollout.Spec.Target;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.ScoreRule;
import dev.serinus.analysis.rollout.plan.Strategy;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/** Variations of a spec for tests, each of which names what differs alone. */
public final class SpecBuilder {

    private String provider;
    private Target target;
    private String service;
    private Duration progressDeadline;
    private boolean skipAnalysis;
    private boolean suspend;
    private boolean restoresOnDeletion;
    private Duration interval;
    private @Nullable Duration delay;
    private int threshold;
    private Strategy strategy;
    private List<Check> checks;
    private List<Hook> hooks;
    private @Nullable ScoreRule score;
    private boolean baseline;
    private boolean dryRun;
    private @Nullable RunRules rules;

    private SpecBuilder(Spec spec) {
        provider = spec.provider();
        target = spec.target();
        service = spec.service();
        progressDeadline = spec.progressDeadline();
        skipAnalysis = spec.skipAnalysis();
        suspend = spec.suspend();
        restoresOnDeletion = spec.restoresOnDeletion();
        interval = spec.interval();
        delay = spec.delay();
        threshold = spec.threshold();
        strategy = spec.strategy();
        checks = spec.checks();
        hooks = spec.hooks();
        score = spec.score();
        baseline = spec.baseline();
        dryRun = spec.dryRun();
        rules = spec.rules();
    }

    /** Begins with all that another one says. */
    public static SpecBuilder of(Spec spec) {
        return new SpecBuilder(spec);
    }

    public SpecBuilder provider(String other) {
        provider = other;
        return this;
    }

    public SpecBuilder target(Target other) {
        target = other;
        return this;
    }

    public SpecBuilder service(String other) {
        service = other;
        return this;
    }

    public SpecBuilder progressDeadline(Duration other) {
        progressDeadline = other;
        return this;
    }

    public SpecBuilder skipAnalysis(boolean other) {
        skipAnalysis = other;
        return this;
    }

    public SpecBuilder suspend(boolean other) {
        suspend = other;
        return this;
    }

    public SpecBuilder restoresOnDeletion(boolean other) {
        restoresOnDeletion = other;
        return this;
    }

    public SpecBuilder interval(Duration other) {
        interval = other;
        return this;
    }

    public SpecBuilder delay(@Nullable Duration other) {
        delay = other;
        return this;
    }

    public SpecBuilder threshold(int other) {
        threshold = other;
        return this;
    }

    public SpecBuilder strategy(Strategy other) {
        strategy = other;
        return this;
    }

    public SpecBuilder checks(List<Check> other) {
        checks = other;
        return this;
    }

    public SpecBuilder hooks(List<Hook> other) {
        hooks = other;
        return this;
    }

    public SpecBuilder score(@Nullable ScoreRule other) {
        score = other;
        return this;
    }

    public SpecBuilder baseline(boolean other) {
        baseline = other;
        return this;
    }

    public SpecBuilder dryRun(boolean other) {
        dryRun = other;
        return this;
    }

    public SpecBuilder rules(@Nullable RunRules other) {
        rules = other;
        return this;
    }

    public Spec build() {
        return new Spec(
                provider,
                target,
                service,
                progressDeadline,
                skipAnalysis,
                suspend,
                restoresOnDeletion,
                interval,
                delay,
                threshold,
                strategy,
                checks,
                hooks,
                score,
                baseline,
                dryRun,
                rules);
    }
}
