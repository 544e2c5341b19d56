package dev.serinus.analysis.api;

import dev.serinus.analysis.rollout.Phase;
import dev.serinus.schemas.events.RolloutState;

import io.micronaut.http.HttpStatus;

import org.jspecify.annotations.Nullable;

/**
 * Whether a canary was promoted and is at rest, for another that waits for it.
 *
 * @param status 200 once it is, 425 while it may become so, 409 where it failed
 */
record PromotionSeen(HttpStatus status, String words) {

    /**
     * @param asked the one that is to have been promoted
     * @param waiting the one that waits; null where it is not known
     */
    static PromotionSeen of(RolloutState asked, @Nullable RolloutState waiting) {
        String canary = asked.getCanary();
        String phase = asked.getPhase();
        if (Phase.FAILED.text().equals(phase)) {
            return new PromotionSeen(HttpStatus.CONFLICT, canary + " failed");
        }
        boolean rests =
                Phase.SUCCEEDED.text().equals(phase) || Phase.INITIALIZED.text().equals(phase);
        if (!rests || asked.getDryRun()) {
            String waits =
                    asked.getWaitingFor().isEmpty() ? "" : ", waits for " + asked.getWaitingFor();
            return notYet("%s is %s%s".formatted(canary, phase, waits));
        }
        if (waiting != null && !isSame(asked, waiting)) {
            return notYet(
                    canary + " was not promoted yet with the release of " + waiting.getCanary());
        }
        return new PromotionSeen(HttpStatus.OK, canary + " was promoted");
    }

    private static PromotionSeen notYet(String words) {
        return new PromotionSeen(HttpStatus.TOO_EARLY, words);
    }

    /**
     * What is known of both has to agree. Where only settings change, the other is to be promoted
     * later than this one was last, as with {@code spec.after}.
     */
    private static boolean isSame(RolloutState asked, RolloutState waiting) {
        String release = waiting.getRelease();
        if (release.isEmpty() || asked.getPromotedRelease().isEmpty()) {
            return true;
        }
        var had = waiting.getPromotedAt();
        var at = asked.getPromotedAt();
        boolean again = had != null && waiting.getPromotedRelease().equals(release);
        return asked.getPromotedRelease().equals(release)
                && (!again || (at != null && at.isAfter(had)));
    }
}
