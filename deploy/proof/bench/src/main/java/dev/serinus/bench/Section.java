package dev.serinus.bench;

import java.util.Locale;
import java.util.Set;

/** What can be measured by itself. */
enum Section {
    STARTUP,
    LATENCY,
    CPU,
    TESTBED,
    SCALE;

    /** Those that need a real control plane, and much longer. */
    static final Set<Section> ON_REQUEST = Set.of(TESTBED, SCALE);

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
