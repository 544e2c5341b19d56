package dev.serinus.cli;

import picocli.CommandLine.Option;

import java.util.List;

/** Which labels count: of {@code run}, and of what shows what {@code run} would write. */
public final class LabelOptions {

    @Option(
            names = "--selector-labels",
            paramLabel = "LABELS",
            split = ",",
            description =
                    "Labels by which workloads are told apart (default:"
                            + " app,name,app.kubernetes.io/name).")
    private List<String> selectorLabels = List.of("app", "name", "app.kubernetes.io/name");

    @Option(
            names = "--include-label-prefix",
            paramLabel = "PREFIXES",
            split = ",",
            description = "Labels and annotations copied to the primary; * for all.")
    private List<String> includeLabelPrefixes = List.of();

    /** The first of these that a workload has is its selector. */
    public List<String> selectorLabels() {
        return selectorLabels;
    }

    /** Empty for none. */
    public List<String> includeLabelPrefixes() {
        return includeLabelPrefixes;
    }
}
