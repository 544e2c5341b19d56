package dev.serinus.notifier.chat;

import java.util.Locale;

/** What became of the rollout that a message is about. */
public enum Status {
    /** The first primary serves. */
    INITIALIZED,
    /** A run begins. */
    STARTED,
    /** Something is to be known of a run that goes on, or nothing is known of what became of it. */
    PROGRESSING,
    /** A gate is closed. */
    WAITING,
    /** The analysis failed, and people are to decide. */
    HELD,
    /** The revision was promoted. */
    SUCCEEDED,
    /** The revision was taken back by its author. */
    WITHDRAWN,
    /** Another revision was released before this one's run had ended. */
    SUPERSEDED,
    /** The revision was not promoted, or the first primary not made. */
    FAILED,
    /** It is about several rollouts. */
    DIGEST;

    /** By its word in records; one of a later release counts as PROGRESSING. */
    public static Status of(String word) {
        for (Status each : values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        return PROGRESSING;
    }

    /** As records, templates and documents have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Somebody has to look at it. */
    public boolean isTrouble() {
        return this == FAILED || this == HELD;
    }

    /** Its run has ended, and nothing more will be told of it. */
    public boolean isLast() {
        return this == SUCCEEDED || this == WITHDRAWN || this == SUPERSEDED || this == FAILED;
    }

    /** Nobody has to any more. */
    public boolean isGood() {
        return this == INITIALIZED || this == SUCCEEDED || this == WITHDRAWN;
    }
}
