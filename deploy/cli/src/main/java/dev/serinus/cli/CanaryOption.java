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

    @Option(names = "--cluster", paramLabel = "NAME", description = "Only those of this cluster.")
    private @Nullable String cluster;

    /** As it was named; null where all are meant. */
    @Nullable String name() {
        return canary;
    }

    /**
     * @param key cluster/namespace/name
     */
    public boolean includes(String key) {
        return isOf(key.split("/", 2)[0]) && isNamed(key);
    }

    /** True for the cluster that was named, or any where none was. */
    public boolean isOf(String name) {
        return cluster == null || cluster.equals(name);
    }

    /** True for the one that was named, or any where none was, of whatever cluster. */
    public boolean isNamed(String key) {
        return canary == null || key.equals(canary) || key.endsWith("/" + canary);
    }
}
