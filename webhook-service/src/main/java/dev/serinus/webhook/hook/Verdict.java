package dev.serinus.webhook.hook;

import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.Reply;
import dev.serinus.schemas.outgoing.Retry;

/**
 * What a call comes to.
 *
 * @param status HTTP status; 0 without an answer
 * @param because why it did not pass, without secrets; empty when it passed
 */
record Verdict(boolean passed, int status, String because) {

    /** How much of a hook's own answer is quoted. */
    private static final int LONGEST_REASON = 4096;

    static Verdict failed(String because) {
        return new Verdict(false, 0, because);
    }

    /** A hook that had no turn has not failed: there is no verdict, and analysis asks again. */
    static final class NotAsked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAsked(String because) {
            super("the webhook was not called: " + because);
        }
    }

    /**
     * In Flagger's words but for three things: the address is left out of {@code POST URL giving up
     * after}, since it may be a secret; the status stands where Flagger says nothing, which is for
     * a refusal without a body and for 429 and 5xx; and every 2xx passes, not only up to 202.
     */
    static Verdict of(Retry.Outcome outcome, Redaction redaction) {
        String gaveUp = "POST giving up after " + outcome.attempts() + " attempt(s): ";
        return switch (outcome.last()) {
            case Reply.Answered answered when answered.succeeded() ->
                    new Verdict(true, answered.status(), "");
            case Reply.Answered answered when answered.worthRepeating() ->
                    new Verdict(false, answered.status(), gaveUp + "status " + answered.status());
            case Reply.Answered answered when answered.body().isBlank() ->
                    new Verdict(false, answered.status(), "status " + answered.status());
            case Reply.Answered answered ->
                    new Verdict(
                            false,
                            answered.status(),
                            redaction.of(answered.body(), LONGEST_REASON));
            case Reply.Unanswered unanswered -> failed(gaveUp + unanswered.because());
            case Reply.NoTurn noTurn -> throw new NotAsked(noTurn.because());
        };
    }
}
