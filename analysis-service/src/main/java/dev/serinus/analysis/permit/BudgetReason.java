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
            // It could not begin, and would take the place from somebody who can.
            if (full(used, holder).isEmpty() && !fleet.isSilent(holder.canary())) {
                count(used, holder);
                running.add(holder.awaiting(List.of()).telling(Told.NOTHING));
                effects.add(new Granted(holder.canary(), holder.uid(), holder.step()));
            } else {
                waiting.add(holder);
            }
        }
        Fleet settled = fleet.with(running, waiting);
        return settled.with(running, told(settled, used, effects));
    }

    private static List<Holder> told(
            Fleet fleet, Map<String, Integer> used, List<FleetEffect> effects) {
        Map<String, Integer> before = new HashMap<>();
        Map<Asker, String> reasons = new HashMap<>();
        List<Holder> line = new ArrayList<>();
        for (Holder holder : fleet.line()) {
            var silence = fleet.silenceOf(holder.canary());
            var claim = full(used, holder).or(() -> holder.claims().stream().findFirst());
            int place = 1 + claim.map(one -> before.getOrDefault(one.scope(), 0)).orElse(0);
            var told =
                    new Told(
                            place,
                            silence.map(
                                            own ->
                                                    own.words()
                                                            + ", and it may begin once that is"
                                                            + " heard again")
                                    .orElseGet(
                                            () ->
                                                    reasons.computeIfAbsent(
                                                            new Asker(
                                                                    claim.orElseThrow(),
                                                                    holder.namespace()),
                                                            asker -> because(fleet, used, asker))));
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
    private static String because(Fleet fleet, Map<String, Integer> used, Asker asker) {
        var claim = asker.claim();
        int count = used.getOrDefault(claim.scope(), 0);
        var holders =
                fleet.running().stream().filter(holder -> holder.claims(claim.scope())).toList();
        var near =
                holders.stream()
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
        long silent = holders.stream().filter(holder -> fleet.isSilent(holder.canary())).count();
        if (silent > 0) {
            who.add("%d of these in clusters from which nothing comes".formatted(silent));
        }
        return "%d of %d in %s: %s"
                .formatted(count, claim.most(), claim.scope(), String.join(", ", who));
    }
}
