package dev.serinus.bench;

import java.util.Locale;

/** What can be measured by itself. */
enum Section {
    STARTUP,
    LATENCY,
    CPU,
    TESTBED;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
