package dev.serinus.analysis.stream;

import dev.serinus.schemas.events.CanaryGone;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MeasurementOutcome;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.events.MetricLimits;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.MetricSpec;
import dev.serinus.schemas.events.Predecessor;
import dev.serinus.schemas.events.ReleaseGroup;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.SpecRules;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One canary's cluster as the edge services would tell of it: what is commanded is done at once and
 * answered, on the wire's own records.
 */
final class PretendCluster {

    /** A fact and the topic it is told on. */
    record Fact(TopicKind kind, SpecificRecord value) {}

    final CanaryKey canary;
    private final String uid;
    private final long intervalMillis;
    private String target = "a";
    private String primary = "";
    private boolean targetRunning = true;
    double successRate = 100;

    /** Failures of the success rate that are tolerated; below 0 for as many as there may be. */
    int failureLimit = -1;

    int threshold = 2;

    /** Canaries that are to be promoted first. */
    List<Predecessor> after = List.of();

    /** Those that it is promoted with; null for none. */
    @Nullable ReleaseGroup group;

    PretendCluster(CanaryKey canary, long intervalMillis) {
        this.canary = canary;
        this.uid = "uid-of-" + canary.name();
        this.intervalMillis = intervalMillis;
    }

    /** The Canary is created; its target runs. */
    List<Fact> created() {
        return List.of(
                change(
                        CanaryObserved.newBuilder()
                                .setGeneration(1)
                                .setSpec(spec())
                                .setDeleting(false)
                                .build()),
                seen(Role.TARGET));
    }

    /** Somebody annotates it to be promoted without analysis. */
    List<Fact> annotated() {
        return List.of(
                change(
                        CanaryObserved.newBuilder()
                                .setGeneration(1)
                                .setSpec(spec())
                                .setDeleting(false)
                                .setSkipAnalysisOnce(true)
                                .build()));
    }

    /** Somebody releases a new version. */
    List<Fact> released(String revision) {
        target = revision;
        return List.of(seen(Role.TARGET));
    }

    /** The object is gone. */
    List<Fact> gone() {
        return List.of(change(CanaryGone.newBuilder().setGeneration(1).build()));
    }

    /** What the edge services answer to a command, and what the watcher sees of it. */
    List<Fact> answer(SpecificRecord command) {
        return switch (command) {
            case RouterCommand route -> routed(route);
            case MetricQuery query ->
                    List.of(
                            new Fact(
                                    TopicKind.METRIC_RESULTS,
                                    MetricResult.newBuilder()
                                            .setCanary(canary.toString())
                                            .setStep(query.getStep())
                                            .setGeneration(query.getGeneration())
                                            .setMeasurements(List.of(measured()))
                                            .setAnsweredAt(Bench.START)
                                            .build()));
            default -> List.of();
        };
    }

    private List<Fact> routed(RouterCommand route) {
        List<Fact> facts = new ArrayList<>();
        switch (route.getAction()) {
            case INITIALIZE, PROMOTE -> {
                primary = target;
                facts.add(seen(Role.PRIMARY));
            }
            case SCALE, TAKE_OVER -> {
                targetRunning = route.getTargetRunning();
                facts.add(seen(Role.TARGET));
            }
            case SHIFT, RESTORE -> {}
        }
        facts.addFirst(
                new Fact(
                        TopicKind.ROUTER_RESULTS,
                        RouterResult.newBuilder()
                                .setCanary(canary.toString())
                                .setStep(route.getStep())
                                .setGeneration(route.getGeneration())
                                .setAction(route.getAction())
                                .setOutcome(RouterOutcome.DONE)
                                .setBecause("")
                                .setCanaryWeight(route.getCanaryWeight())
                                .setMirrored(route.getMirrored())
                                .setWrites(1)
                                .setRevision(primary)
                                .build()));
        return facts;
    }

    private Measurement measured() {
        return Measurement.newBuilder()
                .setIndex(0)
                .setMetric("request-success-rate")
                .setKind(MetricKind.BUILTIN)
                .setOutcome(MeasurementOutcome.VALUE)
                .setValue(successRate)
                .build();
    }

    private Fact seen(Role role) {
        boolean runs = role == Role.PRIMARY || targetRunning;
        return change(
                WorkloadObserved.newBuilder()
                        .setRole(role)
                        .setExists(true)
                        .setRevision(role == Role.PRIMARY ? primary : target)
                        .setDesired(runs ? 2 : 0)
                        .setUpdated(runs ? 2 : 0)
                        .setAvailable(runs ? 2 : 0)
                        .setReady(true)
                        .setStuck(false)
                        .setBecause("")
                        .setRelease(role == Role.TARGET ? "podinfo:" + target : "")
                        .build());
    }

    private Fact change(SpecificRecord body) {
        return new Fact(
                TopicKind.CHANGES,
                Change.newBuilder()
                        .setCanary(canary.toString())
                        .setUid(uid)
                        .setObservedAt(Instant.EPOCH)
                        .setBody(body)
                        .build());
    }

    private RolloutSpec spec() {
        return RolloutSpec.newBuilder()
                .setProvider("istio")
                .setTargetApiVersion("apps/v1")
                .setTargetKind("Deployment")
                .setTargetName(canary.name())
                .setService(canary.name())
                .setSkipAnalysis(false)
                .setSuspend(false)
                .setIntervalMillis(intervalMillis)
                .setThreshold(threshold)
                .setIterations(0)
                .setMaxWeight(60)
                .setStepWeight(30)
                .setStepWeights(List.of())
                .setStepWeightPromotion(0)
                .setMirror(false)
                .setMatched(false)
                .setMetrics(
                        List.of(
                                MetricSpec.newBuilder()
                                        .setName("request-success-rate")
                                        .setRange(true)
                                        .setMin(99.0)
                                        .setLimits(
                                                failureLimit < 0
                                                        ? null
                                                        : new MetricLimits(
                                                                failureLimit, null, null))
                                        .build()))
                .setWebhooks(List.of())
                .setRules(
                        after.isEmpty() && group == null
                                ? null
                                : SpecRules.newBuilder().setAfter(after).setGroup(group).build())
                .build();
    }
}
