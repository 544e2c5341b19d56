package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.FleetEffect.Granted;
import dev.serinus.analysis.permit.FleetEvent.Asked;
import dev.serinus.analysis.permit.FleetEvent.ClusterSilence;
import dev.serinus.analysis.permit.FleetEvent.JoinedGroup;
import dev.serinus.analysis.permit.FleetEvent.LeftGroup;
import dev.serinus.analysis.permit.FleetEvent.OfRollout;
import dev.serinus.analysis.permit.FleetEvent.Returned;
import dev.serinus.analysis.permit.FleetEvent.StandingTold;
import dev.serinus.analysis.permit.Groups.Member;
import dev.serinus.analysis.permit.Holder.Told;
import dev.serinus.analysis.rollout.gate.Claim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Who of those that share budgets may run. No clock, no cluster, no broker; total: what comes late
 * or twice changes nothing.
 *
 * <p>Whoever waits for promotions of others comes into the line when these were made. The line is
 * in the order of coming there. Whoever finds room in each of its budgets begins; one is passed
 * over only while one of its own budgets is full, so that a full namespace holds up no other. All
 * of them say from time to time that they are there. Whoever says nothing for long, while others
 * do, is taken for gone; should it speak again, it counts at once. Of a cluster from which nothing
 * comes nothing is known: nobody goes on upon its last word, and it loses nothing meanwhile.
 */
public final class FleetMachine {

    /** Where nobody at all said anything for so long, nobody decided. */
    private static final Duration OFF = Claim.SAID_AGAIN_AFTER.multipliedBy(2);

    /** In their order: a place in a budget is taken only by who could begin. */
    private static final List<WaitingReason> REASONS =
            List.of(new WaveReason(), new BudgetReason(), new GroupReason());

    private FleetMachine() {}

    /** What follows from an event: the state to keep and what is told. */
    public static FleetTransition next(Fleet before, FleetEvent event) {
        Fleet fleet = before.at(event.at(), OFF);
        var unheard = fleet.all().filter(holder -> isUnheard(fleet, holder, event)).toList();
        Fleet speaking =
                unheard.isEmpty() ? fleet : fleet.only(holder -> !unheard.contains(holder));
        Fleet heard =
                speaking.with(speaking.together().only(member -> !isUnheard(fleet, member, event)));
        List<FleetEffect> effects = new ArrayList<>();
        Fleet taken =
                switch (event) {
                    case Asked asked -> asked(heard, asked, effects);
                    case Returned returned -> returned(heard, returned);
                    case StandingTold told -> WaveReason.heard(heard, told);
                    case JoinedGroup joined -> GroupReason.joined(heard, joined, effects);
                    case LeftGroup left -> GroupReason.left(heard, left, effects);
                    case ClusterSilence told -> heard.knowing(told);
                };
        return new FleetTransition(
                settled(taken, effects).withoutSilenceOfNobody(), effects, unheard);
    }

    private static boolean isUnheard(Fleet fleet, Holder holder, FleetEvent event) {
        boolean speaks = event instanceof OfRollout by && holder.is(by.canary(), by.uid());
        return !speaks && isOverdue(fleet, holder.canary(), holder.heard());
    }

    /** Of a group it does not matter which of its lives a canary speaks of. */
    private static boolean isUnheard(Fleet fleet, Member member, FleetEvent event) {
        boolean speaks = event instanceof OfRollout by && member.canary().equals(by.canary());
        return !speaks && isOverdue(fleet, member.canary(), member.heard());
    }

    /** That nothing is heard of a rollout whose cluster is silent says nothing of the rollout. */
    private static boolean isOverdue(Fleet fleet, String canary, Instant heard) {
        return fleet.at().isAfter(heard.plus(Claim.UNHEARD_AFTER)) && !fleet.keepsPlace(canary);
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
        // A canary has one rollout at a time: what an earlier one held is given back by this.
        return entered(fleet.without(asked.canary()), Holder.of(asked), asked.running());
    }

    private static Fleet entered(Fleet fleet, Holder holder, boolean running) {
        if (running) {
            return fleet.withRunning(holder.awaiting(List.of()));
        }
        return holder.awaited().isEmpty() ? fleet.withWaiting(holder) : fleet.withBehind(holder);
    }

    /** The same asking: answered as it was, with the budgets as they are now. */
    private static Fleet again(Fleet fleet, Holder holder, Asked asked, List<FleetEffect> effects) {
        var claiming = holder.claiming(asked.claims()).heard(asked.at());
        if (!fleet.runs(holder) && !holder.isFor(asked.after())) {
            // It waits for something else by now, and is where it is only with what it waited for.
            return entered(
                    fleet.without(holder.canary()),
                    claiming.since(asked.at()).awaiting(asked.after()).telling(Told.NOTHING),
                    asked.running());
        }
        if (fleet.runs(holder)) {
            if (!asked.running()) {
                effects.add(granted(holder));
            }
            return fleet.with(holder, claiming);
        }
        return asked.running()
                ? fleet.without(holder.canary())
                        .withRunning(claiming.awaiting(List.of()).telling(Told.NOTHING))
                : fleet.with(holder, claiming.telling(Told.NOTHING));
    }

    private static Fleet returned(Fleet fleet, Returned returned) {
        return fleet.known(returned.canary(), returned.uid())
                .filter(holder -> holder.step() <= returned.step())
                .map(holder -> fleet.without(holder.canary()))
                .orElse(fleet);
    }

    /** Whoever nothing keeps begins, and those in front learn where they stand. */
    private static Fleet settled(Fleet fleet, List<FleetEffect> effects) {
        Fleet settled = fleet;
        for (WaitingReason reason : REASONS) {
            settled = reason.settled(settled, effects);
        }
        return settled;
    }

    private static Granted granted(Holder holder) {
        return new Granted(holder.canary(), holder.uid(), holder.step());
    }
}
