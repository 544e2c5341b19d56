package dev.serinus.bench.load;

import dev.serinus.schemas.events.HookSpec;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.MetricSpec;
import dev.serinus.schemas.events.RolloutSpec;

import java.time.Duration;
import java.util.List;

/** What every played rollout looks like. */
public final class RolloutShape {

    /** The shape in words, for whoever reads figures per rollout. */
    public static final String WORDS =
            "weights 25, 50, 75, promotion and drain; two metrics at each weight; one pre-rollout"
                    + " webhook";

    /**
     * Intervals that a rollout takes: one at each of three weights, and one to drain the canary.
     */
    public static final int INTERVALS = 4;

    private RolloutShape() {}

    static RolloutSpec spec(String name, Duration interval) {
        return RolloutSpec.newBuilder()
                .setProvider("istio")
                .setTargetApiVersion("apps/v1")
                .setTargetKind("Deployment")
                .setTargetName(name)
                .setService(name)
                .setSkipAnalysis(false)
                .setSuspend(false)
                .setIntervalMillis(interval.toMillis())
                .setThreshold(2)
                .setIterations(0)
                .setMaxWeight(75)
                .setStepWeight(25)
                .setStepWeights(List.of())
                .setStepWeightPromotion(0)
                .setMirror(false)
                .setMatched(false)
                .setMetrics(
                        List.of(
                                metric("request-success-rate").setMin(99.0).build(),
                                metric("request-duration").setMax(500.0).build()))
                .setWebhooks(
                        List.of(
                                HookSpec.newBuilder()
                                        .setName("smoke-test")
                                        .setType(HookType.PRE_ROLLOUT)
                                        .setTimeoutMillis(10_000)
                                        .setRetries(0)
                                        .setMuteAlert(false)
                                        .build()))
                .build();
    }

    private static MetricSpec.Builder metric(String name) {
        return MetricSpec.newBuilder().setName(name).setRange(true);
    }
}
