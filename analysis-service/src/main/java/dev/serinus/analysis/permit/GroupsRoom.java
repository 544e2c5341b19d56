package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.FleetEffect.GroupWaits;
import dev.serinus.analysis.permit.Groups.Member;
import dev.serinus.analysis.rollout.gate.GroupState;

import java.util.Comparator;
import java.util.List;

/**
 * Room for rollouts of groups in the one record of an installation. It is looked at after whatever
 * was said, since an edit may name more and longer ones than were named before. Those of the
 * namespace that has most of it go first, so that each has a share.
 */
final class GroupsRoom {

    /** In bytes as they are written, of those of one namespace name in all clusters, and of all. */
    static final int MOST_OF_ONE = 32 << 10;

    static final int MOST_OF_ALL = 192 << 10;

    /** What is written beside texts, at most: names of fields, numbers, times. */
    private static final int MEMBER = 340;

    private static final int QUOTED = 3;

    /** What is told of another, beside its name. */
    private static final int TOLD = 120;

    private GroupsRoom() {}

    /**
     * Those for whom there is room. The others are told so, are not kept, and come again.
     *
     * @param effects what is told is added here, in place of what was told to them before
     */
    static Groups fitting(Groups groups, List<FleetEffect> effects) {
        Groups fitting = groups;
        while (true) {
            var largest = sizes(fitting).crowding(MOST_OF_ONE, MOST_OF_ALL);
            if (largest.isEmpty()) {
                return fitting;
            }
            var last = last(fitting, largest.get());
            fitting = fitting.without(last.canary());
            effects.removeIf(
                    effect ->
                            effect instanceof GroupWaits && effect.canary().equals(last.canary()));
            effects.add(
                    new GroupWaits(
                            last.canary(),
                            last.uid(),
                            last.step(),
                            "there are too many rollouts of groups of its namespace already",
                            null));
        }
    }

    /** The last of a namespace; of whom it was decided already only where there is nobody else. */
    private static Member last(Groups groups, String namespace) {
        return groups.members().stream()
                .filter(one -> WaveReason.name(one.canary()).equals(namespace))
                .sorted(Comparator.comparing(GroupsRoom::isUndecided))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    private static boolean isUndecided(Member member) {
        return member.state() != GroupState.OPEN && member.failed() == null;
    }

    private static NamespaceSizes sizes(Groups groups) {
        var sizes = new NamespaceSizes(groups.seen());
        groups.members().forEach(member -> sizes.countsItself(member.canary()));
        for (Member member : groups.members()) {
            sizes.add(member.canary(), of(member), member.others().stream());
        }
        return sizes;
    }

    // ---- as written, at most

    private static int of(Member member) {
        return MEMBER
                + WavesRoom.of(member.canary())
                + WavesRoom.of(member.uid())
                + WavesRoom.of(member.group())
                + WavesRoom.of(member.failed())
                + member.others().stream().mapToInt(other -> QUOTED + WavesRoom.of(other)).sum()
                // Whom it waits for is told after this, and is one of them.
                + TOLD
                + member.others().stream().mapToInt(WavesRoom::of).max().orElse(0);
    }
}
