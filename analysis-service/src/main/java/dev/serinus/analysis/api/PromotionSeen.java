package dev.serinus.analysis.api;

import dev.serinus.analysis.rollout.Phase;
import dev.serinus.schemas.events.RolloutState;

import io.micronaut.http.HttpStatus;

import java.util.Optional;

/**
 * Whether a canary was promoted and is at rest, for another that waits for it.
 *
 * @param status 200 once it is, 425 while it may become so or nobody knows, 409 where it failed
 */
record PromotionSeen(HttpStatus status, String words) {

    /**
     * @param asked the one that is to have been promoted
     * @param waiting what the one that waits is about to bring
     */
    static PromotionSeen of(RolloutState asked, WaitingRelease waiting) {
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
        return missing(asked, waiting)
                .map(PromotionSeen::notYet)
                .orElseGet(() -> new PromotionSeen(HttpStatus.OK, canary + " was promoted"));
    }

    private static PromotionSeen notYet(String words) {
        return new PromotionSeen(HttpStatus.TOO_EARLY, words);
    }

    /**
     * Why it is not known to have been promoted with this release; empty where it is. Where only
     * settings change, it is to be promoted later than the other one was last, as with {@code
     * spec.after}.
     */
    private static Optional<String> missing(RolloutState asked, WaitingRelease waiting) {
        String canary = asked.getCanary();
        if (waiting.isAny()) {
            return Optional.empty();
        }
        if (!waiting.because().isEmpty()) {
            return Optional.of(waiting.because());
        }
        if (asked.getPromotedRelease().isEmpty()) {
            return Optional.of(
                    "with which release %s was promoted is not known: upgrade its watcher, or give"
                                    .formatted(canary)
                            + " metadata release \"*\" where any is right");
        }
        boolean isSame = asked.getPromotedRelease().equals(waiting.release());
        if (isSame && !waiting.isGiven() && isUnsure(asked, waiting)) {
            return Optional.of(
                    "whether %s was promoted after %s last is not known: give metadata release"
                                    .formatted(canary, waiting.whose())
                            + " where its images say enough");
        }
        return isSame && isLater(asked, waiting)
                ? Optional.empty()
                : Optional.of(
                        "%s was not promoted yet with the release of %s"
                                .formatted(canary, waiting.whose()));
    }

    /** It may be that only settings change, and the times that would tell are not known. */
    private static boolean isUnsure(RolloutState asked, WaitingRelease waiting) {
        return isAgain(waiting)
                ? waiting.hadAt() == null
                : waiting.had().isEmpty() && asked.getPromotedAt() == null;
    }

    private static boolean isLater(RolloutState asked, WaitingRelease waiting) {
        var at = asked.getPromotedAt();
        var had = waiting.hadAt();
        return !isAgain(waiting) || had == null || (at != null && at.isAfter(had));
    }

    private static boolean isAgain(WaitingRelease waiting) {
        return waiting.had().equals(waiting.release());
    }
}
