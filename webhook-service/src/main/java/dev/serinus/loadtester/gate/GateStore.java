package dev.serinus.loadtester.gate;

import java.util.Map;
import java.util.Optional;

/** Where gates are kept. What was kept is found again, by whoever asks after it returned. */
public interface GateStore extends AutoCloseable {

    /** How a gate stands; empty where nobody ever opened or closed it, which is as closed. */
    Optional<Gate> find(GateName name) throws Unavailable, InterruptedException;

    /** All of them. */
    Map<GateName, Gate> all() throws Unavailable, InterruptedException;

    /** Keeps it; returns once a restart would not forget it. */
    void keep(GateName name, Gate gate) throws Unavailable, InterruptedException;

    /** In a sentence, for the log at start. */
    String place();

    @Override
    void close();

    /** The place does not answer now. */
    final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        Unavailable(String because) {
            super(because);
        }
    }
}
