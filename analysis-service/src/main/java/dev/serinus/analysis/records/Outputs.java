package dev.serinus.analysis.records;

import dev.serinus.analysis.rollout.Answer;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.RolloutEvent.Held;
import dev.serinus.analysis.rollout.RolloutEvent.Problem;
import dev.serinus.analysis.rollout.StepId;
import dev.serinus.analysis.rollout.judge.ComparisonEvidence;
import dev.serinus.analysis.rollout.judge.ComparisonSummary;
import dev.serinus.analysis.rollout.judge.JudgementSummary;
import dev.serinus.analysis.rollout.judge.MetricCounts;
import dev.serinus.analysis.rollout.judge.Sample;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.ActionAnswer;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.Announcement;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.ClusterEvent;
import dev.serinus.schemas.events.ComparedMetric;
import dev.serinus.schemas.events.ComparisonStatus;
import dev.serinus.schemas.events.EventNotice;
import dev.serinus.schemas.events.EventText;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.HeldFailure;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.JudgedMetric;
import dev.serinus.schemas.events.JudgementStatus;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.MetricSample;
import dev.serinus.schemas.events.PausedBy;
import dev.serinus.schemas.events.QueryPurpose;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutFacts;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.events.StatusUpdate;
import dev.serinus.schemas.events.Verdict;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;
import dev.serinus.schemas.wire.TestReports;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The machine's effects as Avro commands and facts, and the topic each belongs to. */
public final class Outputs {

    private Outputs() {}

    /** Where an effect goes. */
    public static TopicKind topic(Effect effect) {
        return switch (effect) {
            case Effect.Route _ -> TopicKind.ROUTER_COMMANDS;
            case Effect.AskMetrics _ -> TopicKind.METRIC_QUERIES;
            case Effect.CallHook _ -> TopicKind.WEBHOOK_CALLS;
            case Effect.Chat _, Effect.Notice _ -> TopicKind.ALERTS;
            case Effect.Announce _ -> TopicKind.ANNOUNCEMENTS;
            case Effect.AskPermit _,
                    Effect.ReturnPermit _,
                    Effect.TellStanding _,
                    Effect.JoinGroup _,
                    Effect.LeaveGroup _ ->
                    TopicKind.PERMITS;
            case Effect.Happened _ -> TopicKind.ROLLOUT_EVENTS;
        };
    }

    /**
     * The records that the effects of a decision are, in order.
     *
     * @param at when it was taken
     */
    public static List<SpecificRecord> records(
            String uid, Rollout before, Rollout after, Instant at, List<Effect> effects) {
        CanaryKey canary = after.canary();
        var subject = new AlertSubject(before, after, at, effects);
        List<SpecificRecord> records = new ArrayList<>();
        for (int place = 0; place < effects.size(); place++) {
            Effect effect = effects.get(place);
            records.add(
                    effect instanceof Effect.Chat chat
                            ? chat(canary.toString(), uid, chat, subject.facts(place))
                            : effect instanceof Effect.Happened happened
                                    ? happened(
                                            canary.toString(),
                                            uid,
                                            happened,
                                            after.waitingOn().word())
                                    : record(canary, uid, effect));
        }
        return records;
    }

    /** The record an effect is by itself; {@code uid} is that of the Canary object. */
    public static SpecificRecord record(CanaryKey canary, String uid, Effect effect) {
        String key = canary.toString();
        return switch (effect) {
            case Effect.Route route -> route(key, route);
            case Effect.AskMetrics ask ->
                    MetricQuery.newBuilder()
                            .setCanary(key)
                            .setStep(step(ask.step()))
                            .setGeneration(ask.generation())
                            .setPurpose(
                                    ask.availabilityOnly()
                                            ? QueryPurpose.AVAILABILITY
                                            : QueryPurpose.ANALYSIS)
                            .setWindowStart(ask.windowStart())
                            .setComparedWith(ask.comparedWith())
                            .build();
            case Effect.CallHook call -> call(key, call);
            case Effect.Chat chat -> chat(key, uid, chat, null);
            case Effect.Notice notice -> notice(key, uid, notice);
            case Effect.Announce announce ->
                    Announcement.newBuilder()
                            .setCanary(key)
                            .setUid(uid)
                            .setSequence(announce.sequence())
                            .setAt(announce.at())
                            .setStatus(status(announce.status()))
                            .setEvent(clusterEvent(announce.told()))
                            .build();
            case Effect.AskPermit ask -> PermitRecords.asked(canary, ask);
            case Effect.ReturnPermit back -> PermitRecords.returned(canary, back);
            case Effect.TellStanding told -> PermitRecords.standing(canary, told);
            case Effect.JoinGroup join -> PermitRecords.joined(canary, join);
            case Effect.LeaveGroup leave -> PermitRecords.left(canary, leave);
            case Effect.Happened happened -> happened(key, uid, happened, "");
        };
    }

