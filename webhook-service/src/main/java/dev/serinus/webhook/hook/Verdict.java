package dev.serinus.webhook.hook;

import dev.serinus.schemas.hook.TestReport;
import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.Reply;
import dev.serinus.schemas.outgoing.Retry;

import org.jspecify.annotations.Nullable;

/**
 * What a call comes to.
 *
 * @param status HTTP status; 0 without an answer
 * @param because why it did not pass, without secrets; empty when it passed
 * @param report what the hook said of the test that it ran; null where it said nothing
 * @param changed nothing was called: the manifest has no such hook any more
 */
record Verdict(
        boolean passed, int status, String because, @Nullable TestReport report, boolean changed) {

    /** How much of a hook's own answer is quoted. */
    private static final int LONGEST_REASON = 4096;

    static Verdict failed(String because) {
        return new Verdict(false, 0, because, null, false);
    }

    /** It says nothing of the application: analysis asks what the manifest has now. */
    static Verdict ofAnotherManifest(String because) {
        return new Verdict(false, 0, because, null, true);
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
     *
     * @param method of the hook; Flagger's have POST
     */
    static Verdict of(Retry.Outcome outcome, String method, Redaction redaction) {
        return switch (outcome.last()) {
            case Reply.Answered answered -> {
                String because = because(answered, outcome, method, redaction);
                yield new Verdict(
                        answered.succeeded(),
                        answered.status(),
                        because,
                        TestReport.read(answered.report()).orElse(null),
                        false);
            }
            case Reply.Unanswered unanswered ->
                    failed(gaveUp(outcome, method) + unanswered.because());
            case Reply.NoTurn noTurn -> throw new NotAsked(noTurn.because());
        };
    }

    private static String gaveUp(Retry.Outcome outcome, String method) {
        return method + " giving up after " + outcome.attempts() + " attempt(s): ";
    }

    private static String because(
            Reply.Answered answered, Retry.Outcome outcome, String method, Redaction redaction) {
        if (answered.succeeded()) {
            return "";
        }
        if (answered.worthRepeating()) {
            return gaveUp(outcome, method) + "status " + answered.status();
        }
        return answered.body().isBlank()
                ? "status " + answered.status()
                : redaction.of(answered.body(), LONGEST_REASON);
    }
}
