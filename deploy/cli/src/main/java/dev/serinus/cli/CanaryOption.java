package dev.serinus.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/** Of which Canary a command tells; of all where none is named. */
public final class CanaryOption {

    @Option(
            names = "--canary",
            paramLabel = "[CLUSTER/]NAMESPACE/NAME",
            description = "Only this one.")
    private @Nullable String canary;

    /** As it was named; null where all are meant. */
    @Nullable String name() {
        return canary;
    }

    /**
     * @param key cluster/namespace/name
     */
    public boolean includes(String key) {
        return canary == null || key.equals(canary) || key.endsWith("/" + canary);
    }
}
