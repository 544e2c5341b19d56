package dev.serinus.watcher.metrics.provider;

/**
 * What is kept of Google's accounts from question to question.
 *
 * @param tokens that their keys were exchanged for
 * @param keys as they were read, by the digest of their text
 */
record GoogleAccounts(ShortLived<String> tokens, Kept<String, GoogleKey> keys) {

    private static final int MOST_KEYS = 200;

    /** Nothing yet. */
    GoogleAccounts() {
        this(new ShortLived<>(), new Kept<>(MOST_KEYS));
    }

    /** Nothing of them. */
    @Override
    public String toString() {
        return "GoogleAccounts[]";
    }
}
