package dev.serinus.analysis.permit;

import dev.serinus.analysis.rollout.gate.Claim;

import java.time.Instant;
import java.util.List;

/**
 * One rollout that has a place in its budgets, or waits for one.
 *
 * @param uid of the Canary object
 * @param step with which it asked
 * @param since when it asked first
 * @param heard when it last said that it is there
 * @param told what it was told last; {@link Told#NOTHING} before anything
 */
public record Holder(
        String canary,
        String uid,
        long step,
        List<Claim> claims,
        Instant since,
        Instant heard,
        Told told) {

    /**
     * What a waiting one was told.
     *
     * @param place in the line, from 1
     * @param because the budget that is full
     */
    public record Told(int place, String because) {
        static final Told NOTHING = new Told(0, "");
    }

    public Holder {
        claims = List.copyOf(claims);
    }

    boolean is(String ofCanary, String ofUid) {
        return canary.equals(ofCanary) && uid.equals(ofUid);
    }

    /** The namespace, with its cluster. */
    String namespace() {
        return canary.substring(0, canary.lastIndexOf('/') + 1);
    }

    boolean claims(String scope) {
        return claims.stream().anyMatch(claim -> claim.scope().equals(scope));
    }

    Holder claiming(List<Claim> other) {
        return new Holder(canary, uid, step, other, since, heard, told);
    }

    Holder heard(Instant at) {
        return new Holder(canary, uid, step, claims, since, at, told);
    }

    Holder telling(Told other) {
        return new Holder(canary, uid, step, claims, since, heard, other);
    }
}
