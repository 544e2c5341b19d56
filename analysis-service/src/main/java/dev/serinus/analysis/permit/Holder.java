package dev.serinus.analysis.permit;

import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.schemas.canary.Revision;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One rollout that has a place in its budgets, or waits for one.
 *
 * @param uid of the Canary object
 * @param step with which it asked
 * @param since when it asked first
 * @param heard when it last said that it is there
 * @param told what it was told last; {@link Told#NOTHING} before anything
 * @param after promotions that it waits for; null for none
 * @param past digest of those that it waited for and that came, as one in the line for budgets;
 *     null for none
 */
public record Holder(
        String canary,
        String uid,
        long step,
        List<Claim> claims,
        Instant since,
        Instant heard,
        Told told,
        @Nullable List<AwaitedPromotion> after,
        @Nullable String past) {

    /**
     * What a waiting one was told.
     *
     * @param place in the line, from 1
     * @param because the budget that is full, or who is to be promoted first
     * @param behind the canary that is to be promoted first; null where it is a budget
     * @param until when it is to ask again; null where it is told
     */
    public record Told(
            int place, String because, @Nullable String behind, @Nullable Instant until) {
        static final Told NOTHING = new Told(0, "");

        Told(int place, String because) {
            this(place, because, null, null);
        }
    }

    public Holder {
        claims = List.copyOf(claims);
        after = after == null || after.isEmpty() ? null : List.copyOf(after);
    }

    static Holder of(FleetEvent.Asked asked) {
        return new Holder(
                asked.canary(),
                asked.uid(),
                asked.step(),
                asked.claims(),
                asked.at(),
                asked.at(),
                Told.NOTHING,
                asked.after(),
                null);
    }

    List<AwaitedPromotion> awaited() {
        return after == null ? List.of() : after;
    }

    /** It is where it is since it waits for these, or did. */
    boolean isFor(List<AwaitedPromotion> these) {
        return after == null ? Objects.equals(past, digest(these)) : after.equals(these);
    }

    /** The same in the line for budgets: what it waited for is written no more than needed. */
    Holder inLine() {
        return new Holder(canary, uid, step, claims, since, heard, told, null, digest(awaited()));
    }

    private static @Nullable String digest(List<AwaitedPromotion> these) {
        return these.isEmpty() ? null : Revision.digest(these.toString());
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
        return new Holder(canary, uid, step, other, since, heard, told, after, past);
    }

    Holder awaiting(List<AwaitedPromotion> other) {
        return new Holder(canary, uid, step, claims, since, heard, told, other, null);
    }

    Holder since(Instant at) {
        return new Holder(canary, uid, step, claims, at, heard, told, after, past);
    }

    Holder heard(Instant at) {
        return new Holder(canary, uid, step, claims, since, at, told, after, past);
    }

    Holder telling(Told other) {
        return new Holder(canary, uid, step, claims, since, heard, other, after, past);
    }
}
