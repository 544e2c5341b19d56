package dev.serinus.analysis.records;

import dev.serinus.analysis.permit.FleetEffect;
import dev.serinus.analysis.permit.FleetEvent;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.RolloutEvent;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion.Allowance;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Standing;
import dev.serinus.schemas.events.BudgetClaim;
import dev.serinus.schemas.events.ClusterSilence;
import dev.serinus.schemas.events.FleetRulesSeen;
import dev.serinus.schemas.events.GroupAnswered;
import dev.serinus.schemas.events.GroupJoined;
import dev.serinus.schemas.events.GroupLeft;
import dev.serinus.schemas.events.GroupOutcome;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.events.PermitAnswered;
import dev.serinus.schemas.events.PermitAsked;
import dev.serinus.schemas.events.PermitAskedAfter;
import dev.serinus.schemas.events.PermitReturned;
import dev.serinus.schemas.events.StandingAsked;
import dev.serinus.schemas.events.StandingKind;
import dev.serinus.schemas.events.StandingTold;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What rollouts say to those that share a scope with them, and are told, as Avro records. */
public final class PermitRecords {

    /** All budgets are decided upon together, so that a rollout gets all of its places or none. */
    public static final String BUDGETS = "budgets";

    private static final int MOST_MEMBERS = 16;

    /** Behind the name of a cluster, where a canary would have its namespace and name. */
    private static final String ALL_OF_IT = "/*/*";

    private PermitRecords() {}

    /** What a rollout asks. */
    static Permit asked(CanaryKey canary, Effect.AskPermit ask) {
        return permit(
                canary,
                ask.uid(),
                ask.step(),
                ask.after() == null
                        ? PermitAsked.newBuilder()
                                .setBudgets(claims(ask.claims()))
                                .setRunning(ask.running())
                                .build()
                        : PermitAskedAfter.newBuilder()
                                .setBudgets(claims(ask.claims()))
                                .setRunning(ask.running())
                                .setAfter(ask.after().stream().map(PermitRecords::awaited).toList())
                                .build());
    }

    /** How far a canary is that others wait for. */
    static Permit standing(CanaryKey canary, Effect.TellStanding told) {
        var standing = told.standing();
        return permit(
                canary,
                told.uid(),
                0,
                StandingTold.newBuilder()
                        .setKind(StandingKind.valueOf(standing.kind().name()))
                        .setRelease(standing.release())
                        .setPromoted(standing.promoted())
                        .setPromotedAt(standing.promotedAt())
                        .setKnownSince(standing.knownSince())
                        .setWords(standing.words())
                        .setAwaitedBy(
                                standing.awaitedBy() == null ? List.of() : standing.awaitedBy())
                        .build());
    }

    /** A rollout takes part in its group. */
    static Permit joined(CanaryKey canary, Effect.JoinGroup join) {
        return permit(
                canary,
                join.uid(),
                join.step(),
                GroupJoined.newBuilder()
                        .setGroup(join.group())
                        .setMembers(join.others())
                        .setState(
                                dev.serinus.schemas.events.GroupState.valueOf(join.state().name()))
                        .setSince(join.begun())
                        .setEarlier(join.earlier())
                        .build());
    }

    /** A rollout takes part in its group no longer. */
    static Permit left(CanaryKey canary, Effect.LeaveGroup leave) {
        return permit(canary, leave.uid(), leave.step(), new GroupLeft(leave.failed()));
    }

    /** What a rollout gives back. */
    static Permit returned(CanaryKey canary, Effect.ReturnPermit back) {
        return permit(canary, back.uid(), back.step(), new PermitReturned());
    }

    /**
     * A cluster that fell silent, or is so no longer.
     *
     * @param heard when it was last heard of; null where it is silent no longer
     */
    public static Permit silence(String scope, String cluster, @Nullable Instant heard) {
        return Permit.newBuilder()
                .setScope(scope)
                .setCanary(cluster + ALL_OF_IT)
                .setUid("")
                .setStep(0)
                .setBody(new ClusterSilence(heard))
                .build();
    }

