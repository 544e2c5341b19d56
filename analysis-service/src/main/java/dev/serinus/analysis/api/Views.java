package dev.serinus.analysis.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.ActionAnswer;
import dev.serinus.schemas.events.ComparisonEvidence;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.MetricCounts;
import dev.serinus.schemas.events.MetricSample;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.TakenBack;
import dev.serinus.schemas.events.TestReport;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the read API answers: the public records with their names, as JSON. */
final class Views {

    private Views() {}

    private static @Nullable Weight share(@Nullable Integer basisPoints) {
        return basisPoints == null ? null : new Weight(basisPoints);
    }

    /**
     * Many rollouts.
     *
     * @param unknownLabels who is left out since its labels, by which it is chosen, are not known
     * @param more how to ask for those that follow; null where these are the last
     */
    record FleetView(
            int count,
            List<RolloutView> rollouts,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unknownLabels,
            @JsonProperty("continue") @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable String more) {}

    /**
     * One rollout and what happened to it, the oldest event first.
     *
     * @param allowedActions what the rules let the caller ask of it, whether it makes sense now or
     *     not
     * @param spent on what the run has spent its time; null where that is not known
     */
    record DetailView(
            RolloutView rollout,
            List<EventView> history,
            List<String> allowedActions,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable SpentTime spent) {}

    /**
     * What happened to many, the latest first.
     *
     * @param more how to ask for those that follow; null where these are the last
     */
    record EventsView(
            int count,
            List<EventLine> events,
            @JsonProperty("continue") @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable String more) {}

    /** An event and whom it is about. */
    record EventLine(
            String cluster, String namespace, String name, @JsonUnwrapped EventView event) {

        static EventLine of(CanaryKey canary, RolloutEvent event) {
            return new EventLine(
                    canary.cluster(), canary.namespace(), canary.name(), EventView.of(event));
        }
    }

    /** A rollout that is not there any more. */
    record GoneView(String cluster, String namespace, String name) {}

    /** What went wrong, in a sentence. */
    record Problem(String error) {}

    /**
     * What happened to one, the latest first.
     *
     * @param more how to look further back; null where there is nothing further back
     */
    record PastView(
            int count,
            List<EventView> events,
            @JsonProperty("continue") @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable String more) {}

    /** One rollout; the fields are those of topic serinus.rollouts. */
    record RolloutView(
            String cluster,
            String namespace,
            String name,
            String uid,
            long run,
            String phase,
            String revision,
            String promotedRevision,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> images,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> primaryImages,
            Weight canaryWeight,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Weight wantedWeight,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Weight baselineWeight,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Weight mirrorWeight,
            int iterations,
            int failedChecks,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TakenBackView takenBack,
            long step,
            long sequence,
            String waitingFor,
            String waitingOn,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Instant deadline,
            String provider,
            boolean held,
            List<String> possibleActions,
            Attention attention,
            boolean dryRun,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> labels,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> hints,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Instant startedAt,
            Instant updatedAt) {

        static RolloutView of(CanaryKey canary, RolloutState state) {
            return new RolloutView(
                    canary.cluster(),
                    canary.namespace(),
                    canary.name(),
                    state.getUid(),
                    state.getRun(),
                    state.getPhase(),
                    state.getRevision(),
                    state.getPromotedRevision(),
                    state.getImages(),
                    state.getPrimaryImages(),
                    Weight.recorded(state.getCanaryWeight(), state.getCanaryBasisPoints()),
                    share(state.getWantedBasisPoints()),
                    share(state.getBaselineBasisPoints()),
                    share(state.getMirrorBasisPoints()),
                    state.getIterations(),
                    state.getFailedChecks(),
                    state.getTakenBack() == null ? null : TakenBackView.of(state.getTakenBack()),
                    state.getStep(),
                    state.getSequence(),
                    state.getWaitingFor(),
                    state.getWaitingOn(),
                    state.getDeadline(),
                    state.getProvider(),
                    state.getHeld(),
                    state.getPossibleActions(),
                    Attention.of(state),
                    state.getDryRun(),
                    state.getLabels(),
                    state.getHints(),
                    state.getStartedAt(),
                    state.getUpdatedAt());
        }
    }

    /** Why a run was taken back; the fields are those of topic serinus.rollouts. */
    record TakenBackView(Instant at, String because, String actor, int failedChecks) {

        static TakenBackView of(TakenBack told) {
            return new TakenBackView(
                    told.getAt(), told.getBecause(), told.getActor(), told.getFailedChecks());
        }
    }

    /** One event; the fields are those of topic serinus.rollout-events. */
    record EventView(
            long run,
            long sequence,
            String type,
            String phase,
            String revision,
            long step,
            Weight canaryWeight,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Weight baselineWeight,
            int failedChecks,
            String message,
            boolean dryRun,
            List<EvidenceView> evidence,
            String waitingOn,
            String actor,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable AnsweredView action,
            Instant at) {

        static EventView of(RolloutEvent event) {
            return new EventView(
                    event.getRun(),
                    event.getSequence(),
                    event.getType(),
                    event.getPhase(),
                    event.getRevision(),
                    event.getStep(),
                    Weight.recorded(event.getCanaryWeight(), event.getCanaryBasisPoints()),
                    share(event.getBaselineBasisPoints()),
                    event.getFailedChecks(),
                    event.getMessage(),
                    event.getDryRun(),
                    event.getEvidence().stream().map(EvidenceView::of).toList(),
                    event.getWaitingOn(),
                    event.getActor(),
                    AnsweredView.of(event.getAction()),
                    event.getAt());
        }
    }

