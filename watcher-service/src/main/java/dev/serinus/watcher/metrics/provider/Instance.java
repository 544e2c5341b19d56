package dev.serinus.watcher.metrics.provider;

import java.util.Map;

/**
 * The machine that the watcher runs on. It hands out its own credentials to whoever asks, so that
 * asking it is the operator's to allow.
 */
final class Instance {

    /** The variable that allows it when it is true. */
    static final String ALLOWED = "SERINUS_INSTANCE_CREDENTIALS";

    private Instance() {}

    static boolean mayBeAsked(Map<String, String> environment) {
        return Boolean.parseBoolean(environment.get(ALLOWED));
    }
}
