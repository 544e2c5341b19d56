package dev.serinus.analysis.rollout.plan;

import static java.util.Objects.requireNonNullElse;

import dev.serinus.schemas.canary.Weight;

/**
 * Who can meet the canary, from nobody to everybody. Where it rises, a gate is asked first; it
 * never goes beyond what the last open gate covered.
 *
 * @param share of all requests, for {@link Who#SHARE}, and how many are copied, for {@link
 *     Who#COPIES}, all where that is not known; else none
 */
public record Exposure(Who who, Weight share) implements Comparable<Exposure> {

    /** In the order in which more people meet it. */
    public enum Who {
        NOBODY,
        /** Copies of requests, whose answers nobody sees. */
        COPIES,
        /** All requests that match conditions. */
        MATCHED,
        SHARE,
        EVERYBODY
    }

    /** Of the canary at a split. */
    public static Exposure of(Split split) {
        if (!split.canaryWeight().isAny()) {
            return split.mirrored()
                    ? new Exposure(Who.COPIES, requireNonNullElse(split.copies(), Weight.ALL))
                    : new Exposure(Who.NOBODY, Weight.NONE);
        }
        if (Weight.ALL.isAbove(split.canaryWeight())) {
            return new Exposure(Who.SHARE, split.canaryWeight());
        }
        return new Exposure(split.matched() ? Who.MATCHED : Who.EVERYBODY, Weight.NONE);
    }

    /** True when more people meet the canary than at the other. */
    public boolean isAbove(Exposure other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Exposure other) {
        int byWho = who.compareTo(other.who);
        return byWho == 0 ? share.compareTo(other.share) : byWho;
    }
}
