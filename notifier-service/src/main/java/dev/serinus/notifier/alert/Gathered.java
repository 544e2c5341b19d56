package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Digest;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.AlertDigest;
import dev.serinus.schemas.events.DigestLine;
import dev.serinus.schemas.events.DigestedCanary;
import dev.serinus.schemas.events.GatheredAlert;
import dev.serinus.schemas.events.MissedAlert;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.outgoing.HookBody;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What waits for the digests of providers, by what is kept. Each canary's record has its newest
 * state for each provider, and the provider's record how far it was told: so each record has one
 * writer, and what makes a digest is one write.
 *
 * @param waiting of each canary, the newest state that no digest has told
 * @param missed of each of these canaries, what could not be told at once and no digest has told
 */
record Gathered(Map<CanaryKey, GatheredAlert> waiting, Map<CanaryKey, List<MissedAlert>> missed) {

    private static final String PREFIX = "alertprovider:";

    /** What was gathered before is of no interest any more. */
    private static final Duration KEPT = Duration.ofDays(8);

    /** Records are at most 1 MiB long, and a canary's name at most 400 bytes. */
    static final int MOST_CANARIES = 2_000;

    Gathered {
        waiting = Map.copyOf(waiting);
        missed = Map.copyOf(missed);
    }

    /** The key of the record of a provider, NAME.NAMESPACE: no canary has such a name. */
    static CanaryKey record(CanaryKey of, String provider) {
        int dot = provider.lastIndexOf('.');
        return record(of.cluster(), provider.substring(dot + 1), provider.substring(0, dot));
    }

    static CanaryKey record(String cluster, String namespace, String name) {
        return new CanaryKey(cluster, namespace, PREFIX + name);
    }

    /** Name of the provider whose record it is. */
    static String nameOf(CanaryKey record) {
        return record.name().substring(PREFIX.length());
    }

    static String dotted(CanaryKey record) {
        return nameOf(record) + "." + record.namespace();
    }

    /** What waits for each provider for which anything does. */
    static Map<CanaryKey, Gathered> all(Map<CanaryKey, AlertDeliveries> known, Instant now) {
        Map<CanaryKey, Told> told = new HashMap<>();
        Map<CanaryKey, Map<CanaryKey, GatheredAlert>> waiting = new HashMap<>();
        Map<CanaryKey, Map<CanaryKey, List<MissedAlert>>> missed = new HashMap<>();
        known.forEach(
                (canary, kept) -> {
                    for (GatheredAlert each : kept.getGathered()) {
                        CanaryKey provider = record(canary, each.getProvider());
                        Instant until =
                                told.computeIfAbsent(provider, it -> told(known, it)).of(canary);
                        if (each.getAt().isAfter(now.minus(KEPT)) && each.getAt().isAfter(until)) {
                            waiting.computeIfAbsent(provider, _ -> new HashMap<>())
                                    .put(canary, each);
                            missed.computeIfAbsent(provider, _ -> new HashMap<>())
                                    .put(canary, missed(kept, provider, until));
                        }
                    }
                });
        Map<CanaryKey, Gathered> all = new HashMap<>();
        waiting.forEach(
                (provider, each) ->
                        all.put(
                                provider,
                                new Gathered(each, missed.getOrDefault(provider, Map.of()))));
        return all;
    }

    /** What waits for a provider. */
    static Gathered of(Map<CanaryKey, AlertDeliveries> known, CanaryKey provider, Instant now) {
        return all(known, now).getOrDefault(provider, new Gathered(Map.of(), Map.of()));
    }

    /** What it did not take of a canary since a digest told of it; the same words once. */
    private static List<MissedAlert> missed(
            AlertDeliveries kept, CanaryKey provider, Instant until) {
        String entry = "/" + provider.namespace() + "/" + nameOf(provider);
        Map<String, MissedAlert> all = new LinkedHashMap<>();
        kept.getMissed().stream()
                .filter(each -> each.getAlert() == null && each.getReceiver().endsWith(entry))
                .filter(each -> each.getAt().isAfter(until))
                .forEach(each -> all.put(each.getText(), each));
        return List.copyOf(all.values());
    }

