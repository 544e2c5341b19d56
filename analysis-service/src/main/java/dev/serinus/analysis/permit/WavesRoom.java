package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.FleetEffect.Placed;
import dev.serinus.analysis.permit.Waves.Seen;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.Standing;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Room for those that wait for promotions. All of an installation is one record, which has a size:
 * what they have of it is bounded, so that nobody who waits for budgets alone finds none. Those of
 * the namespace that has most of it go first, so that each has a share.
 */
final class WavesRoom {

    /** In bytes as they are written, of those of one namespace name in all clusters, and of all. */
    static final int MOST_OF_ONE = 256 << 10;

    static final int MOST_OF_ALL = 512 << 10;

    /** What is written beside texts, at most: names of fields, numbers, times. */
    private static final int HOLDER = 400;

    private static final int CLAIM = 60;
    private static final int AWAITED = 210;
    private static final int SEEN = 360;
    private static final int QUOTED = 3;

    private WavesRoom() {}

    /**
     * Those for whom there is room. The others are told so, are not kept, and ask again.
     *
     * @param effects what is told is added here, in place of what was told to them before
     */
    static Waves fitting(Waves waves, List<FleetEffect> effects) {
        Waves fitting = waves;
        while (true) {
            var largest = sizes(fitting).crowding(MOST_OF_ONE, MOST_OF_ALL);
            if (largest.isEmpty()) {
                return fitting;
            }
            var last =
                    fitting.waiting().stream()
                            .filter(
                                    holder ->
                                            WaveReason.name(holder.canary()).equals(largest.get()))
                            .reduce((_, later) -> later)
                            .orElseThrow();
            fitting = fitting.only(holder -> !holder.equals(last));
            effects.removeIf(
                    effect -> effect instanceof Placed && effect.canary().equals(last.canary()));
            effects.add(
                    new Placed(
                            last.canary(),
                            last.uid(),
                            last.step(),
                            1 + fitting.waiting().size(),
                            "others that wait for promotions already: there are too many of its"
                                    + " namespace",
                            last.awaited().getFirst().canary(),
                            null));
        }
    }

    private static NamespaceSizes sizes(Waves waves) {
        var sizes = new NamespaceSizes(waves.seen());
        for (Holder holder : waves.waiting()) {
            sizes.add(
                    holder.canary(),
                    of(holder),
                    holder.awaited().stream().map(AwaitedPromotion::canary));
        }
        return sizes;
    }

    // ---- as written, at most

    static int of(Holder holder) {
        return HOLDER
                + of(holder.canary())
                + of(holder.uid())
                + of(holder.told().because())
                + of(holder.told().behind())
                + of(holder.past())
                + sum(holder.claims(), WavesRoom::of)
                + sum(holder.awaited(), WavesRoom::of);
    }

    private static int of(Claim claim) {
        return CLAIM + of(claim.budget()) + of(claim.scope());
    }

    private static int of(AwaitedPromotion awaited) {
        return AWAITED + of(awaited.canary()) + of(awaited.release());
    }

    /** Of one that was not heard of yet. */
    static int ofUnknown(String canary) {
        return SEEN + of(canary);
    }

    static int of(Seen seen) {
        Standing standing = seen.standing();
        return SEEN
                + of(seen.canary())
                + (standing == null
                        ? 0
                        : of(standing.release())
                                + of(standing.promoted())
                                + of(standing.words())
                                + sum(
                                        standing.awaitedBy() == null
                                                ? List.of()
                                                : standing.awaitedBy(),
                                        one -> QUOTED + of(one)));
    }

    private static <T> int sum(List<T> all, ToIntFunction<T> size) {
        return all.stream().mapToInt(size).sum();
    }

    /** Of a text in JSON, in UTF-8. */
    static int of(@Nullable String text) {
        return text == null
                ? 0
                : text.chars()
                        .map(
                                each ->
                                        each < ' ' || each == '"' || each == '\\'
                                                ? 6
                                                : each < 0x80 ? 1 : 3)
                        .sum();
    }
}
