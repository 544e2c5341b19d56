package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Digest;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.AlertDigest;
import dev.serinus.schemas.events.DigestLine;
import dev.serinus.schemas.events.DigestedCanary;
import dev.serinus.schemas.events.GatheredAlert;
import dev.serinus.schemas.outgoing.HookBody;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What waits for the digests of providers, by what is kept. Each canary's record has its newest
 * state for each provider, and the provider's record how far it was told: so each record has one
 * writer, and what makes a digest is one write.
 *
 * @param waiting of each canary, the newest state that no digest has told
 */
record Gathered(Map<CanaryKey, GatheredAlert> waiting) {

    private static final String PREFIX = "alertprovider:";

    /** What was gathered before is of no interest any more. */
    private static final Duration KEPT = Duration.ofDays(8);

    private static final int MOST_CANARIES = 5_000;

    Gathered {
        waiting = Map.copyOf(waiting);
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

    /** Records of providers for which something waits or is on its way. */
    static List<CanaryKey> providers(Map<CanaryKey, AlertDeliveries> known) {
        return known.entrySet().stream()
                .<CanaryKey>mapMulti(
                        (each, into) -> {
                            if (each.getValue().getDigest() != null) {
                                into.accept(each.getKey());
                            }
                            each.getValue()
                                    .getGathered()
                                    .forEach(
                                            it ->
                                                    into.accept(
                                                            record(
                                                                    each.getKey(),
                                                                    it.getProvider())));
                        })
                .distinct()
                .sorted()
                .toList();
    }

    /** What waits for a provider. */
    static Gathered of(Map<CanaryKey, AlertDeliveries> known, CanaryKey provider, Instant now) {
        Map<CanaryKey, Instant> told = told(known, provider);
        String dotted = dotted(provider);
        Map<CanaryKey, GatheredAlert> waiting = new TreeMap<>();
        known.forEach(
                (canary, kept) ->
                        kept.getGathered().stream()
                                .filter(each -> each.getProvider().equals(dotted))
                                .filter(each -> each.getAt().isAfter(now.minus(KEPT)))
                                .filter(
                                        each ->
                                                each.getAt()
                                                        .isAfter(
                                                                told.getOrDefault(
                                                                        canary, Instant.MIN)))
                                .forEach(each -> waiting.put(canary, each)));
        return new Gathered(waiting);
    }

    /** How far a provider was told of a canary. */
    static Instant until(
            Map<CanaryKey, AlertDeliveries> known, CanaryKey provider, CanaryKey canary) {
        return told(known, provider).getOrDefault(canary, Instant.MIN);
    }

    private static Map<CanaryKey, Instant> told(
            Map<CanaryKey, AlertDeliveries> known, CanaryKey provider) {
        AlertDeliveries kept = known.get(provider);
        return kept == null
                ? Map.of()
                : kept.getDigested().stream()
                        .collect(
                                Collectors.toMap(
                                        each -> CanaryKey.parse(each.getCanary()),
                                        DigestedCanary::getUntil,
                                        (one, other) -> one.isAfter(other) ? one : other,
                                        HashMap::new));
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
        List<DigestLine> lines =
                newest.stream()
                        .limit(Digest.MOST_LINES)
                        .map(
                                each ->
                                        new DigestLine(
                                                each.getKey().dotted(),
                                                each.getValue().getAlert().getSeverity(),
                                                Digest.line(
                                                        each.getValue().getAlert().getMessage()),
                                                each.getValue().getMessages()))
                        .toList();
        String keys =
                newest.stream().map(it -> it.getValue().getKey()).collect(Collectors.joining(" "));
        var digest =
                new AlertDigest(
                        HookBody.id("digest/" + kept.getCanary() + "/" + Revision.digest(keys)),
                        since().orElse(now),
                        now,
                        lines,
                        newest.size() - lines.size());
        return AlertDeliveries.newBuilder(kept)
                .setDigest(digest)
                .setDigested(told(kept, newest, now))
                .build();
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
                .limit(MOST_CANARIES)
                .toList();
    }
}