    /**
     * The provider's record without what its digest on the way says of canaries of which it was
     * told since, or is to be told that they failed: nobody is to read that one begins after it
     * failed. What is left is another message.
     */
    static AlertDeliveries withoutWhatIsOver(
            Map<CanaryKey, AlertDeliveries> known, CanaryKey provider, AlertDeliveries kept) {
        AlertDigest digest = kept.getDigest();
        if (digest == null) {
            return kept;
        }
        Told told = told(known, provider);
        String dotted = dotted(provider);
        List<DigestLine> left = new ArrayList<>(digest.getLines());
        left.removeIf(
                line -> {
                    int dot = line.getCanary().lastIndexOf('.');
                    var canary =
                            new CanaryKey(
                                    provider.cluster(),
                                    line.getCanary().substring(dot + 1),
                                    line.getCanary().substring(0, dot));
                    AlertDeliveries now = known.get(canary);
                    Instant until = told.until().getOrDefault(canary, digest.getAt());
                    return now != null && isOver(now, dotted, until);
                });
        if (left.size() == digest.getLines().size()) {
            return kept;
        }
        if (left.isEmpty() && digest.getMore() == 0) {
            return AlertDeliveries.newBuilder(kept).setDigest(null).build();
        }
        String rest = left.stream().map(DigestLine::getCanary).collect(Collectors.joining(" "));
        return AlertDeliveries.newBuilder(kept)
                .setDigest(
                        AlertDigest.newBuilder(digest)
                                .setKey(
                                        HookBody.id(
                                                "digest/"
                                                        + digest.getKey()
                                                        + "/"
                                                        + Revision.digest(rest)))
                                .setLines(left)
                                .build())
                .build();
    }

    private static boolean isOver(AlertDeliveries canary, String provider, Instant until) {
        return canary.getAtOnce().stream()
                        .filter(each -> each.getProvider().equals(provider))
                        .anyMatch(each -> each.getAt().isAfter(until))
                || canary.getGathered().stream()
                        .filter(each -> each.getProvider().equals(provider))
                        .filter(each -> each.getAlert().getSeverity() == Severity.ERROR)
                        .anyMatch(each -> each.getAt().isAfter(until));
    }

    /** How far a provider was told of a canary. */
    static Instant until(
            Map<CanaryKey, AlertDeliveries> known, CanaryKey provider, CanaryKey canary) {
        return told(known, provider).of(canary);
    }

    /** How far a provider was told, of each canary and of those that are not among them. */
    private record Told(Map<CanaryKey, Instant> until, Instant others) {

        Instant of(CanaryKey canary) {
            return until.getOrDefault(canary, others);
        }
    }

    private static Told told(Map<CanaryKey, AlertDeliveries> known, CanaryKey provider) {
        AlertDeliveries kept = known.get(provider);
        if (kept == null) {
            return new Told(Map.of(), Instant.MIN);
        }
        return new Told(
                kept.getDigested().stream()
                        .collect(
                                Collectors.toMap(
                                        each -> CanaryKey.parse(each.getCanary()),
                                        DigestedCanary::getUntil,
                                        (one, other) -> one.isAfter(other) ? one : other,
                                        HashMap::new)),
                Objects.requireNonNullElse(kept.getOthersDigested(), Instant.MIN));
    }

    /** The time of a message: later than that of the one before, whatever the clock says. */
    static Instant next(Instant now, Optional<Instant> before) {
        return before.map(it -> it.plusMillis(1)).filter(it -> it.isAfter(now)).orElse(now);
    }

    /** When the first of them was gathered. */
    Optional<Instant> since() {
        return waiting.values().stream().map(GatheredAlert::getSince).min(Instant::compareTo);
    }

