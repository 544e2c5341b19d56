package dev.serinus.router.drift;

import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.topic.CanaryKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What could not be repaired of each canary: how soon it is tried again, and what is said of it.
 */
final class Unrepaired {

    private static final Logger log = LoggerFactory.getLogger(Unrepaired.class);

    private final RepairBackoff<CanaryKey> trouble;
    private final Map<CanaryKey, String> told = new ConcurrentHashMap<>();

    Unrepaired(InstantSource clock) {
        this.trouble = new RepairBackoff<>(clock);
    }

    /** How long to wait before it is tried again. */
    Duration pause(CanaryKey canary) {
        return trouble.pause(canary);
    }

    /** Says why once for as long as it is so; true when this was the time. */
    boolean tell(CanaryKey canary, List<Refusal> refused) {
        if (refused.isEmpty()) {
            told.remove(canary);
            return false;
        }
        String because = because(refused);
        boolean isNews = !because.equals(told.put(canary, because));
        if (isNews) {
            log.atWarn()
                    .addKeyValue("canary", canary)
                    .addKeyValue("because", because)
                    .log("drift cannot be repaired yet");
        }
        return isNews;
    }

    /** In a sentence each. */
    static String because(List<Refusal> refused) {
        return refused.stream().map(Refusal::because).distinct().collect(Collectors.joining("; "));
    }

    /**
     * Counts what came of a repair; true when it is to be tried again though nothing is seen to
     * change: what is invalid becomes valid by an edit, and what has been tried in vain for long
     * waits for one too.
     */
    boolean isToBeTriedAgain(CanaryKey canary, RepairOutcome done) {
        if (done.refused().isEmpty() && !done.waits()) {
            trouble.forget(canary);
            return false;
        }
        trouble.repaired(canary);
        boolean mayHelp =
                done.waits()
                        || done.refused().stream()
                                .anyMatch(it -> it.outcome() == RouterOutcome.RETRY);
        return mayHelp && !trouble.isVain(canary);
    }

    void forget(CanaryKey canary) {
        trouble.forget(canary);
        told.remove(canary);
    }
}
