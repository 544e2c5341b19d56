package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.FleetRules;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What binds a canary to the rest of the fleet.
 *
 * @param rules of the installation about it
 * @param permit its place in the budgets, or in the line for them; null while it needs none
 * @param freezes that its run has met; null while it met none
 */
public record Governed(FleetRules rules, @Nullable Permit permit, @Nullable KnownFreezes freezes) {

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
     * @param because the budget that is full; empty while none was told
     */
    public record Permit(
            Progress progress, long step, List<Claim> claims, int place, String because) {
        public Permit {
            claims = List.copyOf(claims);
        }

        static Permit asked(long step, List<Claim> claims) {
            return new Permit(Progress.ASKED, step, claims, 0, "");
        }

        Permit held() {
            return new Permit(Progress.HELD, step, claims, 0, "");
        }

        Permit placed(int other, String full) {
            return new Permit(progress, step, claims, other, full);
        }

        Permit forClaims(List<Claim> other) {
            return new Permit(progress, step, other, place, because);
        }
    }

    Governed with(@Nullable Permit other) {
        return new Governed(rules, other, freezes);
    }

    Governed with(FleetRules other) {
        return new Governed(other, permit, freezes);
    }

    Governed with(KnownFreezes other) {
        return new Governed(rules, permit, other);
    }
}
