package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** For what of other rollouts one waits, as {@link Rollout#waitingFor} says it in words. */
public enum FleetWait {
    NOTHING,

    /** A budget is to have room. */
    BUDGET,

    /** Another is to be promoted first. */
    PROMOTION,

    /** The others of its group are to be ready. */
    GROUP;

    static FleetWait of(Rollout r) {
        return switch (r.stage().awaited()) {
            case Awaited.Turn _ -> Permits.behind(r).isPresent() ? PROMOTION : BUDGET;
            case Awaited.GroupReady _ -> GROUP;
            case null, default -> NOTHING;
        };
    }

    /** As records have it; empty for nothing. */
    public String word() {
        return this == NOTHING ? "" : name().toLowerCase(Locale.ROOT);
    }

    /** That of this word; empty where it is not known. */
    public static Optional<FleetWait> of(@Nullable String word) {
        return Stream.of(values()).filter(each -> each.word().equals(word)).findFirst();
    }
}
