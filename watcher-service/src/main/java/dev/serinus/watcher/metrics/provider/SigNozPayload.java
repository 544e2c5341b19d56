package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Durations;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is asked of SigNoz: a template's own JSON, or PromQL in such, about a span of time. */
final class SigNozPayload {

    private static final String QUERIES = "compositeQuery";
    private static final String SERIES = "time_series";
    private static final String PROMQL = "promql";
    private static final String WRONG = "query of SigNoz: ";

    private final ObjectNode tree;

    /** How long what a value is about lasts, by the name of its query; zero for a moment. */
    private final Map<String, Duration> lengths = new HashMap<>();

    private SigNozPayload(ObjectNode tree) {
        this.tree = tree;
    }

    static SigNozPayload of(String query, Span wanted) throws WrongSettings {
        Optional<ObjectNode> own = own(query);
        var payload = new SigNozPayload(own.orElseGet(() -> promQl(query)));
        payload.complete(wanted);
        return payload;
    }

    /** The JSON that a template has; empty where it is PromQL, whose selectors may begin alike. */
    private static Optional<ObjectNode> own(String query) throws WrongSettings {
        try {
            Optional<ObjectNode> own =
                    JsonText.read(query).filter(JsonNode::isObject).map(tree -> (ObjectNode) tree);
            if (own.isEmpty() && query.contains("\"" + QUERIES + "\"")) {
                throw new WrongSettings(WRONG + JsonText.trouble(query));
            }
            return own;
        } catch (JsonText.TooMany tooMany) {
            throw new WrongSettings(WRONG + tooMany.getMessage());
        }
    }

    private static ObjectNode promQl(String query) {
        var tree = JsonText.JSON.createObjectNode();
        tree.putObject(QUERIES)
                .putArray("queries")
                .addObject()
                .put("type", PROMQL)
                .putObject("spec")
                .put("name", "A")
                .put("query", WhiteSpace.collapsedPromQl(query));
        return tree;
    }

    /** Says which time it is about; steps that a template says stay. */
    private void complete(Span wanted) throws WrongSettings {
        JsonNode queries = tree.path(QUERIES).path("queries");
        if (!queries.isArray() || queries.isEmpty()) {
            throw new WrongSettings(WRONG + "compositeQuery.queries must be a list of queries");
        }
        if (!tree.path("requestType").asText(SERIES).equals(SERIES)) {
            throw new WrongSettings(WRONG + "requestType must be " + SERIES + ", or left out");
        }
        tree.put("requestType", SERIES);
        boolean ofMoments = true;
        for (JsonNode each : queries) {
            if (!(each.path("spec") instanceof ObjectNode spec)) {
                throw new WrongSettings(WRONG + "each of compositeQuery.queries must have a spec");
            }
            boolean ofMoment = each.path("type").asText().equals(PROMQL);
            ofMoments &= ofMoment;
            step(spec, ofMoment, each.path("type").asText(), wanted.step());
        }
        // PromQL looks back by itself; a bucket is named by its begin.
        Instant start = ofMoments ? wanted.from() : wanted.begin();
        tree.put("start", start.toEpochMilli());
        tree.put("end", wanted.to().toEpochMilli());
    }

    private void step(ObjectNode spec, boolean ofMoment, String type, Duration step) {
        String name = spec.path("name").asText();
        if (ofMoment) {
            if (!spec.hasNonNull("step")) {
                spec.put("step", seconds(step));
            }
            lengths.put(name, Duration.ZERO);
            return;
        }
        if (type.equals("builder_query") && !spec.hasNonNull("stepInterval")) {
            spec.put("stepInterval", seconds(step));
        }
        lengths.put(name, duration(spec.path("stepInterval")).orElse(step));
    }

    private static long seconds(Duration step) {
        return Math.max(1, step.toSeconds());
    }

    private static Optional<Duration> duration(JsonNode written) {
        return written.isNumber()
                ? Optional.of(Duration.ofMillis((long) (written.doubleValue() * 1000)))
                : Durations.parse(written.asText());
    }

    /**
     * How long what a value of this query is about lasts.
     *
     * @param said in seconds, by SigNoz, which takes longer steps where these are too short for it
     */
    Duration length(String name, JsonNode said) {
        Duration asked = lengths.getOrDefault(name, Duration.ZERO);
        return said.isNumber() && !asked.isZero() ? Duration.ofSeconds(said.asLong()) : asked;
    }

    String json() {
        return tree.toString();
    }
}
