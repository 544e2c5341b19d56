package dev.serinus.analysis.forecast;

import dev.serinus.analysis.permit.Fleet;
import dev.serinus.analysis.permit.FleetEffect;
import dev.serinus.analysis.permit.FleetEvent;
import dev.serinus.analysis.permit.FleetMachine;
import dev.serinus.analysis.records.Inputs;
import dev.serinus.analysis.records.Outputs;
import dev.serinus.analysis.records.PermitRecords;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.Standing;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.schemas.canary.PassFreeze;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Many Canaries that are released at one moment, by the machines of rollouts and of the fleet, with
 * the rules of a fleet file. Those that they name and that are not among them have the same release
 * promoted, and nothing new. Used once.
 */
final class AssumedFleet implements Others {

    private final FleetConfig config;
    private final Instant start;
    private final Horizon horizon;
    private final Map<String, AssumedWorld> worlds = new TreeMap<>();

    /** What those that are not among them were asked about last. */
    private final Map<String, String> asked = new TreeMap<>();

    private Fleet fleet = Fleet.NOBODY;
    private Instant saysAgain;

    /**
     * @param horizon how far all of them are followed; what goes on waits for what is not assumed
     */
    AssumedFleet(FleetConfig config, Instant start, Horizon horizon) {
        this.config = config;
        this.start = start;
        this.horizon = horizon;
        this.saysAgain = start.plus(Claim.SAID_AGAIN_AFTER);
    }

    /**
     * How each of them goes, from the release on.
     *
     * @param passes what annotations ask for that are to let them pass freezes
     */
    Map<CanaryKey, Forecast> of(
            Map<CanaryKey, RolloutSpec> specs, Map<CanaryKey, PassFreeze> passes) {
        specs.forEach(
                (canary, spec) ->
                        worlds.put(
                                canary.toString(),
                                new AssumedWorld(
                                        canary,
                                        spec,
                                        passes.get(canary),
                                        Course.SOONEST,
                                        this,
                                        start)));
        worlds.values().forEach(world -> world.release(start));
        play();
        Map<CanaryKey, Forecast> forecasts = new LinkedHashMap<>();
        specs.keySet()
                .forEach(canary -> forecasts.put(canary, world(canary.toString()).forecast()));
        return forecasts;
    }

    private AssumedWorld world(String canary) {
        var world = worlds.get(canary);
        if (world == null) {
            throw new IllegalStateException(canary + " is not among those that are released");
        }
        return world;
    }

    private void play() {
        Instant last = start.plus(AssumedWorld.LONGEST);
        for (int left = horizon.events(); left > 0; ) {
            var first =
                    worlds.values().stream()
                            .filter(world -> !world.isOver())
                            .min(Comparator.comparing(AssumedWorld::next));
            if (first.isEmpty() || first.get().next().isAfter(last)) {
                return;
            }
            if (first.get().next().isAfter(saysAgain)) {
                sayAgain(); // as the shell does for each that has a place
                left--;
            } else {
                first.get().step();
                left -= horizon.counts(first.get().rollout().run().stops().size());
            }
        }
    }

    private void sayAgain() {
        Instant at = saysAgain;
        saysAgain = at.plus(Claim.SAID_AGAIN_AFTER);
        List.copyOf(worlds.values())
                .forEach(
                        world ->
                                world.rollout()
                                        .saidAgain()
                                        .forEach(effect -> hear(world, at, effect)));
    }

    @Override
    public FleetRules rules(Rollout rollout, Instant at) {
        return config.rules(rollout.canary(), rollout.manifest().labels(), at);
    }

    @Override
    public void hear(AssumedWorld from, Instant at, Effect said) {
        Rollout rollout = from.rollout();
        if (said instanceof Effect.AskPermit ask && ask.after() != null) {
            ask.after().forEach(one -> asked.put(one.canary(), one.release()));
        }
        var record = (Permit) Outputs.record(rollout.canary(), rollout.uid(), said);
        take(PermitRecords.event(record, at));
    }

    private void take(FleetEvent event) {
        var next = FleetMachine.next(fleet, event);
        fleet = next.state();
        for (FleetEffect effect : next.effects()) {
            var to = worlds.get(effect.canary());
            if (to != null) {
                var answer = PermitRecords.answer(PermitRecords.BUDGETS, effect);
                to.hearAt(event.at(), at -> Inputs.event(answer, at));
            } else if (effect instanceof FleetEffect.AskStanding(var canary)) {
                take(promoted(canary, event.at()));
            }
        }
    }

    /** One that is not among them has what is waited for, and rests. */
    private FleetEvent promoted(String canary, Instant at) {
        String release = asked.getOrDefault(canary, "");
        return new FleetEvent.StandingTold(
                at,
                canary,
                "",
                new Standing(Standing.Kind.RESTS, release, release, start, null, "", List.of("*")));
    }
}