    private static Permit permit(CanaryKey canary, String uid, long step, Object body) {
        return Permit.newBuilder()
                .setScope(BUDGETS)
                .setCanary(canary.toString())
                .setUid(uid)
                .setStep(step)
                .setBody(body)
                .build();
    }

    /** True for what a rollout says to a scope; false for an answer, and for what is ours. */
    public static boolean isForScope(Permit permit) {
        return !(permit.getBody() instanceof PermitAnswered
                || permit.getBody() instanceof GroupAnswered
                || permit.getBody() instanceof ClusterSilence
                || permit.getBody() instanceof StandingAsked);
    }

    /** What a scope is told. An answer is an {@link IllegalArgumentException}. */
    public static FleetEvent event(Permit permit, Instant at) {
        return switch (permit.getBody()) {
            case PermitAsked asked ->
                    new FleetEvent.Asked(
                            at,
                            permit.getCanary(),
                            permit.getUid(),
                            permit.getStep(),
                            asked.getBudgets().stream().map(PermitRecords::claim).toList(),
                            List.of(),
                            asked.getRunning());
            case PermitAskedAfter asked ->
                    new FleetEvent.Asked(
                            at,
                            permit.getCanary(),
                            permit.getUid(),
                            permit.getStep(),
                            asked.getBudgets().stream().map(PermitRecords::claim).toList(),
                            asked.getAfter().stream().map(PermitRecords::awaited).toList(),
                            asked.getRunning());
            case StandingTold told ->
                    new FleetEvent.StandingTold(
                            at, permit.getCanary(), permit.getUid(), standing(told));
            case GroupJoined joined -> joined(permit, joined, at);
            case GroupLeft left ->
                    new FleetEvent.LeftGroup(
                            at,
                            permit.getCanary(),
                            permit.getUid(),
                            permit.getStep(),
                            left.getFailed());
            case PermitReturned _ ->
                    new FleetEvent.Returned(
                            at, permit.getCanary(), permit.getUid(), permit.getStep());
            case ClusterSilence told ->
                    new FleetEvent.ClusterSilence(
                            at, permit.getCanary().replace(ALL_OF_IT, ""), told.getHeard());
            default ->
                    throw new IllegalArgumentException(
                            "no scope takes a " + permit.getBody().getClass().getSimpleName());
        };
    }

    /** A name that no canary can have, and more than a manifest may name, is refused. */
    private static FleetEvent joined(Permit permit, GroupJoined joined, Instant at) {
        if (joined.getMembers().size() > MOST_MEMBERS) {
            throw new IllegalArgumentException(
                    "a group has %d members at most, and this one %d"
                            .formatted(MOST_MEMBERS, joined.getMembers().size()));
        }
        return new FleetEvent.JoinedGroup(
                at,
                permit.getCanary(),
                permit.getUid(),
                permit.getStep(),
                joined.getGroup(),
                joined.getMembers().stream().map(one -> CanaryKey.parse(one).toString()).toList(),
                GroupState.valueOf(joined.getState().name()),
                joined.getSince(),
                joined.getEarlier());
    }

    /** What a scope tells a rollout. */
    public static Permit answer(String scope, FleetEffect effect) {
        return Permit.newBuilder()
                .setScope(scope)
                .setCanary(effect.canary())
                .setUid(effect.uid())
                .setStep(effect.step())
                .setBody(
                        switch (effect) {
                            case FleetEffect.Granted _ ->
                                    PermitAnswered.newBuilder().setGranted(true).build();
                            case FleetEffect.Placed placed ->
                                    PermitAnswered.newBuilder()
                                            .setGranted(false)
                                            .setPlace(placed.place())
                                            .setBecause(placed.because())
                                            .setBehind(placed.behind())
                                            .setUntil(placed.until())
                                            .build();
                            case FleetEffect.AskStanding _ -> new StandingAsked();
                            case FleetEffect.GroupWaits waits ->
                                    new GroupAnswered(
                                            GroupOutcome.WAITS, waits.because(), waits.until());
                            case FleetEffect.GroupOpened _ ->
                                    new GroupAnswered(GroupOutcome.OPEN, "", null);
                            case FleetEffect.GroupFailed failed ->
                                    new GroupAnswered(GroupOutcome.FAILED, failed.because(), null);
                        })
                .build();
    }

