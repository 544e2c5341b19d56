package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.GateLimit;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.ScoreRule;
import dev.serinus.analysis.rollout.plan.Plan;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.HookType.Meaning;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the machine knows of a Canary's spec: validated, defaulted, without secrets.
 *
 * @param delay how long a canary that is ready is left alone before the first step; null for not at
 *     all
 * @param score over all comparisons; null where each of them has to hold
 * @param baseline a run has a third workload, which the canary is compared with
 * @param dryRun all is to be decided and told, and nothing done
 * @param rules what it says that Flagger has no word for; null where it says nothing
 */
public record Spec(
        String provider,
        Target target,
        String service,
        Duration progressDeadline,
        boolean skipAnalysis,
        boolean suspend,
        boolean restoresOnDeletion,
        Duration interval,
        @Nullable Duration delay,
        int threshold,
        Strategy strategy,
        List<Check> checks,
        List<Hook> hooks,
        @Nullable ScoreRule score,
        boolean baseline,
        boolean dryRun,
        @Nullable RunRules rules) {

    /** What it says of its runs beyond Flagger, or what holds where it says nothing. */
    RunRules ruled() {
        return rules == null ? RunRules.NONE : rules;
    }

    /** True where a metric is compared with another side's. */
    public boolean compares() {
        return checks.stream().anyMatch(check -> check.compare() != null);
    }

    public Spec {
        checks = List.copyOf(checks);
        hooks = List.copyOf(hooks);
    }

    /** The workload that is released. */
    public record Target(String apiVersion, String kind, String name) {

        /** True where it runs pods of its own, which can be scaled. */
        boolean hasPods() {
            return TargetKind.of(apiVersion, kind).filter(TargetKind::hasPods).isPresent();
        }

        /** True for the same workload, whatever version of its kind either is written with. */
        boolean isSameAs(Target other) {
            return name.equals(other.name)
                    && kind.equals(other.kind)
                    && TargetKind.of(apiVersion, kind)
                            .equals(TargetKind.of(other.apiVersion, other.kind));
        }
    }

    /**
     * One webhook; its place in the list is its path.
     *
     * @param limit how long it may keep its gate closed; null for as long as it likes
     */
    public record Hook(
            String name,
            HookType type,
            Duration timeout,
            int retries,
            boolean muteAlert,
            @Nullable GateLimit limit) {

        /**
         * How long all of its attempts may take at most: between them it waits for as long as the
         * hook asks for, which is 30 s at most.
         */
        public Duration patience() {
            return timeout.multipliedBy(retries + 1L).plusSeconds(30L * retries + 10);
        }
    }

    /** The places of the hooks whose answer means this, in order. */
    public List<Integer> hooks(Meaning meaning) {
        return IntStream.range(0, hooks.size())
                .filter(place -> hooks.get(place).type().meaning().equals(meaning))
                .boxed()
                .toList();
    }

    /**
     * What tells each gate of a point from the others there, by place: two may have one name. Empty
     * for no gate.
     */
    List<String> gateKeys() {
        Set<WaitingGate> taken =
                IntStream.range(0, hooks.size())
                        .mapToObj(place -> gate(place, hooks.get(place).name()))
                        .flatMap(Optional::stream)
                        .collect(Collectors.toSet());
        Set<WaitingGate> had = new HashSet<>();
        return IntStream.range(0, hooks.size())
                .mapToObj(place -> gate(place, hooks.get(place).name()))
                .map(gate -> gate.map(named -> key(named, taken, had)).orElse(""))
                .toList();
    }

    /** The name where no gate before has it, else the next that no gate of the point is called. */
    private static String key(WaitingGate named, Set<WaitingGate> taken, Set<WaitingGate> had) {
        if (had.add(named)) {
            return named.hook();
        }
        return IntStream.iterate(2, which -> which + 1)
                .mapToObj(which -> new WaitingGate(named.point(), named.hook() + "#" + which))
                .filter(gate -> !taken.contains(gate) && had.add(gate))
                .findFirst()
                .orElseThrow()
                .hook();
    }

    private Optional<WaitingGate> gate(int place, String name) {
        return hooks.get(place).type().meaning() instanceof Meaning.Confirms(var point)
                ? Optional.of(new WaitingGate(point, name))
                : Optional.empty();
    }

    /** Those of all gates of a point that have this name; the name itself where none has it. */
    List<String> gateKeys(WaitingGate named) {
        var keys = gateKeys();
        var all =
                IntStream.range(0, keys.size())
                        .filter(
                                place ->
                                        gate(place, hooks.get(place).name())
                                                .equals(Optional.of(named)))
                        .mapToObj(keys::get)
                        .toList();
        return all.isEmpty() ? List.of(named.hook()) : all;
    }

    /** False for a mesh that has no routes: its apex always leads to the primary. */
    boolean routes() {
        return mesh().hasRoutes();
    }

    /** False for a mesh whose weights are whole percents. */
    boolean hasFineWeights() {
        return mesh().can(Ability.FINE_WEIGHTS);
    }

    private Mesh mesh() {
        return Meshes.of(provider, ruled().splitsByReplicas());
    }

    /** True where a route that shows this weight sends only matching requests to the canary. */
    boolean matches(Weight canaryWeight) {
        return canaryWeight.isAny() && strategy.matched() && routes();
    }

    /** True where the other says the same but for {@code suspend}. */
    boolean isButForSuspend(Spec other) {
        return equals(
                new Spec(
                        other.provider,
                        other.target,
                        other.service,
                        other.progressDeadline,
                        other.skipAnalysis,
                        suspend,
                        other.restoresOnDeletion,
                        other.interval,
                        other.delay,
                        other.threshold,
                        other.strategy,
                        other.checks,
                        other.hooks,
                        other.score,
                        other.baseline,
                        other.dryRun,
                        other.rules));
    }

    /** The stops of a run that begins now; none where the analysis is skipped. */
    List<Stop> stops() {
        if (skipAnalysis) {
            return List.of();
        }
        var stops = Plan.of(strategy, routes());
        return baseline ? Plan.besideBaseline(stops) : stops;
    }
}
