package dev.serinus.watcher.metrics.provider;

/** No credentials are to be had; the message says why, without secrets. */
final class NoCredentials extends Exception {
    private static final long serialVersionUID = 1L;

    NoCredentials(String because) {
        super(because);
    }

    String because() {
        return String.valueOf(getMessage());
    }
}
