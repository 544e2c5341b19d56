package dev.serinus.analysis.api;

import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The release that the canary that asks is about to bring, or has brought.
 *
 * @param release empty where it is not known
 * @param isGiven the metadata say it, and nothing else counts
 * @param had the one that was promoted there last; empty where it is not known
 * @param hadAt when that was; null where it is not known
 * @param whose the canary, or the metadata that say it
 * @param because why it is not known, and what to do; empty where it is
 */
record WaitingRelease(
        String release,
        boolean isGiven,
        String had,
        @Nullable Instant hadAt,
        String whose,
        String because) {

    /** In place of a release: whichever was promoted is right. */
    private static final String ANY = "*";

    /**
     * What the metadata say, or what is known of the canary that asks.
     *
     * @param seen what the caller may see
     * @param other the one that is asked about
     */
    static WaitingRelease of(HookCall call, Map<CanaryKey, RolloutState> seen, CanaryKey other) {
        String given = call.given("release");
        if (!given.isEmpty()) {
            return new WaitingRelease(given, true, "", null, "metadata.release", "");
        }
        var own =
                seen.entrySet().stream()
                        .filter(each -> call.isOwn(each.getKey()))
                        .filter(each -> !each.getKey().equals(other))
                        .map(Map.Entry::getValue)
                        .toList();
        return own.size() == 1 ? of(own.getFirst()) : unknown(nobody(call, own));
    }

    private static WaitingRelease of(RolloutState own) {
        return own.getRelease().isEmpty()
                ? unknown(
                        "which release %s shows is not known: upgrade its watcher, or give it by"
                                        .formatted(own.getCanary())
                                + " metadata release")
                : new WaitingRelease(
                        own.getRelease(),
                        false,
                        own.getPromotedRelease(),
                        own.getPromotedAt(),
                        own.getCanary(),
                        "");
    }

    private static String nobody(HookCall call, List<RolloutState> own) {
        String name = call.name().isEmpty() ? "" : " " + call.namespace() + "/" + call.name();
        return own.isEmpty()
                ? ("which release the Canary%s shows is not known, since it is not seen here: let"
                                + " the hook's token read it, or give the release by metadata"
                                + " release")
                        .formatted(name)
                : ("which release is waited for is not known, since %d Canaries are called%s: say"
                                + " by metadata own-cluster in which cluster the one that asks is")
                        .formatted(own.size(), name);
    }

    private static WaitingRelease unknown(String because) {
        return new WaitingRelease("", false, "", null, "", because);
    }

    /** Whichever release was promoted is right. */
    boolean isAny() {
        return release.equals(ANY);
    }
}
