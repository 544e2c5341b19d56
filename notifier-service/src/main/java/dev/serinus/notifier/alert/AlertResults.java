package dev.serinus.notifier.alert;

import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * What became of each alert at each receiver, for people who look at a rollout. Nobody who is told
 * waits for it, and nothing is decided by it.
 *
 * @param sent takes each
 */
public record AlertResults(BiConsumer<CanaryKey, AlertResult> sent, InstantSource clock) {

    /** What became of one. */
    enum Outcome {
        DELIVERED("delivered"),
        /** A digest tells it. */
        GATHERED("gathered"),
        /** It took the same words just before. */
        REPEATED("repeated"),
        /** Its type is told no such alert. */
        NOT_TOLD("not-told"),
        /** It did not take it. */
        DEAD_LETTERED("dead-lettered");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        /** The one of this word; empty where there is none. */
        static Optional<Outcome> of(String word) {
            return Stream.of(values()).filter(each -> each.word.equals(word)).findFirst();
        }
    }

    /** Where nobody looks. */
    public static final AlertResults NONE = new AlertResults((_, _) -> {}, InstantSource.system());

    /**
     * Tells it.
     *
     * @param attempts how often it was tried
     * @param because why it was not delivered; else empty
     */
    void add(Telling telling, Receiver receiver, Outcome outcome, int attempts, String because) {
        add(
                telling.canary(),
                of(telling, receiver).setAttempts(attempts).setAt(clock.instant()),
                outcome,
                because);
    }

    /** Tells it once more, as of then. How often it was tried was not noted. */
    void again(Telling telling, Receiver receiver, DeliveredAlerts.Known known) {
        add(telling.canary(), of(telling, receiver).setAt(known.at()), known.outcome(), "");
    }

    private static AlertResult.Builder of(Telling telling, Receiver receiver) {
        return of(telling.alert(), receiver.name())
                .setAlert(receiver.alert())
                .setProvider(receiver.provider())
                .setType(receiver.destination().type());
    }

    private static AlertResult.Builder of(Alert alert, String receiver) {
        var chat = (ChatAlert) alert.getBody();
        return AlertResult.newBuilder()
                .setCanary(alert.getCanary())
                .setUid(alert.getUid())
                .setRun(chat.getFacts() == null ? 0 : chat.getFacts().getRun())
                .setSequence(alert.getSequence())
                .setKey(DeliveredAlerts.key(alert, receiver))
                .setSeverity(chat.getSeverity())
                .setMessage(chat.getMessage());
    }

    private void add(
            CanaryKey canary, AlertResult.Builder result, Outcome outcome, String because) {
        sent.accept(canary, result.setOutcome(outcome.word).setBecause(because).build());
    }
}
