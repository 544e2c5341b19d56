package dev.serinus.analysis.records;

import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.RolloutEvent;
import dev.serinus.analysis.rollout.Situation;
import dev.serinus.analysis.rollout.judge.Evidence;
import dev.serinus.analysis.rollout.judge.Verdict;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.events.AlertEvidence;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertSituation;
import dev.serinus.schemas.wire.TestReports;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the alerts of one decision are about: known from what happened beside them, so that the
 * machine need not say it twice. One decision may end a run and begin the next.
 */
record AlertSubject(Rollout before, Rollout after, Instant at, List<Effect> effects) {

    private static final Set<String> FAILURES =
            Set.of("RollingBack", "PromotionFailed", "InitializationFailed");

    private static final Set<String> ENDS = Set.of("succeeded", "withdrawn", "failed");

    /** In which the values of built-in metrics are. */
    private static final Map<String, String> UNITS =
            Map.of("request-success-rate", "%", "request-duration", "ms");

    /** Of the alert at this place among the effects. */
    AlertFacts facts(int place) {
        if (!(effects.get(place) instanceof Effect.Chat chat)) {
            throw new IllegalStateException("there is no alert at effect " + place);
        }
        // With its plan an alert tells of a run that begins, and what began it may follow.
        boolean begins = !chat.fields().isEmpty();
        String status = status(place, chat);
        Rollout rollout = begins ? after : before;
        Optional<Effect.Happened> beside =
                happened(0, place)
                        .reduce((_, later) -> later)
                        .or(
                                () ->
                                        happened(place, effects.size())
                                                .filter(it -> begins || isOf(it, rollout))
                                                .findFirst());
        return AlertFacts.newBuilder()
                .setStatus(status)
                .setRun(beside.map(Effect.Happened::run).orElse(rollout.run().number()))
                .setPhase(beside.map(Effect.Happened::phase).orElse(rollout.shown()).text())
                .setRevision(beside.map(Effect.Happened::revision).orElse(rollout.run().revision()))
                .setCanaryBasisPoints(
                        beside.map(Effect.Happened::canaryWeight)
                                .orElse(rollout.traffic().canaryWeight())
                                .basisPoints())
                .setFailedChecks(
                        beside.map(Effect.Happened::failedChecks)
                                .orElse(rollout.traffic().failedChecks()))
                .setIteration(rollout.traffic().iterations())
                .setActor(beside.map(Effect.Happened::actor).orElse("serinus"))
                .setAt(at)
                .setDryRun(after.manifest().tried() != null)
                .setEvidence(
                        happened(0, effects.size())
                                .filter(it -> !it.evidence().isEmpty())
                                .filter(_ -> !begins)
                                .findFirst()
                                .map(it -> evidence(it.evidence()))
                                .orElse(List.of()))
                .setSituation(says(chat, status) ? situation() : null)
                .build();
    }

    /** What begins, and what only goes on as it should, has no situation; nor has what is tried. */
    private boolean says(Effect.Chat chat, String status) {
        return chat.fields().isEmpty()
                && after.manifest().tried() == null
                && (chat.severity() != Severity.INFO || ENDS.contains(status));
    }

    private AlertSituation situation() {
        var seen = Situation.of(before, after);
        var baseline = seen.split().baseline();
        var gate = seen.gate();
        var then = gate == null ? null : gate.then();
        return AlertSituation.newBuilder()
                .setTraffic(seen.traffic().word())
                .setConfirmed(seen.confirmed())
                .setGoesTo(seen.goesTo() == null ? "" : seen.goesTo().word())
                .setCanaryBasisPoints(seen.split().canaryWeight().basisPoints())
                .setBaselineBasisPoints(baseline == null ? 0 : baseline.basisPoints())
                .setMirrored(seen.split().mirrored())
                .setMatched(seen.split().matched())
                .setPrimaryServes(seen.primaryServes())
                .setPrimaryReady(seen.primaryReady())
                .setPrimaryRevision(seen.primaryRevision())
                .setImages(before.images())
                .setStartedAt(before.run().startedAt())
                .setHeldUntil(seen.heldUntil())
                .setClosedGate(gate == null ? "" : gate.webhook())
                .setClosedUntil(gate == null ? null : gate.until())
                .setClosedThen(then == null ? "" : then.name().toLowerCase(Locale.ROOT))
                .setPossible(seen.possible().stream().map(RolloutEvent.Action::word).toList())
                .build();
    }

    private static boolean isOf(Effect.Happened happened, Rollout rollout) {
        return happened.run() == rollout.run().number();
    }

    private String status(int place, Effect.Chat chat) {
        if (!chat.fields().isEmpty()) {
            return hasHappened(Set.of("Initialized")) ? "initialized" : "started";
        }
        if (chat.severity() == Severity.INFO && hasHappened(Set.of("Withdrawn"))) {
            return "withdrawn";
        }
        if (chat.severity() == Severity.INFO) {
            return before.phase() != Phase.SUCCEEDED && after.phase() != Phase.SUCCEEDED
                    ? "progressing"
                    : before.run().withdrawn() ? "withdrawn" : "succeeded";
        }
        if (happened(place, effects.size()).anyMatch(it -> FAILURES.contains(it.type()))) {
            return "failed";
        }
        if (hasHappened(Set.of("HeldAfterFailure"))) {
            return "held";
        }
        return hasHappened(Set.of("GateClosed")) ? "waiting" : "progressing";
    }

    private boolean hasHappened(Set<String> types) {
        return happened(0, effects.size()).anyMatch(it -> types.contains(it.type()));
    }

    private Stream<Effect.Happened> happened(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(effects::get)
                .filter(Effect.Happened.class::isInstance)
                .map(Effect.Happened.class::cast);
    }

    private static List<AlertEvidence> evidence(List<Evidence> all) {
        return all.stream().map(one -> of(one, unit(one, all))).toList();
    }

    /**
     * Built-in metrics have units. An entry of their name that has a query of its own as well is
     * there twice, and which is which is not said.
     */
    private static String unit(Evidence one, List<Evidence> all) {
        boolean twice = all.stream().filter(it -> it.check().equals(one.check())).count() > 1;
        return one.value() == null || twice ? "" : UNITS.getOrDefault(one.check(), "");
    }

    private static AlertEvidence of(Evidence evidence, String unit) {
        return AlertEvidence.newBuilder()
                .setCheck(evidence.check())
                .setValue(evidence.value())
                .setMin(evidence.min())
                .setMax(evidence.max())
                .setFailed(evidence.verdict() == Verdict.FAIL)
                .setBecause(evidence.because())
                .setReport(TestReports.written(evidence.report()))
                .setUnit(unit)
                .build();
    }
}
