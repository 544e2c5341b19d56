package dev.serinus.analysis.forecast;

import dev.serinus.analysis.rollout.plan.Exposure;

import java.util.Locale;

/** Who can meet the canary at a step of a forecast. */
public enum Meets {
    NOBODY,
    /** Copies of requests, whose answers nobody sees. */
    COPIES,
    /** All requests that match conditions. */
    MATCHED,
    /** A share of all requests. */
    SHARE,
    EVERYBODY;

    static Meets of(Exposure exposure) {
        return switch (exposure.who()) {
            case NOBODY -> NOBODY;
            case COPIES -> COPIES;
            case MATCHED -> MATCHED;
            case SHARE -> SHARE;
            case EVERYBODY -> EVERYBODY;
        };
    }

    /** As programs are told. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
