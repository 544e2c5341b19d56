package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.FleetEffect.GroupFailed;
import dev.serinus.analysis.permit.FleetEffect.GroupOpened;
import dev.serinus.analysis.permit.FleetEffect.GroupWaits;
import dev.serinus.analysis.permit.FleetEvent.JoinedGroup;
import dev.serinus.analysis.permit.FleetEvent.LeftGroup;
import dev.serinus.analysis.permit.FleetEvent.StandingTold;
import dev.serinus.analysis.permit.Groups.Member;
import dev.serinus.analysis.permit.Waves.Seen;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Standing;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One of a group is not ready to be promoted yet. All that wait for each other are let through by
 * one decision, in which each of them is ready; one that fails before takes the others back.
 */
final class GroupReason implements WaitingReason {

    // ---- what is said

    static Fleet joined(Fleet fleet, JoinedGroup joined, List<FleetEffect> effects) {
        var groups = fleet.together();
        var known = groups.of(joined.canary()).orElse(null);
        boolean same = known != null && known.uid().equals(joined.uid());
        if (known != null && same && known.step() > joined.step()) {
            return fleet;
        }
        if (known == null || !same || known.step() < joined.step()) {
            return fleet.with(groups.without(joined.canary()).plus(Member.of(joined)));
        }
        if (known.failed() != null) {
            effects.add(failed(known, known.failed()));
        } else if (known.state() == GroupState.OPEN && joined.state() != GroupState.OPEN) {
            effects.add(opened(known));
        }
        var again = known.again(joined);
        return fleet.with(groups.each(one -> one.equals(known) ? again : one));
    }

    /**
     * One that failed takes those back that were not let through yet, and those with them; also one
     * that was let through by itself.
     */
    static Fleet left(Fleet fleet, LeftGroup left, List<FleetEffect> effects) {
        var groups = fleet.together();
        var member = groups.of(left.canary()).orElse(null);
        if (member == null || !member.uid().equals(left.uid()) || member.step() > left.step()) {
            return fleet;
        }
        var rest = groups.without(left.canary());
        if (!left.failed() || member.isThrough() || member.failed() != null) {
            return fleet.with(rest);
        }
        var taken = takenBack(rest, member);
        taken.forEach(one -> effects.add(failed(one, member.canary())));
        return fleet.with(
                rest.each(one -> taken.contains(one) ? one.failed(member.canary()) : one));
    }

    private static Set<Member> takenBack(Groups groups, Member first) {
        Set<Member> taken = new LinkedHashSet<>();
        List<Member> failed = new ArrayList<>(List.of(first));
        for (int at = 0; at < failed.size(); at++) {
            var one = failed.get(at);
            groups.members().stream()
                    .filter(other -> other.state() != GroupState.OPEN && other.failed() == null)
                    .filter(other -> !isNewer(other, first))
                    .filter(one::isWith)
                    .filter(taken::add)
                    .forEach(failed::add);
        }
        return taken;
    }

    /**
     * It is of what came after the one that failed, which was not tried there yet: it waits for
     * that. Its run began so much later; or it took the place of one that began nearer to that of
     * the one that failed, and so was of the same commit. In doubt it is taken back.
     */
    private static boolean isNewer(Member member, Member failed) {
        // Of a run that was found at work it may not be known when it began.
        boolean known = failed.since().isAfter(Instant.EPOCH);
        return known
                && (member.since().isAfter(shownAt(failed))
                        || tookThePlaceOfItsOwn(member, failed));
    }

    private static boolean tookThePlaceOfItsOwn(Member member, Member failed) {
        Instant earlier = member.earlier();
        if (earlier == null || !member.since().isAfter(failed.since())) {
            return false;
        }
        var apart = Duration.between(earlier, failed.since()).abs();
        return apart.compareTo(WaveReason.SHOWN_WITHIN) <= 0
                && apart.compareTo(Duration.between(failed.since(), member.since())) < 0;
    }

    /** How far one is that has no rollout here; of its words nothing is kept. */
    static Fleet heard(Fleet fleet, StandingTold told) {
        var groups = fleet.together();
        var names =
                groups.members().stream()
                        .map(member -> WaveReason.name(member.canary()))
                        .collect(Collectors.toSet());
        var standing = told.standing();
        var kept =
                new Standing(
                        standing.kind(),
                        "",
                        null,
                        null,
                        null,
                        "",
                        names.stream().filter(standing::allows).sorted().toList());
        return fleet.with(
                groups.seeing(
                        groups.seen().stream()
                                .map(
                                        seen ->
                                                seen.canary().equals(told.canary())
                                                        ? new Seen(
                                                                seen.canary(),
                                                                seen.asked(),
                                                                told.at(),
                                                                kept,
                                                                null)
                                                        : seen)
                                .toList()));
    }

    // ---- what follows

    @Override
    public Fleet settled(Fleet fleet, List<FleetEffect> effects) {
        var groups = GroupsRoom.fitting(fleet.together(), effects);
        if (groups.members().isEmpty()) {
            return fleet.with(Groups.NONE);
        }
        var asked =
                groups.seeing(WaveReason.asked(others(groups), groups.seen(), fleet.at(), effects));
        var ready = ready(fleet.with(asked));
        var opened =
                asked.each(
                        one -> {
                            if (!ready.contains(one)) {
                                return one;
                            }
                            effects.add(opened(one));
                            return one.opened();
                        });
        var settled = fleet.with(opened);
        return settled.with(opened.each(one -> told(settled, one, effects)));
    }

