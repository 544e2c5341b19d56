package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.FleetEffect.Granted;
import dev.serinus.analysis.permit.Holder.Told;
import dev.serinus.analysis.rollout.gate.Claim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A budget is full. Whoever finds room in each of its own begins. */
final class BudgetReason implements WaitingReason {

    /** So many of those that use a full budget are named, of the namespace of who waits. */
    private static final int NAMED = 3;

    @Override
    public Fleet settled(Fleet fleet, List<FleetEffect> effects) {
        List<Holder> running = new ArrayList<>(fleet.running());
        Map<String, Integer> used = new HashMap<>();
        running.forEach(holder -> count(used, holder));
        List<Holder> waiting = new ArrayList<>();
        for (Holder holder : fleet.line()) {
            if (full(used, holder).isEmpty()) {
                count(used, holder);
                running.add(holder.awaiting(List.of()).telling(Told.NOTHING));
                effects.add(new Granted(holder.canary(), holder.uid(), holder.step()));
            } else {
                waiting.add(holder);
            }
        }
        return fleet.with(running, told(running, used, waiting, effects));
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
            line.add(WaitingTold.of(holder, told, effects));
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
}
