package dev.serinus.analysis.rollout;

/**
 * The phase of a canary, by Flagger's names ({@code pkg/apis/flagger/v1beta1/status.go}); they go
 * to the status as they are written here.
 */
public enum Phase {
    NONE(""),
    INITIALIZING("Initializing"),
    INITIALIZED("Initialized"),
    WAITING("Waiting"),
    PROGRESSING("Progressing"),
    WAITING_PROMOTION("WaitingPromotion"),
    PROMOTING("Promoting"),
    FINALISING("Finalising"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    TERMINATING("Terminating");

    private final String text;

    Phase(String text) {
        this.text = text;
    }

    /** The word in the status. */
    public String text() {
        return text;
    }

    /** Reads the word in a status; one that is not known counts as none. */
    public static Phase of(String text) {
        for (Phase phase : values()) {
            if (phase.text.equals(text)) {
                return phase;
            }
        }
        return NONE;
    }

    /** True where a rollout has ended, or none has begun. */
    public boolean rests() {
        return this == INITIALIZED || this == SUCCEEDED || this == FAILED;
    }
}