    /** Those that are named and have no rollout here. */
    private static Set<String> others(Groups groups) {
        return groups.members().stream()
                .flatMap(member -> member.others().stream())
                .filter(other -> groups.of(other).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The largest set of those that wait of whom each finds all of its others in it. */
    private static Set<Member> ready(Fleet fleet) {
        Set<Member> ready =
                fleet.together().members().stream()
                        .filter(one -> one.state() == GroupState.READY && one.failed() == null)
                        .filter(one -> !fleet.isSilent(one.canary()))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        while (ready.removeIf(one -> first(fleet, one, ready).isPresent())) {
            // Who waits for one that is not in it is not either.
        }
        return ready;
    }

    /** The first that one waits for; empty where there is none. */
    private static Optional<String> first(Fleet fleet, Member member, Set<Member> ready) {
        return member.others().stream()
                .filter(other -> isAwaited(fleet, member, other, ready))
                // Whoever waits as well is not what keeps it.
                .min(
                        Comparator.comparing(
                                other ->
                                        fleet.together()
                                                .of(other)
                                                .filter(one -> one.isWith(member))
                                                .filter(one -> one.state() == GroupState.READY)
                                                .filter(one -> !fleet.isSilent(other))
                                                .isPresent()));
    }

    private static boolean isAwaited(Fleet fleet, Member member, String other, Set<Member> ready) {
        var one = fleet.together().of(other).orElse(null);
        if (one != null && one.isWith(member)) {
            return !one.isThrough() && !ready.contains(one);
        }
        return !isAtRest(fleet, member, other) || shownAt(member).isAfter(fleet.at());
    }

    /** By then each of a group shows what one commit changes in all of them. */
    private static Instant shownAt(Member member) {
        return member.since().plus(WaveReason.SHOWN_WITHIN);
    }

    /**
     * It is known to have nothing new, or to be gone. One that failed has something new: without it
     * nobody is promoted who is promoted with it.
     */
    private static boolean isAtRest(Fleet fleet, Member member, String other) {
        return standing(fleet, member, other)
                .filter(
                        standing ->
                                switch (standing.kind()) {
                                    case RESTS, GONE -> true;
                                    case RUNS, FAILED -> false;
                                })
                .isPresent();
    }

    private static boolean hasFailed(Fleet fleet, Member member, String other) {
        return fleet.together().of(other).isEmpty()
                && standing(fleet, member, other)
                        .filter(standing -> standing.kind() == Standing.Kind.FAILED)
                        .isPresent();
    }

    private static Optional<Standing> standing(Fleet fleet, Member member, String other) {
        return fleet.together()
                .seenOf(other)
                .flatMap(seen -> WaveReason.standing(fleet, seen, member.canary()));
    }

    // ---- in words

    private static Member told(Fleet fleet, Member member, List<FleetEffect> effects) {
        if (member.state() != GroupState.READY || member.failed() != null) {
            return member;
        }
        var first = first(fleet, member, Set.of());
        String because =
                fleet.silenceOf(member.canary())
                        .map(own -> own.words() + ", which is its own")
                        .or(() -> first.map(other -> because(fleet, member, other)))
                        .orElse("");
        if (because.equals(member.told())) {
            return member;
        }
        Instant until =
                first.filter(other -> isOnlyShown(fleet, member, other)).isPresent()
                        ? shownAt(member)
                        : null;
        effects.add(new GroupWaits(member.canary(), member.uid(), member.step(), because, until));
        return member.telling(because);
    }

    private static boolean isOnlyShown(Fleet fleet, Member member, String other) {
        return fleet.together().of(other).filter(one -> one.isWith(member)).isEmpty()
                && isAtRest(fleet, member, other);
    }

    private static String because(Fleet fleet, Member member, String other) {
        var groups = fleet.together();
        var one = groups.of(other).orElse(null);
        boolean both = one != null && one.isWith(member);
        var silence =
                both
                        ? fleet.silenceOf(other).map(SilentCluster::words)
                        : WaveReason.silence(
                                fleet, groups.seenOf(other).orElse(null), other, member.canary());
        if (silence.isPresent()) {
            return "%s, and how far %s is there is not known".formatted(silence.get(), other);
        }
        if (one != null && one.isWith(member)) {
            return switch (one.state()) {
                case RUNS -> other + " is not ready to be promoted yet";
                case READY -> other + " waits for others";
                case OPEN -> other + " is let through by itself, and not promoted yet";
            };
        }
        if (isOnlyShown(fleet, member, other)) {
            return "%s to show a new revision as well, if there is one, until %s"
                    .formatted(other, shownAt(member));
        }
        if (hasFailed(fleet, member, other)) {
            return other + " failed: retry it, or let this one go on without it by approve";
        }
        if (!WaveReason.isNear(member.canary(), other)) {
            return other + ", which has to name this one in its group";
        }
        boolean known = one != null || standing(fleet, member, other).isPresent();
        return known
                ? other + " runs, and does not name this one in its group"
                : "nothing is known of %s yet".formatted(other);
    }

    private static GroupOpened opened(Member one) {
        return new GroupOpened(one.canary(), one.uid(), one.step());
    }

    private static GroupFailed failed(Member one, @Nullable String who) {
        return new GroupFailed(one.canary(), one.uid(), one.step(), String.valueOf(who));
    }
}