    /**
     * What a scope says, as a rollout takes it. Any other is an {@link IllegalArgumentException}.
     */
    static RolloutEvent answered(Permit permit, Instant at) {
        if (permit.getBody() instanceof StandingAsked) {
            return new RolloutEvent.StandingAsked(at);
        }
        if (permit.getBody() instanceof GroupAnswered answer) {
            return new RolloutEvent.GroupAnswered(
                    at,
                    permit.getUid(),
                    permit.getStep(),
                    RolloutEvent.GroupOutcome.valueOf(answer.getOutcome().name()),
                    answer.getBecause(),
                    answer.getUntil());
        }
        if (permit.getBody() instanceof PermitAnswered answer) {
            return new RolloutEvent.PermitAnswered(
                    at,
                    permit.getUid(),
                    permit.getStep(),
                    answer.getGranted(),
                    answer.getPlace(),
                    answer.getBecause(),
                    answer.getBehind(),
                    answer.getUntil());
        }
        throw new IllegalArgumentException(
                "no rollout takes a " + permit.getBody().getClass().getSimpleName());
    }

    /** What the installation asks of a canary, as its journal keeps it. */
    public static FleetRulesSeen rules(FleetRules rules) {
        return FleetRulesSeen.newBuilder()
                .setBudgets(claims(rules.budgets()))
                .setFreezes(rules.freezes().stream().map(FreezeRecords::of).toList())
                .build();
    }

    static FleetRules rules(FleetRulesSeen seen) {
        return new FleetRules(
                seen.getBudgets().stream().map(PermitRecords::claim).toList(),
                seen.getFreezes().stream().map(FreezeRecords::read).toList());
    }

    private static dev.serinus.schemas.events.AwaitedPromotion awaited(AwaitedPromotion one) {
        var allowance = one.allowance();
        return new dev.serinus.schemas.events.AwaitedPromotion(
                one.canary(),
                one.release(),
                one.later(),
                one.soak().toMillis(),
                allowance != null && allowance.failed(),
                allowance != null && allowance.otherRegistry());
    }

    /** A name that no canary can have is an {@link IllegalArgumentException}. */
    private static AwaitedPromotion awaited(dev.serinus.schemas.events.AwaitedPromotion one) {
        return new AwaitedPromotion(
                CanaryKey.parse(one.getCanary()).toString(),
                one.getRelease(),
                one.getLater(),
                Duration.ofMillis(Math.max(0, one.getSoakMillis())),
                one.getProceedsOnFailure() || one.getIgnoresRegistry()
                        ? new Allowance(one.getProceedsOnFailure(), one.getIgnoresRegistry())
                        : null);
    }

    private static Standing standing(StandingTold told) {
        return new Standing(
                Standing.Kind.valueOf(told.getKind().name()),
                told.getRelease(),
                told.getPromoted(),
                told.getPromotedAt(),
                told.getKnownSince(),
                told.getWords(),
                told.getAwaitedBy());
    }

    private static List<BudgetClaim> claims(List<Claim> claims) {
        return claims.stream()
                .map(claim -> new BudgetClaim(claim.budget(), claim.scope(), claim.most()))
                .toList();
    }

    private static Claim claim(BudgetClaim claim) {
        return new Claim(claim.getBudget(), claim.getScope(), claim.getMax());
    }
}