    private static RouterCommand route(String key, Effect.Route route) {
        return RouterCommand.newBuilder()
                .setCanary(key)
                .setStep(step(route.step()))
                .setGeneration(route.generation())
                .setAction(RouterAction.valueOf(route.action().name()))
                .setCanaryWeight(route.split().canaryWeight().wholePercent())
                .setCanaryBasisPoints(route.split().canaryWeight().basisPoints())
                .setBaselineBasisPoints(baseline(route))
                .setMirrored(route.split().mirrored())
                .setMirrorBasisPoints(basisPoints(route.split().copies()))
                .setMatched(route.split().matched())
                .setTargetRunning(route.targetRunning())
                .setPodShareBasisPoints(
                        route.pods() == null ? null : basisPoints(route.pods().share()))
                .setPodsFirst(route.pods() != null && route.pods().first())
                .setRevision(route.revision())
                .setConfigs(route.configs())
                .setTakeOff(route.takeOff() == null ? List.of() : route.takeOff())
                .setDespiteDryRun(route.despiteDryRun())
                .build();
    }

    private static @Nullable Integer baseline(Effect.Route route) {
        if (!route.baselineRunning()) {
            return null;
        }
        var share = route.split().baseline();
        return share == null ? 0 : share.basisPoints();
    }

    private static @Nullable Integer basisPoints(@Nullable Weight share) {
        return share == null ? null : share.basisPoints();
    }

    private static WebhookCall call(String key, Effect.CallHook call) {
        Effect.Told told = call.told();
        return WebhookCall.newBuilder()
                .setCanary(key)
                .setStep(step(call.step()))
                .setGeneration(call.generation())
                .setHook(call.hook())
                .setName(call.name())
                .setType(HookType.valueOf(call.type().name()))
                .setPhase(call.phase().text())
                .setChecksum(call.checksum())
                .setEvent(
                        told == null
                                ? null
                                : new EventText(
                                        told.message(), type(told), told.at().toEpochMilli()))
                .setRollout(facts(call.facts()))
                .build();
    }

    private static RolloutFacts facts(Effect.HookFacts facts) {
        return RolloutFacts.newBuilder()
                .setRevision(facts.revision())
                .setCanaryBasisPoints(facts.canaryWeight().basisPoints())
                .setPrimaryBasisPoints(facts.primaryWeight().basisPoints())
                .setIteration(facts.iteration())
                .setImages(facts.images())
                .setDryRun(facts.dryRun())
                .build();
    }

    private static Alert chat(
            String key, String uid, Effect.Chat chat, @Nullable AlertFacts facts) {
        return Alert.newBuilder()
                .setCanary(key)
                .setUid(uid)
                .setGeneration(chat.generation())
                .setSequence(chat.sequence())
                .setBody(
                        ChatAlert.newBuilder()
                                .setSeverity(Severity.valueOf(chat.severity().name()))
                                .setMessage(chat.message())
                                .setFields(
                                        chat.fields().stream()
                                                .map(at -> new AlertField(at.name(), at.value()))
                                                .toList())
                                .setFacts(facts)
                                .build())
                .build();
    }

    private static Alert notice(String key, String uid, Effect.Notice notice) {
        return Alert.newBuilder()
                .setCanary(key)
                .setUid(uid)
                .setGeneration(notice.generation())
                .setSequence(notice.sequence())
                .setBody(
                        EventNotice.newBuilder()
                                .setMessage(notice.told().message())
                                .setType(type(notice.told()))
                                .setPhase(notice.phase().text())
                                .setChecksum(notice.checksum())
                                .setTimestamp(notice.told().at().toEpochMilli())
                                .setRun(notice.run())
                                .setRollout(facts(notice.facts()))
                                .build())
                .build();
    }

