package dev.serinus.analysis.permit;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * All that is known of one scope. Data only.
 *
 * @param running rollouts that have their places, in the order in which they got them
 * @param line rollouts that wait for budgets, in the order in which they came there
 * @param at when somebody last said something
 * @param waves who waits for promotions of others; null where nobody does. A release that does not
 *     know of them drops them, and cannot let them begin
 * @param groups rollouts that are promoted together; null where there are none
 */
public record Fleet(
        List<Holder> running,
        List<Holder> line,
        Instant at,
        @Nullable Waves waves,
        @Nullable Groups groups) {

    /** A scope in which nobody runs or waits. */
    public static final Fleet NOBODY = new Fleet(List.of(), List.of(), Instant.EPOCH, null, null);

    public Fleet {
        running = List.copyOf(running);
        line = List.copyOf(line);
        waves = waves == null || waves.waiting().isEmpty() ? null : waves;
        groups = groups == null || groups.members().isEmpty() ? null : groups;
    }

    /** True where there is nothing to keep. */
    public boolean isEmpty() {
        return groups == null && all().findAny().isEmpty();
    }

    /** Rollouts that are promoted together. */
    public Groups together() {
        return groups == null ? Groups.NONE : groups;
    }

    Fleet with(Groups other) {
        return new Fleet(running, line, at, waves, other);
    }

    /** Who waits for promotions of others. */
    public Waves behind() {
        return waves == null ? Waves.NONE : waves;
    }

    Stream<Holder> all() {
        return Stream.of(running, line, behind().waiting()).flatMap(List::stream);
    }

    /** How many run that are counted together under this scope. */
    public long used(String scope) {
        return running.stream().filter(holder -> holder.claims(scope)).count();
    }

    Optional<Holder> known(String canary, String uid) {
        return all().filter(holder -> holder.is(canary, uid)).findFirst();
    }

    boolean runs(Holder holder) {
        return running.contains(holder);
    }

    Fleet without(String canary) {
        return only(holder -> !holder.canary().equals(canary));
    }

    Fleet only(Predicate<Holder> these) {
        return new Fleet(
                running.stream().filter(these).toList(),
                line.stream().filter(these).toList(),
                at,
                behind().only(these),
                groups);
    }

    Fleet withRunning(Holder holder) {
        return new Fleet(plus(running, holder), line, at, waves, groups);
    }

    /** It waits for its budgets. */
    Fleet withWaiting(Holder holder) {
        return new Fleet(running, plus(line, holder), at, waves, groups);
    }

    /** It waits for promotions of others. */
    Fleet withBehind(Holder holder) {
        return with(behind().with(plus(behind().waiting(), holder)));
    }

    Fleet with(Waves other) {
        return new Fleet(running, line, at, other, groups);
    }

    Fleet with(List<Holder> otherRunning, List<Holder> otherLine) {
        return new Fleet(otherRunning, otherLine, at, waves, groups);
    }

    /** The same, with one in place of another, wherever that stands. */
    Fleet with(Holder before, Holder after) {
        return each(holder -> holder.equals(before) ? after : holder);
    }

    /** The same now. Time in which nobody could say anything counts for nobody. */
    Fleet at(Instant now, Duration off) {
        var passed = Duration.between(at, now);
        var moved = new Fleet(running, line, now, waves, groups);
        return passed.compareTo(off) < 0
                ? moved
                : moved.each(holder -> holder.heard(holder.heard().plus(passed)))
                        .with(together().later(passed));
    }

    private Fleet each(UnaryOperator<Holder> change) {
        return new Fleet(
                running.stream().map(change).toList(),
                line.stream().map(change).toList(),
                at,
                behind().with(behind().waiting().stream().map(change).toList()),
                groups);
    }

    private static List<Holder> plus(List<Holder> all, Holder one) {
        var more = new ArrayList<>(all);
        more.add(one);
        return more;
    }
}
