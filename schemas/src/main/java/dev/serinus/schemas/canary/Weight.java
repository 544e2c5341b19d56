package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;

/**
 * A share of traffic in hundredths of a percent. Written and shown as percent: {@code 20}, {@code
 * 0.5}. One that a manifest asks for may be below nothing or above all.
 */
public record Weight(int basisPoints) implements Comparable<Weight> {

    /** Of one percent. */
    private static final int FINE = 100;

    /** No traffic. */
    public static final Weight NONE = new Weight(0);

    /** All traffic. */
    public static final Weight ALL = percent(100);

    /** Whole percent, 21 million of them at most. */
    public static Weight percent(int percent) {
        return new Weight(Math.clamp((long) percent * FINE, -Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    /** The nearest to a percentage; {@link #isExact} tells whether it is that very one. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Weight nearest(double percent) {
        return new Weight(
                Math.clamp(Math.round(percent * FINE), -Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    /** True for a percentage with no more than two decimals. */
    public static boolean isExact(double percent) {
        return nearest(percent).number().doubleValue() == percent;
    }

    /**
     * What a record says: hundredths where it knows them, else whole percent.
     *
     * @param basisPoints null in records of a release that had whole percent only
     */
    public static Weight recorded(int percent, @Nullable Integer basisPoints) {
        return basisPoints == null ? percent(percent) : new Weight(basisPoints);
    }

    /**
     * What a status shows, of traffic.
     *
     * @param percent by Flagger's field
     * @param exact by ours; null where the percentage is exact. One that does not agree with the
     *     percentage was left there before somebody else wrote
     */
    public static Weight shown(int percent, @Nullable Double exact) {
        var whole = percent(Math.clamp(percent, 0, 100));
        var finer = exact == null ? whole : nearest(exact).ofTraffic();
        return finer.wholePercent() == percent ? finer : whole;
    }

    /** The part that one of two weights has of both: neither is nothing while it weighs any. */
    public static Weight ofParts(double part, double rest) {
        if (part <= 0) {
            return NONE;
        }
        if (rest <= 0) {
            return ALL;
        }
        double share = ALL.basisPoints * part / (part + rest);
        return new Weight(Math.clamp(Math.round(share), 1, ALL.basisPoints - 1));
    }

    /** The rest of all traffic. */
    public Weight rest() {
        return ALL.minus(this);
    }

    public Weight plus(Weight other) {
        return new Weight(Math.addExact(basisPoints, other.basisPoints));
    }

    public Weight minus(Weight other) {
        return new Weight(Math.subtractExact(basisPoints, other.basisPoints));
    }

    /** The smaller of the two. */
    public Weight atMost(Weight other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** The same, or the nearest that traffic can have. */
    public Weight ofTraffic() {
        return new Weight(Math.clamp(basisPoints, 0, ALL.basisPoints));
    }

    public boolean isAbove(Weight other) {
        return compareTo(other) > 0;
    }

    /** True for more than nothing. */
    public boolean isAny() {
        return basisPoints > 0;
    }

    /** True for a whole number of percent. */
    public boolean isWhole() {
        return basisPoints % FINE == 0;
    }

    /**
     * In whole percent, for whoever knows no others: rounded, but some traffic is never none of it,
     * and not all of it never all.
     */
    public int wholePercent() {
        if (isWhole()) {
            return basisPoints / FINE;
        }
        int rounded = Math.round((float) basisPoints / FINE);
        boolean isBetween = isAny() && ALL.isAbove(this);
        return isBetween ? Math.clamp(rounded, 1, 99) : rounded;
    }

    /** In percent. */
    @JsonValue
    public Number number() {
        return isWhole()
                ? (Number) (basisPoints / FINE)
                : BigDecimal.valueOf(basisPoints, 2).stripTrailingZeros();
    }

    @Override
    public int compareTo(Weight other) {
        return Integer.compare(basisPoints, other.basisPoints);
    }

    /** In percent, such as {@code 20} or {@code 0.5}. */
    @Override
    public String toString() {
        return number().toString();
    }
}
