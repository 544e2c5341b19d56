package dev.serinus.loadtester.command;

import static java.util.stream.Collectors.partitioningBy;

import java.util.List;
import java.util.Map;

/**
 * Which of the programs that tests usually run are here, so that whoever starts a load tester sees
 * at once that one is not.
 */
public record Programs(List<String> found, List<String> missing) {

    /** Those whose numbers are read, and what else guides for Flagger call. */
    private static final List<String> USUAL =
            List.of(
                    "hey",
                    "wrk",
                    "ghz",
                    "k6",
                    "artillery",
                    "newman",
                    "curl",
                    "bats",
                    "bash",
                    "helm",
                    "kubectl");

    public Programs {
        found = List.copyOf(found);
        missing = List.copyOf(missing);
    }

    /** On the PATH of what commands are given. */
    public static Programs of(Map<String, String> environment) {
        var here =
                USUAL.stream()
                        .collect(
                                partitioningBy(
                                        name ->
                                                ProcessGroup.program(name, environment)
                                                        .isPresent()));
        return new Programs(
                here.getOrDefault(true, List.of()), here.getOrDefault(false, List.of()));
    }
}
