package dev.serinus.analysis.fleet;

import dev.serinus.analysis.permit.SilentCluster;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * When each cluster last gave a sign of life. One that never did, as with a watcher of an older
 * release, is not among them: of it nothing can be told. Written by one thread, read by any.
 */
public final class HeardClusters {

    /** Without a look at Kafka for longer nobody could be heard, whoever spoke. */
    static final Duration LOOKED_WITHIN = Duration.ofSeconds(30);

    /**
     * After it was silent: within this what happened there meanwhile is told as well, which comes
     * by ways of its own.
     */
    static final Duration SETTLES_WITHIN = Duration.ofMinutes(1);

    private final Map<String, Heard> clusters = new TreeMap<>();
    private final Set<String> without = new HashSet<>();
    private Set<String> there = Set.of();
    private Set<String> away = Set.of();
    private @Nullable Instant looked;
    private boolean read;

    /**
     * One cluster.
     *
     * @param last sign
     * @param off how much of the time since then counts for nobody
     * @param gap the last pause before a sign that was too long to be none; null for none
     * @param sure false where it is not known when that sign came, but for that it was before
     */
    private record Heard(Instant last, Duration off, @Nullable Gap gap, boolean sure) {

        Heard(Instant last, @Nullable Gap gap, boolean sure) {
            this(last, Duration.ZERO, gap, sure);
        }

        Heard again(Instant at, Duration every) {
            if (at.isBefore(counted())) { // told late: that counts for nobody, too
                return new Heard(at, Duration.between(at, counted()), gap, sure);
            }
            boolean late = sure && at.isAfter(counted().plus(every.multipliedBy(2)));
            return new Heard(at, late ? new Gap(last, counted(), at) : gap, true);
        }

        Heard later(Duration passed) {
            return new Heard(last, off.plus(passed), gap, sure);
        }

        private Instant counted() {
            return last.plus(off);
        }

        /** When it was last heard of as is counted, where that is too long ago. */
        Optional<Instant> silentSince(Instant now, Duration after) {
            if (now.isAfter(counted().plus(after))) {
                return Optional.of(counted());
            }
            return gapped(now, after).map(Gap::counted);
        }

        /** When it was last heard of, whatever is counted. */
        State state(String cluster, Instant now, Duration after) {
            if (now.isAfter(counted().plus(after))) {
                return new State(cluster, last, true);
            }
            return gapped(now, after)
                    .map(it -> new State(cluster, it.from(), true))
                    .orElseGet(() -> new State(cluster, last, false));
        }

        private Optional<Gap> gapped(Instant now, Duration after) {
            return Optional.ofNullable(gap)
                    .filter(it -> it.to().isAfter(it.counted().plus(after)))
                    .filter(it -> now.isBefore(it.to().plus(SETTLES_WITHIN)));
        }
    }

    /**
     * A pause.
     *
     * @param from the sign before it
     * @param counted when that would have been, without the time that counts for nobody
     */
    private record Gap(Instant from, Instant counted, Instant to) {}

    /**
     * What is known of one.
     *
     * @param heard when it was last heard of
     * @param silent it is for too long that nothing came
     */
    public record State(String cluster, Instant heard, boolean silent) {}

    /** What is known of the signs of one cluster. */
    public enum Signs {
        /** They come. */
        COME,
        /** None came for too long, or again only just. */
        OVERDUE,
        /** None are to be expected: its watcher gives none, or its topics went. */
        NONE,
        /** None was found, or nobody knows when it came, or it cannot be heard now. */
        UNKNOWN
    }

    /**
     * A cluster gave a sign.
     *
     * @param every within which it gives the next
     */
    public synchronized void heard(String cluster, Instant at, Duration every) {
        without.remove(cluster);
        clusters.merge(
                cluster,
                new Heard(at, null, true),
                (before, _) -> at.isBefore(before.last()) ? before : before.again(at, every));
    }

    /**
     * A cluster gave a sign before this, and nobody knows when: the clock there is wrong. It is to
     * give another before anything is known of it, and is silent where none comes for too long.
     */
    public synchronized void heardBefore(String cluster, Instant now) {
        without.remove(cluster);
        clusters.putIfAbsent(cluster, new Heard(now, null, false));
    }

    /**
     * A watcher that gives no signs began its work there, as one of a release before: from now on
     * nothing can be told of the cluster.
     */
    public synchronized void givesNone(String cluster) {
        clusters.remove(cluster);
        without.add(cluster);
    }

    /** The same, where the signs of all of them can be read. */
    public synchronized void looked(Set<String> found, Instant now) {
        looked(found, Set.of(), now);
    }

    /**
     * Kafka answered, and has topics of these clusters only. Time in which it did not counts for
     * nobody, and time in which it has no signs of a cluster to give not for that one.
     *
     * @param unreadable those of them whose signs cannot be read now
     */
    public synchronized void looked(Set<String> found, Set<String> unreadable, Instant now) {
        var before = looked;
        if (before != null) {
            var passed = Duration.between(before, now);
            boolean nobody = now.isAfter(before.plus(LOOKED_WITHIN));
            clusters.replaceAll(
                    (cluster, heard) ->
                            nobody || unreadable.contains(cluster) ? heard.later(passed) : heard);
        }
        away = Set.copyOf(unreadable);
        there = Set.copyOf(found);
        clusters.keySet().retainAll(there);
        without.retainAll(there);
        looked = now;
    }

    /** All signs that were there at the start are known. */
    public synchronized void wasRead() {
        read = true;
    }

    /**
     * Clusters from which nothing came for longer than this, and those that speak again only just;
     * by name. Empty while it cannot be known.
     */
    public synchronized Optional<List<SilentCluster>> silent(Instant now, Duration after) {
        if (!read || looked == null || now.isAfter(looked.plus(LOOKED_WITHIN))) {
            return Optional.empty();
        }
        return Optional.of(
                clusters.entrySet().stream()
                        .flatMap(
                                each ->
                                        each
                                                .getValue()
                                                .silentSince(now, after)
                                                .map(it -> new SilentCluster(each.getKey(), it))
                                                .stream())
                        .toList());
    }

    /** What is known of one cluster, of which nothing has to be known. */
    public synchronized Signs signs(String cluster, Instant now, Duration after) {
        var silent = silent(now, after);
        if (silent.isEmpty()) {
            return Signs.UNKNOWN;
        }
        Heard heard = clusters.get(cluster);
        if (heard != null) {
            if (silent.get().stream().anyMatch(it -> it.is(cluster))) {
                return Signs.OVERDUE;
            }
            return heard.sure() && !away.contains(cluster) ? Signs.COME : Signs.UNKNOWN;
        }
        return without.contains(cluster) || !there.contains(cluster) ? Signs.NONE : Signs.UNKNOWN;
    }

    /**
     * All clusters that give signs, by name, without those of which it is not known now whether
     * they do; none is told silent while that cannot be known.
     */
    public synchronized List<State> all(Instant now, Duration after) {
        boolean known = silent(now, after).isPresent();
        return clusters.entrySet().stream()
                .map(each -> state(each.getKey(), each.getValue(), known, now, after))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<State> state(
            String cluster, Heard heard, boolean known, Instant now, Duration after) {
        State state = heard.state(cluster, now, after);
        if (known && state.silent()) {
            return Optional.of(state);
        }
        return heard.sure() && !away.contains(cluster)
                ? Optional.of(new State(cluster, heard.last(), false))
                : Optional.empty();
    }
}
