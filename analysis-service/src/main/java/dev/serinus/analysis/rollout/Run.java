package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.PendingGates;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.guard.Readiness;
import dev.serinus.analysis.rollout.judge.Collected;
import dev.serinus.analysis.rollout.judge.ComparisonSummary;
import dev.serinus.analysis.rollout.judge.Counted;
import dev.serinus.analysis.rollout.judge.JudgementSummary;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One rollout: its number, what it rolls out and by which plan. Run 0 is initialisation.
 *
 * @param reached how many stops of the plan were reached
 * @param startedAt null before the first run
 * @param withdrawn it ends without a promotion, since its author took the revision back
 * @param readiness of the canary
 * @param doubt set while checks have no verdict
 * @param alert what people were told last of something that goes on; null while they were told
 *     nothing
 * @param collected what is compared, since the canary has had traffic; null while nothing is
 * @param compared what the last comparison found; null before one
 * @param counted of metrics with limits of their own; null while nothing was
 * @param approved gates that people opened and that were not passed yet; null while there are none
 * @param gateClosedSince when the gate was found closed at which it waits; null while none is
 * @param pending gates with a time-out that have not said yes; null while there are none
 * @param failure of the analysis, while people are to decide; null where they are not
 * @param returnsTo the earlier promotion that it returns to; null where it is to be analysed
 * @param judged what its last check came to; null before one
 * @param closedTold the webhooks, by name and which of that name, that people were told keep that
 *     gate closed; empty where a release before closed it, which did not keep them
 * @param takenBack why it was taken back; null where it was not, or a release before did it
 */
