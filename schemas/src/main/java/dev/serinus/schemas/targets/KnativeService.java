package dev.serinus.schemas.targets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Knative Service (serving.knative.dev/v1) as its API server shows it. Its newest revision is the
 * canary; the primary is the one that an annotation names, as in Flagger.
 */
public record KnativeService(JsonNode json) {

    /** Names the revision that is the primary; Flagger's own annotation. */
    public static final String PRIMARY_REVISION = "flagger.app/primary-revision";

    /** The reason of a Service whose Configuration has not seen the newest template. */
    private static final String BEHIND = "OutOfDate";

    private static final int ALL = 100;

    /** The revision that was made last, whether it is ready or not; empty before the first. */
    public Optional<String> latestCreated() {
        return text(json.at("/status/latestCreatedRevisionName"));
    }

    /** The revision to which Knative leads what asks for the latest one; empty before the first. */
    public Optional<String> latestReady() {
        return text(json.at("/status/latestReadyRevisionName"));
    }

    /**
     * True when Knative has seen the newest generation, and has handed its template on: before that
     * the latest revision may still be the one before. True, too, where nothing is said of
     * generations.
     */
    public boolean isObserved() {
        JsonNode observed = json.at("/status/observedGeneration");
        boolean seen =
                observed.isMissingNode()
                        || observed.asLong() >= json.at("/metadata/generation").asLong();
        var configurations = condition(json, "ConfigurationsReady");
        return seen && !configurations.path("reason").asText().equals(BEHIND);
    }

    /**
     * The revision that is the primary; empty before one was chosen.
     *
     * @param promoted what the Canary's status says was promoted last, which stands in for an
     *     annotation that somebody took away; null when it says nothing
     */
    public Optional<String> primary(@Nullable String promoted) {
        return text(json.at("/metadata/annotations").path(PRIMARY_REVISION))
                .or(() -> promoted(json.at("/metadata/name").asText(), promoted));
    }

    /**
     * The revision that a Canary's status names as promoted last, by the names that Knative gives:
     * the Service's and one word. Flagger's hashes look otherwise, and so do revisions of another
     * Service whose name begins with this one's.
     *
     * @param service name of the Service
     */
    public static Optional<String> promoted(String service, @Nullable String text) {
        return Optional.ofNullable(text)
                .filter(it -> it.startsWith(service + "-"))
                .filter(it -> it.indexOf('-', service.length() + 1) < 0);
    }

    /** The revision that serves most requests by {@code spec.traffic}; empty where none does. */
    public Optional<String> serving() {
        JsonNode traffic = json.at("/spec/traffic");
        if (traffic.isEmpty()) {
            return newest();
        }
        Map<String, Integer> shares = new LinkedHashMap<>();
        for (JsonNode entry : traffic) {
            var revision = isLatest(entry) ? newest() : text(entry.path("revisionName"));
            revision.ifPresent(it -> shares.merge(it, percent(entry), Integer::sum));
        }
        return shares.entrySet().stream()
                .filter(share -> share.getValue() > 0)
                .reduce((one, other) -> other.getValue() > one.getValue() ? other : one)
                .map(Map.Entry::getKey);
    }

    /**
     * The revision, beside the latest one, that {@code spec.traffic} names to serve, and of several
     * the one that serves most; empty where all follows the latest. It may have no share just now,
     * but then it has no tag either: with a tag alone it is named for an address of its own.
     */
    public Optional<String> named() {
        return serving(json.at("/spec/traffic"))
                .reduce((one, other) -> percent(other) > percent(one) ? other : one)
                .flatMap(entry -> text(entry.path("revisionName")));
    }

    /**
     * The revision that goes on as the primary when the canary is left: the primary, unless that
     * was promoted and {@code spec.traffic} has never led there, and Knative does not say that it
     * is ready. Then the one that is named still serves. By this Service alone: who can look at
     * revisions knows it better.
     *
     * @param promoted as in {@link #primary}
     */
    public Optional<String> lasting(@Nullable String promoted) {
        var primary = primary(promoted);
        return primary.filter(it -> isNamed(it) || isReadyAndNewest(it))
                .or(this::named)
                .or(() -> primary);
    }

    private static Stream<JsonNode> serving(JsonNode traffic) {
        return traffic.valueStream()
                .filter(entry -> !isLatest(entry))
                .filter(entry -> percent(entry) > 0 || entry.path("tag").asText().isEmpty());
    }

    private boolean isNamed(String revision) {
        return serving(json.at("/spec/traffic"))
                .anyMatch(entry -> entry.path("revisionName").asText().equals(revision));
    }

    private boolean isReadyAndNewest(String revision) {
        return isNewest(revision)
                && !condition(json, "ConfigurationsReady").path("status").asText().equals("False");
    }

    private boolean isNewest(String revision) {
        return isObserved()
                && latestCreated().equals(Optional.of(revision))
                && newest().equals(latestCreated());
    }

    private Optional<String> newest() {
        return latestReady().or(this::latestCreated);
    }

    /** Whether all requests go to a revision if {@code spec.traffic} is this. */
    public boolean leadsTo(String revision, JsonNode traffic) {
        boolean isNewest = isNewest(revision);
        if (traffic.isEmpty()) {
            return isNewest;
        }
        return traffic.valueStream()
                .filter(entry -> percent(entry) > 0)
                .allMatch(
                        entry ->
                                isLatest(entry)
                                        ? isNewest
                                        : entry.path("revisionName").asText().equals(revision));
    }

    /** True for an entry of traffic that follows the latest revision. */
    public static boolean isLatest(JsonNode entry) {
        return entry.path("latestRevision").asBoolean()
                || text(entry.path("revisionName")).isEmpty();
    }

    /** The share of an entry of traffic, 0 to 100; 0 for one that only has a tag. */
    public static int percent(JsonNode entry) {
        return Math.clamp(entry.path("percent").asInt(), 0, ALL);
    }

    /**
     * True when a Revision is ready, by Knative's own rule: what was said of an older generation
     * does not count.
     */
    public static boolean isReady(JsonNode revision) {
        return revision.at("/status/observedGeneration").asLong()
                        >= revision.at("/metadata/generation").asLong()
                && condition(revision, "Ready").path("status").asText().equals("True");
    }

    /** Why a Revision is not ready, as it says itself; empty where it says nothing. */
    public static String because(JsonNode revision) {
        var ready = condition(revision, "Ready");
        String message = ready.path("message").asText();
        return message.isEmpty() ? ready.path("reason").asText() : message;
    }

    /** A condition of an object's status by its type; missing when there is none. */
    public static JsonNode condition(JsonNode object, String type) {
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node.asText()).filter(it -> !it.isEmpty());
    }
}
