package dev.serinus.schemas.hook;

import java.util.List;

/** Keys of metadata that each event sets itself, whatever the manifest of its hook says there. */
public final class EventMetadata {

    public static final String MESSAGE = "eventMessage";
    public static final String TYPE = "eventType";

    /** Milliseconds since the epoch. */
    public static final String TIMESTAMP = "timestamp";

    /** All of them. */
    public static final List<String> KEYS = List.of(MESSAGE, TYPE, TIMESTAMP);

    private EventMetadata() {}
}
