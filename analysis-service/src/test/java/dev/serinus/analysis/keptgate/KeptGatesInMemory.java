package dev.serinus.analysis.keptgate;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gates as a test makes them up. */
public final class KeptGatesInMemory implements KeptGates {

    private final Set<String> clusters;
    private final Map<CanaryKey, List<KeptGate>> gates = new TreeMap<>();
    private boolean overtaken;

    /** In clusters with a load tester. */
    public KeptGatesInMemory(String... clusters) {
        this.clusters = Set.of(clusters);
    }

    /** From now on somebody else turns them at the same moment. */
    public synchronized void overtake() {
        overtaken = true;
    }

    @Override
    public synchronized Seen read(Predicate<String> wanted) {
        return new Seen(
                clusters.stream().filter(wanted).collect(Collectors.toSet()),
                gates.entrySet().stream()
                        .filter(each -> wanted.test(each.getKey().cluster()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @Override
    public synchronized boolean turn(CanaryKey canary, KeptGate gate) {
        if (!clusters.contains(canary.cluster())) {
            throw new LookupFailed("no load tester keeps gates in " + canary.cluster());
        }
        if (overtaken) {
            return false;
        }
        gates.put(
                canary,
                Stream.concat(
                                Stream.of(gate),
                                gates.getOrDefault(canary, List.of()).stream()
                                        .filter(other -> other.kind() != gate.kind()))
                        .toList());
        return true;
    }
}
