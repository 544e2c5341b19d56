package dev.serinus.analysis.action;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.events.ActionKind;

import java.util.Locale;
import java.util.UUID;

/**
 * What somebody asks for, of one canary or of many.
 *
 * @param reason in the actor's words; may be empty
 * @param gate name of the webhook that is approved; empty for the one that waits
 * @param run that it is meant for; 0 for whichever is current
 * @param ifSequence the last event that the actor has seen; 0 for whichever
 */
public record Wish(ActionKind action, String reason, String gate, long run, long ifSequence) {

    private static final int DIGITS = 24;
    private static final int CONTENT_DIGITS = 8;

    /** What people write: promote. */
    public String word() {
        return action.name().toLowerCase(Locale.ROOT);
    }

    /** True where it makes sense only while there is a run. */
    boolean isOfARunThatGoesOn() {
        return switch (action) {
            case PROMOTE, SKIP, APPROVE, ABORT -> true;
            case PAUSE, RESUME, RETRY -> false;
        };
    }

    /**
     * The same for the run that is seen, at rest the one that ended last, where the wish is about a
     * run and names none.
     */
    Wish forRun(long seen) {
        boolean ofARun = isOfARunThatGoesOn() || action == ActionKind.RETRY;
        return ofARun && run == 0 ? new Wish(action, reason, gate, seen, ifSequence) : this;
    }

    /**
     * Names this wish. The same key of the same actor with the same content gives the same name,
     * whichever instance is asked.
     *
     * @param key chosen by the actor; empty for a wish that is never repeated
     */
    public String id(String actor, String key) {
        return key.isEmpty() ? UUID.randomUUID().toString() : prefix(actor, key) + content();
    }

    /** True where an id was made from the same key, whatever the content was. */
    static boolean isOfKey(String id, String actor, String key) {
        return !key.isEmpty() && id.startsWith(prefix(actor, key));
    }

    private static String prefix(String actor, String key) {
        return Revision.digest(actor.length() + ":" + actor + key).substring(0, DIGITS) + "-";
    }

    private String content() {
        return Revision.digest(
                        String.join("\n", action.name(), gate, "" + run, "" + ifSequence, reason))
                .substring(0, CONTENT_DIGITS);
    }
}
