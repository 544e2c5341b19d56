package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** What came of one attempt. */
public sealed interface Reply {

    /** True when another attempt may end better. */
    boolean worthRepeating();

    /**
     * The other side answered.
     *
     * @param body its beginning
     * @param retryAfter how long it asked to be left alone
     * @param contentType what it says the body is
     * @param location where else it says to look, as it is written
     * @param applied what of our preferences it says that it has followed
     * @param report what it says of the test that it ran, as it is written
     */
    record Answered(
            int status,
            String body,
            @Nullable Duration retryAfter,
            @Nullable String contentType,
            @Nullable String location,
            @Nullable String applied,
            @Nullable String report)
            implements Reply {

        /** An answer that says nothing about its body. */
        public Answered(int status, String body, @Nullable Duration retryAfter) {
            this(status, body, retryAfter, null, null, null, null);
        }

        /**
         * Every 2xx; Flagger fails from 203 on, which takes a hook that answers 204 for a failing
         * one.
         */
        public boolean succeeded() {
            return status >= 200 && status < 300;
        }

        @Override
        public boolean worthRepeating() {
            return status == 429 || (status >= 500 && status != 501);
        }

        /** Leaves out the body, which may echo a secret. */
        @Override
        public String toString() {
            return "Answered[" + status + "]";
        }
    }

    /**
     * Nobody was asked: too much was under way already. That says nothing about the other side.
     *
     * @param because of whom too much was under way
     */
    record NoTurn(String because) implements Reply {
        @Override
        public boolean worthRepeating() {
            return false;
        }
    }

    /**
     * No answer.
     *
     * @param because why, from a closed set of phrases, so that it never quotes the address
     * @param worthRepeating false where the next attempt meets the same obstacle, such as a
     *     certificate that is not trusted
     */
    record Unanswered(String because, boolean worthRepeating) implements Reply {}
}
