package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.Waves.Seen;
import dev.serinus.analysis.rollout.gate.GroupState;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Rollouts of groups that go on, and what is known of those that they name and that do not.
 *
 * @param members in the order in which they came
 * @param seen those that were asked how far they are
 */
public record Groups(List<Member> members, List<Seen> seen) {

    /** Where no group has a rollout. */
    static final Groups NONE = new Groups(List.of(), List.of());

    public Groups {
        members = List.copyOf(members);
        seen = List.copyOf(seen);
    }

    /**
     * One rollout.
     *
     * @param step with which it came
     * @param others that it is to be promoted with
     * @param since when its run began
     * @param earlier when the run began of which it took the place; null where it took none
     * @param heard when it last said that it is there
     * @param told whom it waits for, as it was told last; null before anything
     * @param failed who failed, so that it is taken back; null while nobody did
     * @param alone it is let through by itself, by people or since its time was over: the others
     *     wait until it is promoted
     */
    public record Member(
            String canary,
            String uid,
            long step,
            String group,
            List<String> others,
            GroupState state,
            Instant since,
            @Nullable Instant earlier,
            Instant heard,
            @Nullable String told,
            @Nullable String failed,
            boolean alone) {
        public Member {
            others = List.copyOf(others);
        }

        static Member of(FleetEvent.JoinedGroup joined) {
            return new Member(
                    joined.canary(),
                    joined.uid(),
                    joined.step(),
                    joined.group(),
                    joined.others(),
                    joined.state(),
                    joined.since(),
                    joined.earlier(),
                    joined.at(),
                    null,
                    null,
                    joined.state() == GroupState.OPEN);
        }

        /** What it says by now under the same step. What was decided of it stays. */
        Member again(FleetEvent.JoinedGroup joined) {
            boolean open = state == GroupState.OPEN;
            return new Member(
                    canary,
                    uid,
                    step,
                    joined.group(),
                    joined.others(),
                    open ? GroupState.OPEN : joined.state(),
                    since,
                    earlier,
                    joined.at(),
                    null,
                    failed,
                    open ? alone : joined.state() == GroupState.OPEN);
        }

        /** It was let through together with all that it names. */
        boolean isThrough() {
            return state == GroupState.OPEN && !alone;
        }

        boolean is(String ofCanary, String ofUid) {
            return canary.equals(ofCanary) && uid.equals(ofUid);
        }

        /** Each names the other, under the same name of the group. */
        boolean isWith(Member other) {
            return group.equals(other.group)
                    && others.contains(other.canary)
                    && other.others.contains(canary);
        }

        Member heard(Instant at) {
            return new Member(
                    canary, uid, step, group, others, state, since, earlier, at, told, failed,
                    alone);
        }

        Member opened() {
            return new Member(
                    canary,
                    uid,
                    step,
                    group,
                    others,
                    GroupState.OPEN,
                    since,
                    earlier,
                    heard,
                    null,
                    failed,
                    false);
        }

        Member telling(@Nullable String other) {
            return new Member(
                    canary, uid, step, group, others, state, since, earlier, heard, other, failed,
                    alone);
        }

        Member failed(String who) {
            return new Member(
                    canary, uid, step, group, others, state, since, earlier, heard, null, who,
                    alone);
        }
    }

    Optional<Member> of(String canary) {
        return members.stream().filter(member -> member.canary().equals(canary)).findFirst();
    }

    Optional<Seen> seenOf(String canary) {
        return seen.stream().filter(one -> one.canary().equals(canary)).findFirst();
    }

    Groups with(List<Member> others) {
        return new Groups(others, seen);
    }

    Groups seeing(List<Seen> others) {
        return new Groups(members, others);
    }

    Groups without(String canary) {
        return with(members.stream().filter(one -> !one.canary().equals(canary)).toList());
    }

    Groups plus(Member last) {
        return with(Stream.concat(members.stream(), Stream.of(last)).toList());
    }

    Groups each(UnaryOperator<Member> change) {
        return with(members.stream().map(change).toList());
    }

    /** Who is not among them is gone; that is no failure. */
    Groups only(Predicate<Member> these) {
        return with(members.stream().filter(these).toList());
    }

    /** Time in which nobody could say anything counts for nobody. */
    Groups later(Duration passed) {
        return each(one -> one.heard(one.heard().plus(passed)));
    }
}
