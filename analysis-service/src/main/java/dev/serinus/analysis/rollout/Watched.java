package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Governed.Watch;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.Standing;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a canary that others wait for tells them. It is looked at once, after everything else is
 * decided: whatever changed, they learn it.
 */
final class Watched {

    private Watched() {}

    /** They ask: they are told, and for a while of each change. */
    static TransitionBuilder asked(TransitionBuilder t) {
        return t.with(with(t.now(), new Watch(t.at().plus(Claim.UNHEARD_AFTER), null)));
    }

    /** Tells those that wait for it where it stands by now, if that is news to them. */
    static Transition told(Rollout before, Transition decided) {
        Rollout after = decided.state();
        var at = after.at();
        Watch watch = of(after) == null ? of(before) : of(after);
        if (watch == null || at == null) {
            return decided;
        }
        if (watch.until().isBefore(at)) {
            return new Transition(with(after, null), decided.effects());
        }
        var standing = standing(after);
        if (standing.equals(watch.told())) {
            return decided;
        }
        var effects = new ArrayList<>(decided.effects());
        effects.add(
                new Effect.TellStanding(
                        after.uid().isEmpty() ? before.uid() : after.uid(), standing));
        return new Transition(with(after, new Watch(watch.until(), standing)), effects);
    }

    private static @Nullable Watch of(Rollout r) {
        var governed = r.governed();
        return governed == null ? null : governed.watch();
    }

    private static Rollout with(Rollout r, @Nullable Watch watch) {
        var governed = r.governed();
        return r.with(
                (governed == null ? Governed.of(FleetRules.NONE) : governed).with(watch).orNone());
    }

    private static Standing standing(Rollout r) {
        Workload target = r.target();
        String release = target == null ? "" : target.released();
        Released promoted = promoted(r);
        return new Standing(
                kind(r),
                release,
                promoted == null ? null : promoted.release(),
                promoted == null ? null : promoted.at(),
                promoted == null ? null : promoted.known(),
                words(r),
                awaitedBy(r));
    }

    /** Whoever it is promoted with may know how far it is as well. */
    private static @Nullable List<String> awaitedBy(Rollout r) {
        var spec = r.spec();
        if (spec == null) {
            return null;
        }
        var named = spec.ruled().awaitedBy();
        var group = spec.ruled().group();
        return group == null
                ? named
                : Stream.concat(
                                named == null ? Stream.of() : named.stream(),
                                group.others(r.canary()).stream()
                                        .map(other -> CanaryKey.parse(other).namespace()))
                        .distinct()
                        .toList();
    }

    /** What was only tried was promoted nowhere. */
    private static @Nullable Released promoted(Rollout r) {
        return DryRun.isOn(r) ? null : r.revisions().released();
    }

    private static Standing.Kind kind(Rollout r) {
        return switch (r.stage().part()) {
            case NONE, DELETION ->
                    r.gone() || r.manifest().deleting() ? Standing.Kind.GONE : Standing.Kind.RESTS;
            case REST, END -> atRest(r);
            // What is only tried is promoted nowhere.
            case INITIALIZATION, START, ANALYSIS, PROMOTION, ROLLBACK ->
                    DryRun.isOn(r) ? Standing.Kind.RESTS : Standing.Kind.RUNS;
        };
    }

    /** Held at rest, what its target shows is to be rolled out all the same. */
    private static Standing.Kind atRest(Rollout r) {
        if (Revisions.isDue(r) && !DryRun.isOn(r)) {
            return Standing.Kind.RUNS;
        }
        Workload target = r.target();
        boolean reverted = target != null && Revisions.isPromoted(r, target);
        return r.phase() == Phase.FAILED && !reverted ? Standing.Kind.FAILED : Standing.Kind.RESTS;
    }

    private static String words(Rollout r) {
        var weight = r.traffic().canaryWeight();
        return r.shown().text() + (weight.isAny() ? " at %s %%".formatted(weight) : "");
    }
}
