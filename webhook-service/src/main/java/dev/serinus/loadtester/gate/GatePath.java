package dev.serinus.loadtester.gate;

import java.util.Optional;
import java.util.stream.Stream;

/** The paths at which gates are asked and turned. What comes to any other path is a test. */
public enum GatePath {
    CHECK("/gate/check", GateKind.GATE, Does.ASK),
    OPEN("/gate/open", GateKind.GATE, Does.OPEN),
    CLOSE("/gate/close", GateKind.GATE, Does.CLOSE),
    APPROVE("/gate/approve", GateKind.GATE, Does.PASS),
    HALT("/gate/halt", GateKind.GATE, Does.FAIL),
    ROLLBACK_CHECK("/rollback/check", GateKind.ROLLBACK, Does.ASK),
    ROLLBACK_OPEN("/rollback/open", GateKind.ROLLBACK, Does.OPEN),
    ROLLBACK_CLOSE("/rollback/close", GateKind.ROLLBACK, Does.CLOSE);

    /** What a call to a path does. */
    public enum Does {
        /** Passes while the gate of the payload's canary is open. */
        ASK,
        /** Opens that gate, and passes. */
        OPEN,
        /** Closes it, and passes. */
        CLOSE,
        /** Passes, whoever asks. */
        PASS,
        /** Fails, whoever asks. */
        FAIL
    }

    private final String path;
    private final GateKind kind;
    private final Does does;

    GatePath(String path, GateKind kind, Does does) {
        this.path = path;
        this.kind = kind;
        this.does = does;
    }

    /** The one of a path without rows of slashes; empty where what comes to it is a test. */
    public static Optional<GatePath> of(String path) {
        return Stream.of(values()).filter(each -> each.path.equals(path)).findFirst();
    }

    /** True for a path that is none of these, and below which these are. */
    public static boolean isMistaken(String path) {
        return of(path).isEmpty()
                && Stream.of(GateKind.values())
                        .map(kind -> "/" + kind.title())
                        .anyMatch(folder -> path.equals(folder) || path.startsWith(folder + "/"));
    }

    /** As hooks call it. */
    public String path() {
        return path;
    }

    public GateKind kind() {
        return kind;
    }

    public Does does() {
        return does;
    }
}
