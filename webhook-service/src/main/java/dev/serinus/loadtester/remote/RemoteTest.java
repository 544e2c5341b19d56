package dev.serinus.loadtester.remote;

import dev.serinus.loadtester.task.Outcome;

import java.time.Duration;

/** One test that another service runs. */
public interface RemoteTest {

    /** What it is, in what is told of it, such as {@code concord process}. */
    String title();

    /** Has it begun, and says by which name it is known there. */
    String start() throws NotStarted, InterruptedException;

    /** How it is now. */
    Progress progress(String id) throws InterruptedException;

    /**
     * Has it end there before its time; what cannot be done is the log's.
     *
     * @return what is known of what it wrote until then
     */
    String stop(String id) throws InterruptedException;

    /**
     * It was stopped while it was started, so that no name of it is known.
     *
     * @return whether it is certain that nothing runs on there
     */
    default boolean stopUnnamed() throws InterruptedException {
        return false;
    }

    /** Whether a load tester that begins anew takes it up again, so that it may go on meanwhile. */
    default boolean isFoundAgain() {
        return false;
    }

    /** How often it is asked about. */
    Duration interval();

    /** After so long without an answer to that it has failed. */
    Duration silence();

    /** How it is. */
    sealed interface Progress {

        /** It goes on. */
        record Running() implements Progress {}

        /**
         * It has ended.
         *
         * @param exit 0 where it passed
         * @param because why it did not pass, without secrets; else empty
         * @param output what is known of what it wrote
         */
        record Over(int exit, String because, String output) implements Progress {}

        /**
         * Nobody knows: the service did not answer, or not so that it can be read.
         *
         * @param because without secrets
         */
        record Unknown(String because) implements Progress {}

        /**
         * Nobody will know any more how it ended.
         *
         * @param because without secrets
         */
        record Lost(String because) implements Progress {}
    }

    /** It did not begin. */
    final class NotStarted extends Exception {
        private static final long serialVersionUID = 1L;

        private final Outcome outcome;

        /** With a reason that holds no secrets. */
        public NotStarted(String because) {
            this(Outcome.NOT_STARTED, because);
        }

        /** With what it comes to, where it says nothing about the test itself. */
        public NotStarted(Outcome outcome, String because) {
            super(because);
            this.outcome = outcome;
        }

        public Outcome outcome() {
            return outcome;
        }
    }
}
