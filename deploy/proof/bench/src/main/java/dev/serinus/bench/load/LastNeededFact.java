package dev.serinus.bench.load;

import java.util.Locale;

/** The fact that was the last one a decision needed. */
public enum LastNeededFact {
    CHANGE,
    METRIC_RESULT,
    WEBHOOK_RESULT,
    ROUTER_RESULT;

    /** As the topic is called. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
