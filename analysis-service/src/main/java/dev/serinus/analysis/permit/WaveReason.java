package dev.serinus.analysis.permit;

import dev.serinus.analysis.permit.FleetEvent.StandingTold;
import dev.serinus.analysis.permit.Holder.Told;
import dev.serinus.analysis.permit.Waves.Seen;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.Standing;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Another canary was not promoted with the same release yet. What is not known keeps as well: that
 * nothing is heard of a canary says nothing about its release.
 */
final class WaveReason implements WaitingReason {

    /** Those that wait ask more seldom; so many of them ask once. */
    private static final Duration ASKED_ONCE_IN = Claim.SAID_AGAIN_AFTER.dividedBy(2);

    /** Whoever was asked and did not answer for so long is not known any more. */
    private static final Duration UNHEARD_AFTER = Claim.SAID_AGAIN_AFTER.multipliedBy(3);

    /** So many of a circle are named, of the namespace of who waits. */
    private static final int NAMED = 3;

    /** Of a text that another cluster tells of itself. */
    private static final int LONGEST = 1024;

    /** Of the namespaces that it names in spec.awaitedBy, and those of its group. */
    private static final int LONGEST_LIST = (64 + 16) * 64;

    /** Within this each region shows what one commit changes in all of them. */
    static final Duration SHOWN_WITHIN = Claim.SAID_AGAIN_AFTER;

    private static boolean isTooLong(Standing standing) {
        String promoted = standing.promoted();
        var namespaces = standing.awaitedBy();
        return (namespaces != null && String.join(",", namespaces).length() > LONGEST_LIST)
                || standing.release().length() > LONGEST
                || standing.words().length() > LONGEST
                || (promoted != null && promoted.length() > LONGEST);
    }

    /** What a canary that others wait for told. One that nobody waits for is not kept. */
    static Fleet heard(Fleet fleet, StandingTold told) {
        var waves = fleet.behind();
        if (isTooLong(told.standing())) {
            return fleet;
        }
        return GroupReason.heard(fleet, told)
                .with(
                        waves.seeing(
                                waves.seen().stream()
                                        .map(
                                                seen ->
                                                        seen.canary().equals(told.canary())
                                                                ? heard(seen, told)
                                                                : seen)
                                        .toList()));
    }

    private static Seen heard(Seen seen, StandingTold told) {
        var standing = told.standing();
        var before = seen.standing();
        boolean same =
                before != null
                        && before.promoted() != null
                        && before.promoted().equals(standing.promoted());
        Instant since = standing.promoted() == null ? null : same ? seen.since() : told.at();
        return new Seen(seen.canary(), seen.asked(), told.at(), standing, since);
    }

    @Override
    public Fleet settled(Fleet fleet, List<FleetEffect> effects) {
        var waves = asked(WavesRoom.fitting(fleet.behind(), effects), fleet.at(), effects);
        var asked = fleet.with(waves);
        var circles = new Circles(asked);
        Map<String, Integer> places = new HashMap<>();
        List<Holder> waiting = new ArrayList<>();
        Fleet passed = fleet;
        for (Holder holder : waves.waiting()) {
            var first = first(asked, holder);
            if (first.isEmpty()) {
                passed = passed.withWaiting(holder.inLine().telling(Told.NOTHING));
            } else {
                var awaited = first.get();
                int place = places.merge(awaited.canary(), 1, Integer::sum);
                var told =
                        new Told(
                                place,
                                circles.of(holder).orElseGet(() -> because(asked, holder, awaited)),
                                awaited.canary(),
                                doneAt(asked, holder, awaited).orElse(null));
                waiting.add(WaitingTold.of(holder, told, effects));
            }
        }
        var kept = WavesRoom.fitting(waves.with(waiting), effects);
        var awaited = awaited(kept.waiting());
        return passed.with(
                kept.seeing(
                        kept.seen().stream()
                                .filter(seen -> awaited.contains(seen.canary()))
                                .toList()));
    }

