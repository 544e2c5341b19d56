package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.FleetEffect.Placed;
import dev.serinus.analysis.permit.Waves.Seen;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.Standing;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
            var sizes = sizes(fitting);
            int all = sizes.values().stream().mapToInt(Integer::intValue).sum();
            var largest = sizes.entrySet().stream().max(Map.Entry.comparingByValue()).orElse(null);
            if (largest == null || (all <= MOST_OF_ALL && largest.getValue() <= MOST_OF_ONE)) {
                return fitting;
            }
            var last =
                    fitting.waiting().stream()
                            .filter(holder -> name(holder).equals(largest.getKey()))
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

    /** By the name of the namespace. What is known of another is counted for who named it first. */
    private static Map<String, Integer> sizes(Waves waves) {
        Map<String, Integer> sizes = new TreeMap<>();
        Set<String> counted = new HashSet<>();
        Map<String, Integer> known = new TreeMap<>();
        waves.seen().forEach(seen -> known.put(seen.canary(), of(seen)));
        for (Holder holder : waves.waiting()) {
            int size = of(holder);
            for (AwaitedPromotion awaited : holder.awaited()) {
                if (counted.add(awaited.canary())) {
                    size += known.getOrDefault(awaited.canary(), ofUnknown(awaited.canary()));
                }
            }
            sizes.merge(name(holder), size, Integer::sum);
        }
        return sizes;
    }

    private static String name(Holder holder) {
        return holder.canary().split("/", -1)[1];
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