    private static RolloutEvent happened(
            String key, String uid, Effect.Happened happened, String waitingOn) {
        return RolloutEvent.newBuilder()
                .setCanary(key)
                .setUid(uid)
                .setRun(happened.run())
                .setSequence(happened.sequence())
                .setType(happened.type())
                .setPhase(happened.phase().text())
                .setRevision(happened.revision())
                .setStep(happened.step())
                .setCanaryWeight(happened.canaryWeight().wholePercent())
                .setCanaryBasisPoints(happened.canaryWeight().basisPoints())
                .setBaselineBasisPoints(basisPoints(happened.baselineWeight()))
                .setFailedChecks(happened.failedChecks())
                .setMessage(happened.message())
                .setEvidence(happened.evidence().stream().map(Outputs::evidence).toList())
                .setWaitingOn(waitingOn)
                .setActor(happened.actor())
                .setAction(happened.answer() == null ? null : answer(happened.answer()))
                .setDryRun(happened.tried())
                .setAt(happened.at())
                .build();
    }

    private static ActionAnswer answer(Answer answer) {
        return ActionAnswer.newBuilder()
                .setId(answer.id())
                .setAction(answer.action().word())
                .setOutcome(answer.outcome().word())
                .setReason(answer.reason())
                .setPossible(PublicState.words(answer.possible()))
                .build();
    }

    private static Evidence evidence(dev.serinus.analysis.rollout.judge.Evidence evidence) {
        return Evidence.newBuilder()
                .setCheck(evidence.check())
                .setValue(evidence.value())
                .setMin(evidence.min())
                .setMax(evidence.max())
                .setVerdict(Verdict.valueOf(evidence.verdict().name()))
                .setBecause(evidence.because())
                .setComparison(
                        evidence.comparison() == null ? null : comparison(evidence.comparison()))
                .setCounts(evidence.counts() == null ? null : counts(evidence.counts()))
                .setReport(TestReports.written(evidence.report()))
                .build();
    }

    private static dev.serinus.schemas.events.MetricCounts counts(MetricCounts counted) {
        return dev.serinus.schemas.events.MetricCounts.newBuilder()
                .setName(counted.name())
                .setFailed(counted.failed())
                .setFailureLimit(counted.limits().failures())
                .setFailedInARow(counted.failedInARow())
                .setConsecutiveFailures(counted.limits().consecutiveFailures())
                .setInconclusive(counted.inconclusive())
                .setInconclusiveLimit(counted.limits().inconclusive())
                .setPassedInARow(counted.passedInARow())
                .setUndecidedSince(counted.undecidedSince())
                .build();
    }

    private static dev.serinus.schemas.events.ComparisonEvidence comparison(
            ComparisonEvidence found) {
        return dev.serinus.schemas.events.ComparisonEvidence.newBuilder()
                .setWith(found.with())
                .setJudge(found.judge())
                .setClassification(found.classification().name())
                .setFrom(found.from())
                .setTo(found.to())
                .setCanarySize(found.canarySize())
                .setOtherSize(found.otherSize())
                .setCanaryMean(found.canaryMean())
                .setOtherMean(found.otherMean())
                .setEffect(found.effect())
                .setLower(found.lower())
                .setUpper(found.upper())
                .setP(found.p())
                .setBecause(found.because())
                .setDigest(found.digest())
                .setCanarySamples(samples(found.sides().canary()))
                .setOtherSamples(samples(found.sides().other()))
                .setCanaryRequests(samples(found.sides().canaryRequests()))
                .setOtherRequests(samples(found.sides().otherRequests()))
                .build();
    }

    private static List<MetricSample> samples(List<Sample> samples) {
        return samples.stream().map(it -> new MetricSample(it.time(), it.value())).toList();
    }

    private static @Nullable ComparisonStatus compared(@Nullable ComparisonSummary summary) {
        return summary == null
                ? null
                : ComparisonStatus.newBuilder()
                        .setFrom(summary.from())
                        .setAt(summary.at())
                        .setVerdict(summary.verdict().name())
                        .setScore(summary.score())
                        .setMetrics(summary.metrics().stream().map(Outputs::compared).toList())
                        .build();
    }

