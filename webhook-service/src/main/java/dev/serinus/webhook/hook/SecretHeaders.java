package dev.serinus.webhook.hook;

import java.util.Map;
import java.util.Optional;

/** Where headers are that no manifest is to show. */
@FunctionalInterface
public interface SecretHeaders {

    /** The keys and values of a Secret; empty when there is none of this name. */
    Optional<Map<String, String>> find(String namespace, String name) throws Unreadable;

    /** It may be there, and cannot be read. */
    final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean forGood;

        /**
         * @param forGood whether asking again does not help
         */
        public Unreadable(String because, boolean forGood) {
            super(because);
            this.forGood = forGood;
        }

        boolean isForGood() {
            return forGood;
        }
    }
}
