package dev.serinus.loadtester.gate;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The two gates that a canary has. */
public enum GateKind {
    /** Of the hooks that confirm: while it is closed the rollout waits. */
    GATE,
    /** Of the rollback hooks: while it is open the rollout is taken back. */
    ROLLBACK;

    /** As paths have it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<GateKind> of(String written) {
        return Stream.of(values()).filter(kind -> kind.title().equals(written)).findFirst();
    }
}