public record Run(
        long number,
        String revision,
        @Nullable Map<String, String> configs,
        List<Stop> stops,
        int reached,
        Weight stepWeightPromotion,
        @Nullable Instant startedAt,
        boolean withdrawn,
        Readiness readiness,
        @Nullable Doubt doubt,
        @Nullable String alert,
        @Nullable Instant gateClosedSince,
        @Nullable Collected collected,
        @Nullable ComparisonSummary compared,
        @Nullable Counted counted,
        @Nullable Approved approved,
        @Nullable PendingGates pending,
        @Nullable Failure failure,
        @Nullable Promoted returnsTo,
        @Nullable JudgementSummary judged,
        List<String> closedTold,
        @Nullable TakenBack takenBack) {

    /**
     * It ended, or ends, with all traffic back at the primary.
     *
     * @param by who asked for it; {@code serinus} where nobody did
     * @param failedChecks of the run until then
     */
    public record TakenBack(Instant at, String because, String by, int failedChecks) {}

    /**
     * The analysis failed, and is held.
     *
     * @param since when, or since when nobody pauses it any more
     * @param gate the one that stayed closed; null where something else failed
     */
    public record Failure(String because, Instant since, @Nullable WaitingGate gate) {

        Failure countedFrom(Instant other) {
            return new Failure(because, other, gate);
        }
    }

    /**
     * Gates that people opened in place of their webhooks.
     *
     * @param point which of the three gates
     * @param reached the stops that were reached then: at another one it is asked again
     * @param hooks keys of the webhooks: their names, by which people open them, and of several of
     *     one name also which
     */
    public record Approved(Point point, int reached, List<String> hooks) {
        public Approved {
            hooks = List.copyOf(hooks);
        }
    }

    /**
     * Checks without a verdict.
     *
     * @param since when the first of them was
     * @param alarmed people were told that it takes too long
     * @param unasked why a webhook of this check could not be asked; null where all were
     */
    public record Doubt(Instant since, boolean alarmed, @Nullable String unasked) {}

    static final Run NONE = Run.past(0, "");

    public Run {
        configs = configs == null ? null : new TreeMap<>(configs);
        stops = List.copyOf(stops);
        closedTold = List.copyOf(closedTold);
    }

    /** A run at rest that is only known by its number and what it rolled out. */
    static Run past(long number, String revision) {
        return new Run(
                number,
                revision,
                null,
                List.of(),
                0,
                Weight.NONE,
                null,
                false,
                Readiness.HOLDS,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null);
    }

    /** A run of what a target shows. */
    static Run of(
            long number,
            Workload target,
            List<Stop> stops,
            int reached,
            Weight stepBack,
            Instant at) {
        return new Run(
                number,
                target.revision(),
                target.configs(),
                stops,
                reached,
                stepBack,
                at,
                false,
                Readiness.HOLDS,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null);
    }

    /** The stop that comes next; empty after the last one. */
    Optional<Stop> next() {
        return reached < stops.size() ? Optional.of(stops.get(reached)) : Optional.empty();
    }

    /** True while traffic is judged where an earlier run left it. */
    boolean stays() {
        return !stops.isEmpty() && stops.getFirst().kind() == Stop.Kind.STAY;
    }

    /** True where a baseline has a share at one of its stops. */
    boolean hasBaseline() {
        return stops.stream().anyMatch(stop -> stop.split().baseline() != null);
    }

    /** The same without a baseline from now on. */
    Run withoutBaseline() {
        var plan = stops.stream().map(stop -> stop.with(stop.split().beside(null))).toList();
        return edited(number, revision, configs, plan, reached, withdrawn, readiness)
                .comparingAnew();
    }

    /** The same, at another stop of its plan. */
    Run at(int stopsReached) {
        return edited(number, revision, configs, stops, stopsReached, withdrawn, readiness);
    }

    /** The same under another number: the cluster had seen a later one. */
    Run numbered(long other) {
        return edited(other, revision, configs, stops, reached, withdrawn, readiness);
    }

    /** The same with a plan of one stop, judged where traffic is. */
    Run staying(Stop stay) {
        return new Run(
                number,
                revision,
                configs,
                List.of(stay),
                0,
                Weight.NONE,
                startedAt,
                withdrawn,
                readiness,
                null,
                null,
                null,
                null,
                null,
                counted,
                null,
                null,
                null,
                returnsTo,
                judged,
                List.of(),
                null);
    }

    /** The same, about what a target shows. */
    Run about(Workload target) {
        return edited(
                number, target.revision(), target.configs(), stops, reached, withdrawn, readiness);
    }

    /** The same, ended by the target showing what was promoted before. */
    Run withdrawnFor(Workload target) {
        return new Run(
                number,
                target.revision(),
                target.configs(),
                stops,
                reached,
                Weight.NONE,
                startedAt,
                true,
                readiness,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null);
    }

    Run with(Readiness other) {
        return edited(number, revision, configs, stops, reached, withdrawn, other);
    }

    private Run edited(
            long ofNumber,
            String ofRevision,
            @Nullable Map<String, String> ofConfigs,
            List<Stop> plan,
            int stopsReached,
            boolean isWithdrawn,
            Readiness ofCanary) {
        return new Run(
                ofNumber,
                ofRevision,
                ofConfigs,
                plan,
                stopsReached,
                stepWeightPromotion,
                startedAt,
                isWithdrawn,
                ofCanary,
                doubt,
                alert,
                gateClosedSince,
                collected,
                compared,
                counted,
                approved,
                pending,
                failure,
                returnsTo,
                judged,
                closedTold,
                takenBack);
    }

    /** The same, waiting at a closed gate since then; null for an open one. */
    Run gateClosed(@Nullable Instant since) {
        return told(doubt, alert, since, collected, compared, counted, approved)
                .ending(
                        since == null ? null : pending,
                        failure,
                        returnsTo,
                        judged,
                        since == null ? List.of() : closedTold);
    }

    /**
     * The same, of which people were told that this webhook keeps its gate closed.
     *
     * @param there those that the manifest has; the others are forgotten
     */
    Run toldClosed(String hook, Collection<String> there) {
        return ending(
                pending,
                failure,
                returnsTo,
                judged,
                Stream.concat(closedTold.stream().filter(there::contains), Stream.of(hook))
                        .distinct()
                        .toList());
    }

    /** True where people know that this webhook keeps its gate closed. */
    boolean isToldClosed(String hook) {
        return gateClosedSince != null && (closedTold.isEmpty() || closedTold.contains(hook));
    }

    /** Gates with a time-out that have not said yes. */
    PendingGates gates() {
        return pending == null ? PendingGates.NONE : pending;
    }

    /** The same, in which these gates have not said yes. */
    Run with(PendingGates gates) {
        return ending(gates.isEmpty() ? null : gates, failure, returnsTo, judged, closedTold);
    }

    /** The same, whose failure people are to decide upon; null where they are not. */
    Run failing(@Nullable Failure other) {
        return ending(pending, other, returnsTo, judged, closedTold);
    }

    /** The same, which returns to what was promoted before; null where it does not. */
    Run returning(@Nullable Promoted to) {
        return ending(pending, failure, to, judged, closedTold);
    }

    /** The same with a shorter plan, of which so many stops are passed. */
    Run shortened(List<Stop> plan, int passed) {
        return edited(number, revision, configs, plan, passed, withdrawn, readiness)
                .approving(null);
    }

    private Run ending(
            @Nullable PendingGates gates,
            @Nullable Failure held,
            @Nullable Promoted to,
            @Nullable JudgementSummary last,
            List<String> hooks) {
        return new Run(
                number,
                revision,
                configs,
                stops,
                reached,
                stepWeightPromotion,
                startedAt,
                withdrawn,
                readiness,
                doubt,
                alert,
                gateClosedSince,
                collected,
                compared,
                counted,
                approved,
                gates,
                held,
                to,
                last,
                hooks,
                takenBack);
    }

    /** The same, without a verdict; null once there is one. */
    Run doubting(@Nullable Doubt other) {
        return told(other, alert, gateClosedSince, collected, compared, counted, approved);
    }

    /** The same, in a check that asks all its webhooks again. */
    Run askingAnew() {
        return doubt == null ? this : doubting(new Doubt(doubt.since(), doubt.alarmed(), null));
    }

    /** The same, in a check of which a webhook could not be asked. */
    Run unasked(String because, Instant at) {
        var first = doubt == null ? new Doubt(at, false, null) : doubt;
        return first.unasked() == null
                ? doubting(new Doubt(first.since(), first.alarmed(), because))
                : this;
    }

    /** The same, of which people were told this. */
    Run alerted(String words) {
        return told(doubt, words, gateClosedSince, collected, compared, counted, approved);
    }

    /** The same with what is known for comparisons, for which a window begins. */
    Run collecting(Collected begun) {
        return comparing(begun, compared);
    }

    /**
     * The same without what is known for comparisons: the next one begins a window. What was
     * doubted of the old one is no doubt of the new.
     */
    Run comparingAnew() {
        boolean ofHooks = doubt != null && doubt.unasked() != null;
        return collected == null
                ? this
                : comparing(null, compared).doubting(ofHooks ? doubt : null);
    }

    /** The same, after a comparison. */
    Run comparing(@Nullable Collected other, @Nullable ComparisonSummary found) {
        return told(doubt, alert, gateClosedSince, other, found, counted, approved);
    }

    private Run told(
            @Nullable Doubt doubted,
            @Nullable String words,
            @Nullable Instant closedSince,
            @Nullable Collected samples,
            @Nullable ComparisonSummary found,
            @Nullable Counted count,
            @Nullable Approved opened) {
        return new Run(
                number,
                revision,
                configs,
                stops,
                reached,
                stepWeightPromotion,
                startedAt,
                withdrawn,
                readiness,
                doubted,
                words,
                closedSince,
                samples,
                found,
                count,
                opened,
                pending,
                failure,
                returnsTo,
                judged,
                closedTold,
                takenBack);
    }

    /** The same, which was taken back; null for one that says nothing of it. */
    Run takenBack(@Nullable TakenBack other) {
        return new Run(
                number,
                revision,
                configs,
                stops,
                reached,
                stepWeightPromotion,
                startedAt,
                withdrawn,
                readiness,
                doubt,
                alert,
                gateClosedSince,
                collected,
                compared,
                counted,
                approved,
                pending,
                failure,
                returnsTo,
                judged,
                closedTold,
                other);
    }

    /** The same, whose last check came to this; null for none. */
    Run judged(@Nullable JudgementSummary last) {
        return ending(pending, failure, returnsTo, last, closedTold);
    }

    /** The same with what was counted, null for nothing. */
    Run counting(@Nullable Counted other) {
        return told(doubt, alert, gateClosedSince, collected, compared, other, approved);
    }

    /** The same where people looked at what had no verdict: it is past. */
    Run settled() {
        return (counted == null ? this : counting(counted.settled())).doubting(null);
    }

    /** The same with its plan begun anew. */
    Run planned(List<Stop> plan) {
        return edited(number, revision, configs, plan, 0, withdrawn, readiness).comparingAnew();
    }

    /** True where the gate of this key was opened at this point and stop. */
    boolean isApproved(Point point, String key) {
        return approved(point).contains(key);
    }

    /**
     * The same, in which other gates were opened at this point.
     *
     * @param keys of the gates, by which those of one name are told apart
     */
    Run approving(Point point, List<String> keys) {
        var all = Stream.concat(approved(point).stream(), keys.stream()).distinct().toList();
        var pending = gates();
        for (String key : keys) {
            pending = pending.without(new WaitingGate(point, key));
        }
        return approving(new Approved(point, reached, all)).with(pending);
    }

    /** The same, which has passed this gate: whoever opened it did so once. */
    Run passing(Point point) {
        return approved != null && approved.point() == point ? approving(null) : this;
    }

    private List<String> approved(Point point) {
        return approved != null && approved.point() == point && approved.reached() == reached
                ? approved.hooks()
                : List.of();
    }

    private Run approving(@Nullable Approved other) {
        return told(doubt, alert, gateClosedSince, collected, compared, counted, other);
    }
}