    private static @Nullable JudgementStatus judged(@Nullable JudgementSummary summary) {
        return summary == null
                ? null
                : JudgementStatus.newBuilder()
                        .setAt(summary.at())
                        .setVerdict(summary.verdict().name())
                        .setMetrics(
                                summary.metrics().stream()
                                        .map(
                                                one ->
                                                        JudgedMetric.newBuilder()
                                                                .setName(one.name())
                                                                .setValue(one.value())
                                                                .setMin(one.min())
                                                                .setMax(one.max())
                                                                .setVerdict(one.verdict().name())
                                                                .setBecause(one.because())
                                                                .build())
                                        .toList())
                        .build();
    }

    private static ComparedMetric compared(ComparisonSummary.Metric metric) {
        return ComparedMetric.newBuilder()
                .setName(metric.name())
                .setClassification(metric.classification().name())
                .setCanarySize(metric.canarySize())
                .setPrimarySize(metric.otherSize())
                .setEffect(metric.effect())
                .setP(metric.p())
                .setDigest(metric.digest())
                .build();
    }

    private static @Nullable StatusUpdate status(Effect.@Nullable Status status) {
        return status == null
                ? null
                : StatusUpdate.newBuilder()
                        .setPhase(status.phase().text())
                        .setCanaryWeight(status.canaryWeight().wholePercent())
                        .setCanaryBasisPoints(status.canaryWeight().basisPoints())
                        .setBaselineBasisPoints(basisPoints(status.baselineWeight()))
                        .setMirrorBasisPoints(basisPoints(status.mirrorWeight()))
                        .setDryRun(status.tried())
                        .setFailedChecks(status.failedChecks())
                        .setIterations(status.iterations())
                        .setLastAppliedSpec(status.lastAppliedSpec())
                        .setLastPromotedSpec(status.lastPromotedSpec())
                        .setTrackedConfigs(status.trackedConfigs())
                        .setPromoted(status.promoted())
                        .setMessage(status.message())
                        .setProblems(status.problems().stream().map(Outputs::problem).toList())
                        .setRun(status.run())
                        .setStep(status.step())
                        .setRevision(status.revision())
                        .setWaitingFor(status.waitingFor())
                        .setStalled(status.stalled())
                        .setObservedGeneration(status.observedGeneration())
                        .setSeenGeneration(status.seenGeneration())
                        .setHeld(held(status.held()))
                        .setPaused(paused(status.paused()))
                        .setSessionAffinityCookie(status.cookies().session())
                        .setPreviousSessionAffinityCookie(status.cookies().previous())
                        .setPrimarySessionAffinityCookie(status.cookies().primary())
                        .setComparison(compared(status.compared()))
                        .setJudgement(judged(status.judged()))
                        .setHints(status.hints())
                        .setCounts(
                                status.counted() == null
                                        ? List.of()
                                        : status.counted().metrics().stream()
                                                .map(Outputs::counts)
                                                .toList())
                        .build();
    }

    private static @Nullable HeldFailure held(@Nullable Held held) {
        if (held == null) {
            return null;
        }
        var gate = held.gate();
        return HeldFailure.newBuilder()
                .setBecause(held.because())
                .setGate(gate == null ? null : gate.point().name())
                .setWebhook(gate == null ? null : gate.hook())
                .build();
    }

    private static @Nullable PausedBy paused(
            dev.serinus.analysis.rollout.RolloutEvent.@Nullable PausedBy paused) {
        return paused == null ? null : new PausedBy(paused.actor(), paused.reason());
    }

    private static @Nullable ClusterEvent clusterEvent(Effect.@Nullable Told told) {
        return told == null ? null : new ClusterEvent(type(told), told.message());
    }

    private static String type(Effect.Told told) {
        return told.warning() ? "Warning" : "Normal";
    }

    private static dev.serinus.schemas.events.Problem problem(Problem problem) {
        return new dev.serinus.schemas.events.Problem(problem.path(), problem.message());
    }

    private static dev.serinus.schemas.events.StepId step(StepId step) {
        return new dev.serinus.schemas.events.StepId(
                step.uid(), step.run(), step.step(), step.attempt());
    }
}
