package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.FleetEffect.Placed;
import dev.serinus.analysis.permit.Holder.Told;

import java.util.List;

/** Tells those that wait where they stand, when that is news to them. */
final class WaitingTold {

    /** Those in front learn each step forward; the others their place when they ask. */
    static final int FIRST = 10;

    private WaitingTold() {}

    /** The same, which knows it by then. */
    static Holder of(Holder holder, Told told, List<FleetEffect> effects) {
        boolean isNews = !told.equals(holder.told());
        if (!isNews || (told.place() > FIRST && !holder.told().equals(Told.NOTHING))) {
            return holder;
        }
        effects.add(
                new Placed(
                        holder.canary(),
                        holder.uid(),
                        holder.step(),
                        told.place(),
                        told.because(),
                        told.behind(),
                        told.until()));
        return holder.telling(told);
    }
}
