package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.FleetEffect.Granted;
import dev.serinus.analysis.permit.FleetEffect.Placed;
import dev.serinus.analysis.permit.FleetEvent.Asked;
import dev.serinus.analysis.permit.FleetEvent.Returned;
import dev.serinus.analysis.permit.Holder.Told;
import dev.serinus.analysis.rollout.gate.Claim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who of those that share budgets may run. No clock, no cluster, no broker; total: what comes late
 * or twice changes nothing.
 *
 * <p>The line is in the order of asking. Whoever finds room in each of its budgets begins; one is
 * passed over only while one of its own budgets is full, so that a full namespace holds up no
 * other. All of them say from time to time that they are there. Whoever says nothing for long,
 * while others do, is taken for gone; should it speak again, it counts at once.
 */
public final class FleetMachine {

    /** Where nobody at all said anything for so long, nobody decided. */
    private static final Duration OFF = Claim.SAID_AGAIN_AFTER.multipliedBy(2);

    /** Those in front learn each step forward; the others their place when they ask. */
    static final int FIRST = 10;

    /** So many of those that use a full budget are named, of the namespace of who waits. */
    private static final int NAMED = 3;

    private FleetMachine() {}

    /** What follows from an event: the state to keep and what is told. */
    public static FleetTransition next(Fleet before, FleetEvent event) {
        Fleet fleet = before.at(event.at(), OFF);
        var silent =
                Stream.concat(fleet.running().stream(), fleet.line().stream())
                        .filter(holder -> isSilent(holder, event))
                        .toList();
        Fleet heard = silent.isEmpty() ? fleet : fleet.only(holder -> !silent.contains(holder));
        List<FleetEffect> effects = new ArrayList<>();
        Fleet taken =
                switch (event) {
                    case Asked asked -> asked(heard, asked, effects);
                    case Returned returned -> returned(heard, returned);
                };
        return new FleetTransition(settled(taken, effects), effects, silent);
    }

    private static boolean isSilent(Holder holder, FleetEvent event) {
        return !holder.is(event.canary(), event.uid())
                && event.at().isAfter(holder.heard().plus(Claim.SILENT_AFTER));
    }

    private static Fleet asked(Fleet fleet, Asked asked, List<FleetEffect> effects) {
        var known = fleet.known(asked.canary(), asked.uid());
        if (known.filter(holder -> holder.step() > asked.step()).isPresent()) {
            return fleet;
        }
        var same = known.filter(holder -> holder.step() == asked.step());
        if (same.isPresent()) {
            return again(fleet, same.get(), asked, effects);
        }
        var holder =
                new Holder(
                        asked.canary(),
                        asked.uid(),
                        asked.step(),
                        asked.claims(),
                        asked.at(),
                        asked.at(),
                        Told.NOTHING);
        // A canary has one rollout at a time: what an earlier one held is given back by this.
        var others = fleet.without(asked.canary());
        return asked.running() ? others.withRunning(holder) : others.withWaiting(holder);
    }

    /** The same asking: answered as it was, with the budgets as they are now. */
    private static Fleet again(Fleet fleet, Holder holder, Asked asked, List<FleetEffect> effects) {
        var claiming = holder.claiming(asked.claims()).heard(asked.at());
        if (fleet.runs(holder)) {
            if (!asked.running()) {
                effects.add(granted(holder));
            }
            return fleet.with(holder, claiming);
        }
        return asked.running()
                ? fleet.without(holder.canary()).withRunning(claiming.telling(Told.NOTHING))
                : fleet.with(holder, claiming.telling(Told.NOTHING));
    }

    private static Fleet returned(Fleet fleet, Returned returned) {
        return fleet.known(returned.canary(), returned.uid())
                .filter(holder -> holder.step() <= returned.step())
                .map(holder -> fleet.without(holder.canary()))
                .orElse(fleet);
    }

    /** Whoever finds room begins, and those in front learn where they stand. */
    private static Fleet settled(Fleet fleet, List<FleetEffect> effects) {
        List<Holder> running = new ArrayList<>(fleet.running());
        Map<String, Integer> used = new HashMap<>();
        running.forEach(holder -> count(used, holder));
        List<Holder> waiting = new ArrayList<>();
        for (Holder holder : fleet.line()) {
            if (full(used, holder).isEmpty()) {
                count(used, holder);
                running.add(holder.telling(Told.NOTHING));
                effects.add(granted(holder));
            } else {
                waiting.add(holder);
            }
        }
        return new Fleet(running, told(running, used, waiting, effects), fleet.at());
    }

    private static List<Holder> told(
            List<Holder> running,
            Map<String, Integer> used,
            List<Holder> waiting,
            List<FleetEffect> effects) {
        Map<String, Integer> before = new HashMap<>();
        Map<Asker, String> reasons = new HashMap<>();
        List<Holder> line = new ArrayList<>();
        for (Holder holder : waiting) {
            var claim =
                    full(used, holder)
                            .orElseThrow(() -> new IllegalStateException("with room it has begun"));
            var told =
                    new Told(
                            1 + before.getOrDefault(claim.scope(), 0),
                            reasons.computeIfAbsent(
                                    new Asker(claim, holder.namespace()),
                                    asker -> because(running, used, asker)));
            count(before, holder);
            boolean isNews = !told.equals(holder.told());
            if (isNews && (told.place() <= FIRST || holder.told().equals(Told.NOTHING))) {
                effects.add(
                        new Placed(
                                holder.canary(),
                                holder.uid(),
                                holder.step(),
                                told.place(),
                                told.because()));
                line.add(holder.telling(told));
            } else {
                line.add(holder);
            }
        }
        return line;
    }

    private static void count(Map<String, Integer> counts, Holder holder) {
        holder.claims().forEach(claim -> counts.merge(claim.scope(), 1, Integer::sum));
    }

    /** The first of its budgets that is full; empty where it may begin. */
    private static Optional<Claim> full(Map<String, Integer> used, Holder holder) {
        return holder.claims().stream()
                .filter(claim -> used.getOrDefault(claim.scope(), 0) >= claim.most())
                .findFirst();
    }

    /** Whom a reason is for: who waits in one namespace learns the names of that one only. */
    private record Asker(Claim claim, String namespace) {}

    /**
     * Who has the places, the longest first: people ask them, and not us. Those of other namespaces
     * are counted, since whoever reads it may not be allowed to see them.
     */
    private static String because(List<Holder> running, Map<String, Integer> used, Asker asker) {
        var claim = asker.claim();
        int count = used.getOrDefault(claim.scope(), 0);
        var near =
                running.stream()
                        .filter(holder -> holder.claims(claim.scope()))
                        .filter(holder -> holder.namespace().equals(asker.namespace()))
                        .map(Holder::canary)
                        .toList();
        var who = new ArrayList<>(near.subList(0, Math.min(NAMED, near.size())));
        if (near.size() > NAMED) {
            who.add("%d more of this namespace".formatted(near.size() - NAMED));
        }
        if (count > near.size()) {
            who.add("%d of other namespaces".formatted(count - near.size()));
        }
        return "%d of %d in %s: %s"
                .formatted(count, claim.most(), claim.scope(), String.join(", ", who));
    }

    private static Granted granted(Holder holder) {
        return new Granted(holder.canary(), holder.uid(), holder.step());
    }
}