    /** The provider's record with all of it in a digest on its way. */
    AlertDeliveries digest(AlertDeliveries kept, Instant now) {
        List<Map.Entry<CanaryKey, GatheredAlert>> newest = new ArrayList<>(waiting.entrySet());
        newest.sort(
                Comparator.comparing(
                                (Map.Entry<CanaryKey, GatheredAlert> it) -> it.getValue().getAt())
                        .reversed()
                        .thenComparing(Map.Entry::getKey));
        List<DigestLine> all = new ArrayList<>();
        for (var each : newest) {
            for (MissedAlert one : missed.getOrDefault(each.getKey(), List.of())) {
                all.add(notDelivered(each.getKey(), one.getAt(), one.getText()));
            }
        }
        for (var each : newest) {
            GatheredAlert last = each.getValue();
            if (last.getAlert().getSeverity() != Severity.ERROR) {
                all.add(
                        new DigestLine(
                                each.getKey().dotted(),
                                last.getAlert().getSeverity(),
                                Digest.line(last.getAlert()),
                                last.getMessages()));
            } else if (missed.getOrDefault(each.getKey(), List.of()).isEmpty()) {
                all.add(notDelivered(each.getKey(), last.getAt(), last.getAlert().getMessage()));
            }
        }
        List<DigestLine> lines = all.stream().limit(Digest.MOST_LINES).toList();
        String keys =
                newest.stream().map(it -> it.getValue().getKey()).collect(Collectors.joining(" "));
        var digest =
                new AlertDigest(
                        HookBody.id("digest/" + kept.getCanary() + "/" + Revision.digest(keys)),
                        since().orElse(now),
                        now,
                        lines,
                        newest.size() - (int) canaries(lines));
        List<DigestedCanary> told = told(kept, newest, now);
        var named = told.subList(0, Math.min(told.size(), MOST_CANARIES));
        // Sorted, so the first of the others is the newest.
        Instant others =
                told.size() > MOST_CANARIES
                        ? told.get(MOST_CANARIES).getUntil()
                        : kept.getOthersDigested();
        return AlertDeliveries.newBuilder(kept)
                .setDigest(digest)
                .setDigested(List.copyOf(named))
                .setOthersDigested(others)
                .build();
    }

    /**
     * The provider's record with a digest that was refused put together anew, with all of this.
     *
     * @param counted what it said is only counted, since it may be the reason
     */
    AlertDeliveries addedTo(AlertDeliveries kept, Instant now, boolean counted) {
        AlertDigest before = Objects.requireNonNull(kept.getDigest());
        AlertDeliveries added = digest(kept, now);
        AlertDigest ours = added.getDigest();
        Set<String> names =
                waiting.keySet().stream().map(CanaryKey::dotted).collect(Collectors.toSet());
        List<DigestLine> lines = new ArrayList<>(ours.getLines());
        if (!counted) {
            before.getLines().stream()
                    .filter(each -> !names.contains(each.getCanary()))
                    .limit(Digest.MOST_LINES - lines.size())
                    .forEach(lines::add);
        }
        long named = canaries(lines);
        long others =
                before.getLines().stream()
                        .map(DigestLine::getCanary)
                        .filter(each -> !names.contains(each))
                        .distinct()
                        .count();
        long all = canaries(ours.getLines()) + ours.getMore() + others + before.getMore();
        return AlertDeliveries.newBuilder(added)
                .setDigest(
                        AlertDigest.newBuilder(ours)
                                .setKey(HookBody.id(before.getKey() + "/" + ours.getKey()))
                                .setSince(before.getSince())
                                .setAt(before.getAt())
                                .setLines(lines)
                                .setMore((int) (all - named))
                                .build())
                .build();
    }

    private static long canaries(List<DigestLine> lines) {
        return lines.stream().map(DigestLine::getCanary).distinct().count();
    }

    /** Errors are not gathered but where they could not be told at once. */
    private static DigestLine notDelivered(CanaryKey canary, Instant at, String text) {
        return new DigestLine(
                canary.dotted(),
                Severity.ERROR,
                Digest.line(Telling.missedAt(at) + ": " + text),
                1);
    }

    private static List<DigestedCanary> told(
            AlertDeliveries kept, List<Map.Entry<CanaryKey, GatheredAlert>> newest, Instant now) {
        Map<String, DigestedCanary> all = new HashMap<>();
        kept.getDigested().stream()
                .filter(each -> each.getUntil().isAfter(now.minus(KEPT)))
                .forEach(each -> all.put(each.getCanary(), each));
        newest.forEach(
                each ->
                        all.put(
                                each.getKey().toString(),
                                new DigestedCanary(
                                        each.getKey().toString(), each.getValue().getAt())));
        return all.values().stream()
                .sorted(Comparator.comparing(DigestedCanary::getUntil).reversed())
                .toList();
    }
}
