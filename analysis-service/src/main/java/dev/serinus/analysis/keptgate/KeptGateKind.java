package dev.serinus.analysis.keptgate;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The two gates that a load tester keeps of a canary. */
public enum KeptGateKind {
    /** Of the hooks that confirm: while it is closed the rollout waits. */
    GATE,
    /** Of the hooks that ask whether to take it back: while it is open it is taken back. */
    ROLLBACK;

    /** As records and paths have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty where there is no such gate. */
    public static Optional<KeptGateKind> of(String word) {
        return Stream.of(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
