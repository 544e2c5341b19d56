package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.Groups.Member;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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
 * @param silent clusters from which nothing comes, of which it is told while somebody is known;
 *     null where there are none
 */
public record Fleet(
        List<Holder> running,
        List<Holder> line,
        Instant at,
        @Nullable Waves waves,
        @Nullable Groups groups,
        @Nullable List<SilentCluster> silent) {

    /** A scope in which nobody runs or waits. */
    public static final Fleet NOBODY =
            new Fleet(List.of(), List.of(), Instant.EPOCH, null, null, null);

    public Fleet {
        running = List.copyOf(running);
        line = List.copyOf(line);
        waves = waves == null || waves.waiting().isEmpty() ? null : waves;
        groups = groups == null || groups.members().isEmpty() ? null : groups;
        silent = silent == null || silent.isEmpty() ? null : List.copyOf(silent);
    }

    /** True where there is nothing to keep. */
    public boolean isEmpty() {
        return groups == null && all().findAny().isEmpty();
    }

    /** Rollouts that are promoted together. */
    public Groups together() {
        return groups == null ? Groups.NONE : groups;
    }

    /** Clusters of those that are known, by name. */
    public SortedSet<String> clusters() {
        return Stream.concat(
                        all().map(Holder::canary),
                        together().members().stream().map(Member::canary))
                .map(canary -> canary.substring(0, canary.indexOf('/')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Clusters from which nothing comes. */
    public List<SilentCluster> silentClusters() {
        return silent == null ? List.of() : silent;
    }

    /** Its cluster, where nothing comes from there. */
    Optional<SilentCluster> silenceOf(String canary) {
        return silentClusters().stream().filter(one -> one.has(canary)).findFirst();
    }

    boolean isSilent(String canary) {
        return silenceOf(canary).isPresent();
    }

    /** Nothing can be heard of it, and its place is kept meanwhile. */
    boolean keepsPlace(String canary) {
        return silenceOf(canary).filter(one -> one.keepsPlaces(at)).isPresent();
    }

    /** The same, knowing this of a cluster. Once it is heard again all of it is as if heard now. */
    Fleet knowing(FleetEvent.ClusterSilence told) {
        var heard = told.heard();
        var others = silentClusters().stream().filter(one -> !one.is(told.cluster()));
        if (heard == null) {
            var back = new SilentCluster(told.cluster(), at);
            return each(holder -> back.has(holder.canary()) ? holder.heard(at) : holder)
                    .with(together().each(one -> back.has(one.canary()) ? one.heard(at) : one))
                    .silent(others.toList());
        }
        return silent(
                Stream.concat(others, Stream.of(new SilentCluster(told.cluster(), heard)))
                        .sorted(Comparator.comparing(SilentCluster::cluster))
                        .toList());
    }

    private Fleet silent(@Nullable List<SilentCluster> other) {
        return new Fleet(running, line, at, waves, groups, other);
    }

    /** Where there is nobody, nothing is known of clusters: it is told with whoever comes. */
    Fleet withoutSilenceOfNobody() {
        return isEmpty() ? silent(null) : this;
    }

    Fleet with(Groups other) {
        return new Fleet(running, line, at, waves, other, silent);
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
                groups,
                silent);
    }

    Fleet withRunning(Holder holder) {
        return new Fleet(plus(running, holder), line, at, waves, groups, silent);
    }

    /** It waits for its budgets. */
    Fleet withWaiting(Holder holder) {
        return new Fleet(running, plus(line, holder), at, waves, groups, silent);
    }

    /** It waits for promotions of others. */
    Fleet withBehind(Holder holder) {
        return with(behind().with(plus(behind().waiting(), holder)));
    }

    Fleet with(Waves other) {
        return new Fleet(running, line, at, other, groups, silent);
    }

    Fleet with(List<Holder> otherRunning, List<Holder> otherLine) {
        return new Fleet(otherRunning, otherLine, at, waves, groups, silent);
    }

    /** The same, with one in place of another, wherever that stands. */
    Fleet with(Holder before, Holder after) {
        return each(holder -> holder.equals(before) ? after : holder);
    }

    /** The same now. Time in which nobody could say anything counts for nobody. */
    Fleet at(Instant now, Duration off) {
        var passed = Duration.between(at, now);
        var moved = new Fleet(running, line, now, waves, groups, silent);
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
                groups,
                silent);
    }

    private static List<Holder> plus(List<Holder> all, Holder one) {
        var more = new ArrayList<>(all);
        more.add(one);
        return more;
    }
}
