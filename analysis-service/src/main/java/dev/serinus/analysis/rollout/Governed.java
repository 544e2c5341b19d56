package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.Group;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Standing;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What binds a canary to the rest of the fleet.
 *
 * @param rules of the installation about it
 * @param permit its place in the budgets, or in the line for them; null while it needs none
 * @param freezes that its run has met; null while it met none
 * @param watch others wait for it; null while nobody does
 * @param passed what people let begin before others; null where they did not
 * @param waited how long others were waited for; null where that has no end
 * @param group its part in the group of its run; null while it has none
 */
public record Governed(
        FleetRules rules,
        @Nullable Permit permit,
        @Nullable KnownFreezes freezes,
        @Nullable Watch watch,
        @Nullable PassedWave passed,
        @Nullable WaveWait waited,
        @Nullable GroupPlace group) {

    /** Nothing but what the installation asks. */
    static Governed of(FleetRules rules) {
        return new Governed(rules, null, null, null, null, null, null);
    }

    /** How far a permit is. */
    public enum Progress {
        ASKED,
        HELD
    }

    /**
     * A permit.
     *
     * @param step with which it was asked for: an answer to an earlier asking counts no more
     * @param claims the budgets that it is for
     * @param place in the line, from 1; 0 while none was told, and once it is held
     * @param because the budget that is full, or what is waited for; empty while none was told
     * @param after promotions that it waits for, or did; null for none
     * @param behind the canary that is to be promoted first; null where it is a budget
     * @param until when it is to ask again, since that alone is waited for; null where it is told
     */
    public record Permit(
            Progress progress,
            long step,
            List<Claim> claims,
            int place,
            String because,
            @Nullable List<AwaitedPromotion> after,
            @Nullable String behind,
            @Nullable Instant until) {
        public Permit {
            claims = List.copyOf(claims);
            after = after == null || after.isEmpty() ? null : List.copyOf(after);
        }

        static Permit asked(long step, Needs needs) {
            return new Permit(
                    Progress.ASKED, step, needs.claims(), 0, "", needs.after(), null, null);
        }

        Permit held() {
            return new Permit(Progress.HELD, step, claims, 0, "", after, null, null);
        }

        Permit placed(int other, String full, @Nullable String first, @Nullable Instant then) {
            return new Permit(progress, step, claims, other, full, after, first, then);
        }

        /** What was told of promotions that are waited for no more counts no more. */
        Permit forNeeds(Needs other) {
            boolean same = awaited().equals(other.after());
            return new Permit(
                    progress,
                    step,
                    other.claims(),
                    same ? place : 0,
                    same ? because : "",
                    other.after(),
                    same ? behind : null,
                    same ? until : null);
        }

        List<AwaitedPromotion> awaited() {
            return after == null ? List.of() : after;
        }

        boolean isFor(Needs needs) {
            return claims.equals(needs.claims()) && awaited().equals(needs.after());
        }
    }

    /** What a permit is asked for. */
    record Needs(List<Claim> claims, List<AwaitedPromotion> after) {
        static final Needs NONE = new Needs(List.of(), List.of());

        boolean areNone() {
            return claims.isEmpty() && after.isEmpty();
        }
    }

    /**
     * Others wait for it.
     *
     * @param until they are told of what becomes of it
     * @param told what they were told last; null before anything
     */
    public record Watch(Instant until, @Nullable Standing told) {}

    /**
     * People let a run begin before others were promoted.
     *
     * @param run its number
     * @param release that it was about: of another one they said nothing
     */
    public record PassedWave(long run, String release) {}

    /**
     * How long others were waited for before a run begins.
     *
     * @param run its number
     * @param release that it is about: with another one all begins anew
     * @param since null while nobody is waited for
     * @param over canaries that are waited for no more; null for none
     */
    public record WaveWait(
            long run, String release, @Nullable Instant since, @Nullable List<String> over) {
        public WaveWait {
            over = over == null || over.isEmpty() ? null : List.copyOf(over);
        }

        WaveWait since(@Nullable Instant at) {
            return new WaveWait(run, release, at, over);
        }

        boolean isOver(String canary) {
            return over != null && over.contains(canary);
        }

        WaveWait over(String canary) {
            var more = new ArrayList<String>(over == null ? List.of() : over);
            more.add(canary);
            return new WaveWait(run, release, since, more);
        }

        boolean isNone() {
            return since == null && over == null;
        }
    }

    /**
     * A run's part in its group.
     *
     * @param step with which it said that it takes part
     * @param run its number
     * @param begun when that began
     * @param earlier when the run began of which it took the place; null where it took none
     * @param since when it was ready; null while it does not wait
     * @param because whom it waits for; empty while nothing was told
     * @param until when that is over, since time alone is waited for; null where more is
     * @param group as it was said
     */
    public record GroupPlace(
            long step,
            long run,
            GroupState state,
            Instant begun,
            @Nullable Instant earlier,
            @Nullable Instant since,
            String because,
            @Nullable Instant until,
            Group group) {

        boolean isOpen() {
            return state == GroupState.OPEN;
        }

        GroupPlace state(GroupState other, @Nullable Instant ready) {
            return new GroupPlace(step, run, other, begun, earlier, ready, because, until, group);
        }

        GroupPlace told(String whom, @Nullable Instant then) {
            return new GroupPlace(step, run, state, begun, earlier, since, whom, then, group);
        }

        GroupPlace opened() {
            return new GroupPlace(
                    step, run, GroupState.OPEN, begun, earlier, null, "", null, group);
        }

        GroupPlace of(Group other) {
            return new GroupPlace(step, run, state, begun, earlier, since, because, until, other);
        }

        GroupPlace inPlaceOf(GroupPlace before) {
            return new GroupPlace(
                    step, run, state, begun, before.begun, since, because, until, group);
        }
    }

    Governed with(@Nullable PassedWave other) {
        return new Governed(rules, permit, freezes, watch, other, waited, group);
    }

    Governed with(@Nullable Permit other) {
        return new Governed(rules, other, freezes, watch, passed, waited, group);
    }

    Governed with(FleetRules other) {
        return new Governed(other, permit, freezes, watch, passed, waited, group);
    }

    Governed with(KnownFreezes other) {
        return new Governed(rules, permit, other, watch, passed, waited, group);
    }

    Governed with(@Nullable Watch other) {
        return new Governed(rules, permit, freezes, other, passed, waited, group);
    }

    Governed with(@Nullable WaveWait other) {
        return new Governed(rules, permit, freezes, watch, passed, other, group);
    }

    Governed with(@Nullable GroupPlace other) {
        return new Governed(rules, permit, freezes, watch, passed, waited, other);
    }

    /** What outlives all that was known of the canary: the rules, and those who wait for it. */
    Governed ofNextLife() {
        return new Governed(rules, null, null, watch, null, null, null);
    }

    /** Null where nothing binds it. */
    @Nullable Governed orNone() {
        return rules.equals(FleetRules.NONE)
                        && permit == null
                        && watch == null
                        && passed == null
                        && waited == null
                        && group == null
                ? null
                : this;
    }
}
