package dev.serinus.watcher.metrics.provider;

/** Settings with which no provider can be made; the message says why, without secrets. */
final class WrongSettings extends Exception {
    private static final long serialVersionUID = 1L;

    WrongSettings(String because) {
        super(because);
    }

    String because() {
        return String.valueOf(getMessage());
    }
}