    /** The action that an event answers. */
    record AnsweredView(
            String id, String action, String outcome, String reason, List<String> possible) {

        static @Nullable AnsweredView of(@Nullable ActionAnswer answer) {
            return answer == null
                    ? null
                    : new AnsweredView(
                            answer.getId(),
                            answer.getAction(),
                            answer.getOutcome(),
                            answer.getReason(),
                            answer.getPossible());
        }
    }

    /** An action that was decided upon, and the rollout after it. */
    record ActionView(
            String id,
            String action,
            String outcome,
            String message,
            String actor,
            String reason,
            long run,
            long sequence,
            Instant at,
            RolloutView rollout) {}

    /** An action that is not decided upon yet. */
    record UnderwayView(String id, String action, String outcome, String message) {}

    /** What would become of an action. */
    record DryRunView(String action, String outcome, String message, RolloutView rollout) {}

    /**
     * What became of an action that many were asked for, in their order.
     *
     * @param unknownLabels who was not asked, since its labels, by which it is chosen, are not
     *     known
     */
    record BulkView(
            int count,
            List<BulkLine> results,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unknownLabels) {}

    /** Of one of them; the status is what it would have been answered with alone. */
    record BulkLine(String rollout, int status, String outcome, String message) {}

    /** One check, what was found, and within which bounds it had to be. */
    record EvidenceView(
            String check,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double value,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double min,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double max,
            String verdict,
            String because,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ComparisonView comparison,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable CountsView counts,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ReportView report) {

        static EvidenceView of(Evidence evidence) {
            return new EvidenceView(
                    evidence.getCheck(),
                    evidence.getValue(),
                    evidence.getMin(),
                    evidence.getMax(),
                    evidence.getVerdict().name(),
                    because(evidence),
                    evidence.getComparison() == null
                            ? null
                            : ComparisonView.of(evidence.getComparison()),
                    evidence.getCounts() == null ? null : CountsView.of(evidence.getCounts()),
                    evidence.getReport() == null ? null : ReportView.of(evidence.getReport()));
        }

        /** A value that no number of JSON can be is told in words. */
        private static String because(Evidence evidence) {
            Double value = evidence.getValue();
            if (value == null || Double.isFinite(value)) {
                return evidence.getBecause();
            }
            String words =
                    "the value is "
                            + (value.isNaN() ? "not a number" : value > 0 ? "+Inf" : "-Inf");
            return evidence.getBecause().isEmpty() ? words : evidence.getBecause() + "; " + words;
        }
    }

    /** What a webhook said of its test; the fields are those of the public event. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReportView(
            @Nullable Integer exit,
            @Nullable Long tookMillis,
            String tool,
            @Nullable Double p50Millis,
            @Nullable Double p95Millis,
            @Nullable Double p99Millis,
            @Nullable Long requests,
            @Nullable Long errors,
            boolean earlier) {

        static ReportView of(TestReport said) {
            return new ReportView(
                    said.getExit(),
                    said.getTookMillis(),
                    said.getTool(),
                    said.getP50Millis(),
                    said.getP95Millis(),
                    said.getP99Millis(),
                    said.getRequests(),
                    said.getErrors(),
                    said.getEarlier());
        }
    }

    /** What was counted of a metric beside its limits; the fields are those of the public event. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CountsView(
            int failed,
            @Nullable Integer failureLimit,
            int failedInARow,
            @Nullable Integer consecutiveFailures,
            int inconclusive,
            @Nullable Integer inconclusiveLimit,
            int passedInARow,
            @Nullable Instant undecidedSince) {

        static CountsView of(MetricCounts counts) {
            return new CountsView(
                    counts.getFailed(),
                    counts.getFailureLimit(),
                    counts.getFailedInARow(),
                    counts.getConsecutiveFailures(),
                    counts.getInconclusive(),
                    counts.getInconclusiveLimit(),
                    counts.getPassedInARow(),
                    counts.getUndecidedSince());
        }
    }

    /** How the canary compared with another side; the fields are those of the public event. */
    record ComparisonView(
            String with,
            String judge,
            String classification,
            Instant from,
            Instant to,
            long canarySize,
            long otherSize,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double canaryMean,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double otherMean,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double effect,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double lower,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double upper,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double p,
            String because,
            String digest,
            List<SampleView> canarySamples,
            List<SampleView> otherSamples,
            List<SampleView> canaryRequests,
            List<SampleView> otherRequests) {

        static ComparisonView of(ComparisonEvidence found) {
            return new ComparisonView(
                    found.getWith(),
                    found.getJudge(),
                    found.getClassification(),
                    found.getFrom(),
                    found.getTo(),
                    found.getCanarySize(),
                    found.getOtherSize(),
                    found.getCanaryMean(),
                    found.getOtherMean(),
                    found.getEffect(),
                    found.getLower(),
                    found.getUpper(),
                    found.getP(),
                    found.getBecause(),
                    found.getDigest(),
                    SampleView.of(found.getCanarySamples()),
                    SampleView.of(found.getOtherSamples()),
                    SampleView.of(found.getCanaryRequests()),
                    SampleView.of(found.getOtherRequests()));
        }
    }

    /** One value of one moment. */
    record SampleView(Instant time, double value) {
        static List<SampleView> of(List<MetricSample> samples) {
            return samples.stream()
                    .map(one -> new SampleView(one.getTime(), one.getValue()))
                    .toList();
        }
    }
}
