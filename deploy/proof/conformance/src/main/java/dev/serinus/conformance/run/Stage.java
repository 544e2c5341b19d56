package dev.serinus.conformance.run;

import dev.serinus.conformance.recording.Recording;

import java.util.List;

/** Where scenarios are played: in memory, or on a real API server. */
public interface Stage extends AutoCloseable {

    /** Plays one scenario and returns what was recorded; may be called from several threads. */
    Recording play(String scenario) throws InterruptedException;

    /** The same scenarios, in the order in which they are best played. */
    default List<String> inOrder(List<String> scenarios) {
        return scenarios;
    }

    /** How many scenarios may be played beside each other. */
    int atOnce();

    @Override
    void close();
}
