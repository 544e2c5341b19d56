package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much one Canary may ask for, so that a single manifest cannot take what all share. Admission
 * tells what is beyond it, and the services that act refuse it once more.
 *
 * @param webhookTimeout longest time limit of one attempt of a webhook
 * @param webhookRetries most attempts of a webhook beside the first
 * @param webhooks most entries of spec.analysis.webhooks
 * @param metrics most entries of spec.analysis.metrics
 * @param alerts most entries of spec.analysis.alerts
 * @param metadataBytes most bytes of the keys and values of the metadata of all webhooks together
 */
public record ManifestLimits(
        Duration webhookTimeout,
        int webhookRetries,
        int webhooks,
        int metrics,
        int alerts,
        int metadataBytes) {

    /** One hour, 10 retries, 50 webhooks, 50 metrics, 20 alerts, 64 KiB of metadata. */
    public static final ManifestLimits DEFAULTS =
            new ManifestLimits(Duration.ofHours(1), 10, 50, 50, 20, 64 * 1024);

    /** Most checks of one release: two weeks of one each minute. */
    public static final int MOST_CHECKS = 14 * 24 * 60;

    /** As many as a rule of the Gateway API has. */
    private static final int MOST_MATCHES = 64;

    /** Most entries of a route: each condition of the analysis with each of the service. */
    private static final int MOST_COMBINED = 512;

    public ManifestLimits {
        List<String> wrong = new ArrayList<>();
        if (!webhookTimeout.isPositive()) {
            wrong.add("serinus.limits.webhook-timeout must be above zero, was " + webhookTimeout);
        }
        least("webhook-retries", webhookRetries, 0, wrong);
        least("webhooks", webhooks, 1, wrong);
        least("metrics", metrics, 1, wrong);
        least("alerts", alerts, 1, wrong);
        least("metadata-bytes", metadataBytes, 1, wrong);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
    }

    private static void least(String name, int value, int least, List<String> wrong) {
        if (value < least) {
            wrong.add("serinus.limits.%s must be %d or more, was %d".formatted(name, least, value));
        }
    }

    /** What is wrong with so many entries of one kind; empty when nothing is. */
    public static Optional<String> tooMany(int entries, int most) {
        return entries <= most
                ? Optional.empty()
                : Optional.of(
                        "has %d entries, this installation allows %d: leave some out, or split the Canary"
                                .formatted(entries, most));
    }

    /** What is wrong with so many checks; empty when nothing is. */
    public static Optional<String> checks(int checks) {
        return checks <= MOST_CHECKS
                ? Optional.empty()
                : Optional.of(
                        "would take %d checks, and at most %d are made: give a longer interval and fewer of them"
                                .formatted(checks, MOST_CHECKS));
    }

    /**
     * What is wrong with the conditions of an analysis, each of which stands in a route with each
     * of the service's; empty when nothing is.
     */
    public static Optional<String> matches(
            @Nullable List<JsonNode> analysis, @Nullable List<JsonNode> service) {
        long ofAnalysis = analysis == null ? 0 : analysis.size();
        long ofService = service == null ? 0 : service.size();
        if (ofAnalysis > MOST_MATCHES) {
            return Optional.of(
                    "has %d entries, and at most %d are routed by: leave some out"
                            .formatted(ofAnalysis, MOST_MATCHES));
        }
        return ofAnalysis * ofService <= MOST_COMBINED
                ? Optional.empty()
                : Optional.of(
                        "has %d entries and spec.service.match %d, which a route combines to more than %d: leave some out"
                                .formatted(ofAnalysis, ofService, MOST_COMBINED));
    }

    /** What is wrong with the time limit of a webhook; empty when nothing is. */
    public Optional<String> timeout(Duration timeout) {
        return timeout.compareTo(webhookTimeout) <= 0
                ? Optional.empty()
                : Optional.of(
                        "is %s, this installation allows %s: let the hook answer at once and be asked again, as a gate"
                                .formatted(
                                        Durations.print(timeout), Durations.print(webhookTimeout)));
    }

    /** What is wrong with the retries of a webhook; empty when nothing is. */
    public Optional<String> retries(int retries) {
        if (retries < 0) {
            return Optional.of("is %d, must be 0 or more".formatted(retries));
        }
        return retries <= webhookRetries
                ? Optional.empty()
                : Optional.of(
                        "is %d, this installation allows %d: a hook that fails is asked again at the next interval"
                                .formatted(retries, webhookRetries));
    }

    /** What is wrong with the metadata of a webhook; empty when nothing is. */
    public Optional<String> metadata(Map<String, String> metadata) {
        return metadata("has %d bytes", bytes(metadata));
    }

    /** What is wrong with the metadata of all webhooks together; empty when nothing is. */
    public Optional<String> allMetadata(Collection<Map<String, String>> all) {
        return metadata(
                "have %d bytes of metadata together",
                all.stream().mapToLong(ManifestLimits::bytes).sum());
    }

    private Optional<String> metadata(String found, long bytes) {
        return bytes <= metadataBytes
                ? Optional.empty()
                : Optional.of(
                        (found
                                        + ", this installation allows %d: keep large texts where"
                                        + " the hook can fetch them")
                                .formatted(bytes, metadataBytes));
    }

    private static long bytes(Map<String, String> metadata) {
        return metadata.entrySet().stream()
                .mapToLong(entry -> bytes(entry.getKey()) + bytes(entry.getValue()))
                .sum();
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
