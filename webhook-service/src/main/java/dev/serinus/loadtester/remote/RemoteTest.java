package dev.serinus.loadtester.remote;

import java.time.Duration;

/** One test that another service runs. */
public interface RemoteTest {

    /** What it is, in what is told of it, such as {@code concord process}. */
    String title();

    /** Has it begun, and says by which name it is known there. */
    String start() throws NotStarted, InterruptedException;

    /** How it is now. */
    Progress progress(String id) throws InterruptedException;

    /** Has it end there before its time; what cannot be done is the log's. */
    void stop(String id) throws InterruptedException;

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
    }

    /** It did not begin. */
    final class NotStarted extends Exception {
        private static final long serialVersionUID = 1L;

        /** With a reason that holds no secrets. */
        public NotStarted(String because) {
            super(because);
        }
    }
}