    private static Set<String> awaited(List<Holder> waiting) {
        return waiting.stream()
                .flatMap(holder -> holder.awaited().stream())
                .map(AwaitedPromotion::canary)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Waves asked(Waves waves, Instant now, List<FleetEffect> effects) {
        return waves.seeing(asked(awaited(waves.waiting()), waves.seen(), now, effects));
    }

    /** Asks those that are waited for and were not asked for a while; what is known of them. */
    static List<Seen> asked(
            Set<String> awaited, List<Seen> before, Instant now, List<FleetEffect> effects) {
        List<Seen> seen = new ArrayList<>();
        for (String canary : awaited) {
            var known =
                    before.stream()
                            .filter(one -> one.canary().equals(canary))
                            .findFirst()
                            .orElse(null);
            if (known != null && now.isBefore(known.asked().plus(ASKED_ONCE_IN))) {
                seen.add(known);
            } else {
                effects.add(new FleetEffect.AskStanding(canary));
                seen.add(
                        known == null
                                ? new Seen(canary, now, null, null, null)
                                : new Seen(
                                        canary,
                                        now,
                                        known.heard(),
                                        known.standing(),
                                        known.since()));
            }
        }
        return seen;
    }

    /** The first that it waits for; empty where all were promoted, and for long enough. */
    private static Optional<AwaitedPromotion> first(Fleet fleet, Holder holder) {
        return holder.awaited().stream().filter(one -> !isDone(fleet, holder, one)).findFirst();
    }

    private static boolean isDone(Fleet fleet, Holder holder, AwaitedPromotion awaited) {
        return hasFailed(fleet, holder, awaited)
                || doneAt(fleet, holder, awaited).filter(at -> !at.isAfter(fleet.at())).isPresent();
    }

    /** Where that is said, one that failed is waited for no more. */
    private static boolean hasFailed(Fleet fleet, Holder holder, AwaitedPromotion awaited) {
        return awaited.proceedsOnFailure()
                && standing(fleet, holder, awaited)
                        .filter(standing -> standing.kind() == Standing.Kind.FAILED)
                        .filter(standing -> awaited.isOf(standing.release()))
                        .isPresent();
    }

    /** When time alone is over that is waited for; empty where more is. */
    private static Optional<Instant> doneAt(Fleet fleet, Holder holder, AwaitedPromotion awaited) {
        return promotedAt(fleet, holder, awaited)
                .map(at -> at.plus(awaited.soak()))
                .map(at -> latest(at, shownAt(holder, awaited)));
    }

    /**
     * Where the images stay, the other was promoted with them before, maybe with other settings. By
     * then it shows these, if they are for both; while they are rolled out there they are awaited.
     */
    private static Instant shownAt(Holder holder, AwaitedPromotion awaited) {
        return awaited.later() == null ? Instant.MIN : holder.since().plus(SHOWN_WITHIN);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    /** When the other was promoted with what is waited for; empty where it was not yet. */
    private static Optional<Instant> promotedAt(
            Fleet fleet, Holder holder, AwaitedPromotion awaited) {
        return standing(fleet, holder, awaited)
                .filter(_ -> !awaited.release().isEmpty())
                .filter(standing -> awaited.isOf(standing.promoted()))
                .filter(standing -> !isUndecided(standing, awaited))
                .filter(standing -> isLater(standing.promotedAt(), awaited.later()))
                .map(standing -> since(fleet, awaited, standing));
    }

    /**
     * Where nobody knows when it was promoted the other keeps since when it is known: what is noted
     * here goes when nobody waits for it for a moment.
     */
    private static Instant since(Fleet fleet, AwaitedPromotion awaited, Standing standing) {
        return Stream.of(
                        Optional.ofNullable(standing.promotedAt()),
                        Optional.ofNullable(standing.knownSince()),
                        fleet.behind().of(awaited.canary()).map(Seen::since))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(fleet.at());
    }

    /**
     * It was promoted with the same images before, and something else of them is rolled out now, or
     * failed: that is what is waited for.
     */
    private static boolean isUndecided(Standing standing, AwaitedPromotion awaited) {
        return awaited.isOf(standing.release())
                && switch (standing.kind()) {
                    case RUNS, FAILED -> true;
                    case RESTS, GONE -> false;
                };
    }

    private static boolean isLater(@Nullable Instant promoted, @Nullable Instant than) {
        return than == null || (promoted != null && promoted.isAfter(than));
    }

    private static Optional<Standing> standing(
            Fleet fleet, Holder holder, AwaitedPromotion awaited) {
        return fleet.behind()
                .of(awaited.canary())
                .flatMap(seen -> standing(fleet, seen, holder.canary()));
    }

    /**
     * What one told, as long as it answers, and as far as it says it to this canary. It is analysis
     * that answers, with what the cluster said last: of one that is silent this is not known.
     */
    static Optional<Standing> standing(Fleet fleet, Seen seen, String canary) {
        return Optional.of(seen)
                .filter(_ -> !fleet.isSilent(seen.canary()))
                .filter(
                        one ->
                                one.heard() != null
                                        && !fleet.at().isAfter(one.heard().plus(UNHEARD_AFTER)))
                .map(Seen::standing)
                .filter(standing -> tells(seen.canary(), standing, canary));
    }

    private static boolean tells(String canary, Standing standing, String other) {
        return isNear(canary, other) || standing.allows(name(other));
    }

    /** That its cluster is silent, as far as more is said of it than its name. */
    static Optional<String> silence(Fleet fleet, @Nullable Seen seen, String of, String canary) {
        var standing = seen == null ? null : seen.standing();
        return isNear(of, canary) || (standing != null && tells(of, standing, canary))
                ? fleet.silenceOf(of).map(SilentCluster::words)
                : Optional.empty();
    }

    // ---- in words

    private static String because(Fleet fleet, Holder holder, AwaitedPromotion awaited) {
        String canary = awaited.canary();
        if (awaited.release().isEmpty()) {
            return ("%s to be promoted with this release: which one this is is not known, since its"
                            + " target shows no images; say it there by the annotation"
                            + " serinus.dev/release")
                    .formatted(canary);
        }
        boolean near = isNear(holder.canary(), canary);
        var done = doneAt(fleet, holder, awaited);
        if (near && done.isPresent()) {
            boolean shows = done.get().equals(shownAt(holder, awaited));
            return (shows
                            ? "%s to show these settings as well, if they are for it, until %s"
                            : "the soak of %s, which was promoted with this release, until %s")
                    .formatted(canary, done.get());
        }
        String with = "%s to be promoted with %s".formatted(canary, what(awaited));
        String alone =
                awaited.later() == null
                        ? ""
                        : "; where this one alone was changed, let it begin by approve";
        var silence =
                silence(fleet, fleet.behind().of(canary).orElse(null), canary, holder.canary());
        if (silence.isPresent()) {
            return "%s: %s, and what it does there is not known%s"
                    .formatted(with, silence.get(), alone);
        }
        // The same whatever is known: also that there is such a canary is for its namespace.
        return near
                ? with + doing(fleet, holder, awaited) + alone
                : with
                        + ", which has to name this namespace in spec.awaitedBy, and of which no"
                        + " more is said in another namespace"
                        + alone;
    }

    private static String what(AwaitedPromotion awaited) {
        Instant later = awaited.later();
        if (later == null) {
            return "this release";
        }
        return later.equals(Instant.EPOCH)
                ? "these settings"
                : "these settings, later than " + later;
    }

    private static String doing(Fleet fleet, Holder holder, AwaitedPromotion awaited) {
        var told = standing(fleet, holder, awaited);
        if (told.isEmpty()) {
            var heard = fleet.behind().of(awaited.canary()).map(Seen::heard);
            return heard.map(at -> ": nothing was heard of it since " + at)
                    .orElse(": nothing is known of it yet");
        }
        var standing = told.get();
        if (standing.kind() == Standing.Kind.GONE) {
            return ": there is no such Canary any more";
        }
        if (standing.release().isEmpty()) {
            return ": which release it shows is not known, since its watcher is older or its target"
                    + " shows no images";
        }
        boolean same = awaited.isOf(standing.release());
        String releases =
                same
                        ? ""
                        : " (it shows %s, this one %s)"
                                .formatted(standing.release(), awaited.release());
        return switch (standing.kind()) {
            case GONE, RESTS -> ": it has not begun with it" + releases;
            case RUNS ->
                    same
                            ? ": it is %s".formatted(standing.words())
                            : ": it is %s with another one%s".formatted(standing.words(), releases);
            case FAILED ->
                    same
                            ? ". The wave stopped: %s failed; it goes on when that is promoted after all"
                                    .formatted(awaited.canary())
                            : ": it has not begun with it" + releases;
        };
    }

    /** True for namespaces of one name, whatever their clusters. */
    static boolean isNear(String canary, String other) {
        return name(canary).equals(name(other));
    }

    /** Of the namespace of a canary. */
    static String name(String canary) {
        return canary.split("/", -1)[1];
    }

    /** Those that wait for each other. */
    private static final class Circles {

        private final Map<String, String> behind = new HashMap<>();

        /** Whoever waits for several waits for the first of them that waits as well. */
        Circles(Fleet fleet) {
            Map<String, List<String>> edges = new HashMap<>();
            for (Holder holder : fleet.behind().waiting()) {
                edges.put(
                        holder.canary(),
                        holder.awaited().stream()
                                .filter(one -> !isDone(fleet, holder, one))
                                .map(AwaitedPromotion::canary)
                                .toList());
            }
            boolean found = true;
            while (found) {
                found =
                        edges.values()
                                .removeIf(ahead -> ahead.stream().noneMatch(edges::containsKey));
            }
            edges.forEach(
                    (canary, ahead) ->
                            ahead.stream()
                                    .filter(edges::containsKey)
                                    .findFirst()
                                    .ifPresent(one -> behind.put(canary, one)));
        }

        /** What is told to one that waits for itself in the end. */
        Optional<String> of(Holder holder) {
            Set<String> members = new LinkedHashSet<>();
            String at = holder.canary();
            while (at != null && members.add(at)) {
                at = behind.get(at);
            }
            return !behind.isEmpty() && holder.canary().equals(at)
                    ? Optional.of(words(holder, members))
                    : Optional.empty();
        }

        private static String words(Holder holder, Set<String> members) {
            var near = members.stream().filter(one -> isNear(holder.canary(), one)).toList();
            var who = new ArrayList<>(near.subList(0, Math.min(NAMED, near.size())));
            if (near.size() > NAMED) {
                who.add("%d more of this namespace".formatted(near.size() - NAMED));
            }
            if (members.size() > near.size()) {
                who.add("%d of other namespaces".formatted(members.size() - near.size()));
            }
            return "itself, since spec.after leads in a circle: %s wait for each other; take one entry away, or approve one of them"
                    .formatted(String.join(", ", who));
        }
    }
}
