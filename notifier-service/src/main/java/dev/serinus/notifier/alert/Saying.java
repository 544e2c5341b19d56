package dev.serinus.notifier.alert;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.LastSaid;
import dev.serinus.schemas.outgoing.HookBody;

import java.time.Duration;
import java.time.Instant;

/**
 * What an alert says of a run: the same words with the same traffic, one after another, are no
 * news, whichever decision they come from. They are news again when something else was said in
 * between, or a while later: the same trouble may come twice in a run.
 *
 * @param words names it; empty where the run is not known
 * @param sequence of the decision
 * @param at the time of the decision
 */
record Saying(String words, long sequence, Instant at) {

    private static final Duration REPEATED = Duration.ofMinutes(10);

    static Saying of(Alert alert, ChatAlert chat) {
        var facts = chat.getFacts();
        if (facts == null || facts.getRun() == 0) {
            return new Saying("", alert.getSequence(), Instant.EPOCH);
        }
        String words =
                HookBody.id(
                        "%s/run/%d/%s/%d/%s/%s"
                                .formatted(
                                        alert.getUid(),
                                        facts.getRun(),
                                        facts.getStatus(),
                                        facts.getCanaryBasisPoints(),
                                        chat.getSeverity(),
                                        Revision.digest(chat.getMessage())));
        return new Saying(words, alert.getSequence(), facts.getAt());
    }

    /** True where this was just said. */
    boolean repeats(LastSaid last) {
        return last.getWords().equals(words) && at.isBefore(last.getAt().plus(REPEATED));
    }

    /** True where this is something else, said later. */
    boolean follows(LastSaid last) {
        return sequence > last.getSequence() && !repeats(last);
    }
}
