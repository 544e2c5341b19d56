package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The query of a CloudWatch template, a JSON list of MetricDataQueries, as parameters of AWS's
 * query protocol. As in Flagger the names count in any case, and unknown ones say nothing.
 */
final class MetricDataQueries {

    private static final String NAME = "MetricDataQueries";
    private static final String WRONG =
            "query of CloudWatch must be a JSON list of MetricDataQueries";

    private static final Field QUERY =
            Field.of(
                    NAME,
                    Kind.LIST,
                    Field.text("AccountId"),
                    Field.text("Expression"),
                    Field.text("Id"),
                    Field.text("Label"),
                    Field.of(
                            "MetricStat",
                            Kind.OBJECT,
                            Field.of(
                                    "Metric",
                                    Kind.OBJECT,
                                    Field.of(
                                            "Dimensions",
                                            Kind.LIST,
                                            Field.text("Name"),
                                            Field.text("Value")),
                                    Field.text("MetricName"),
                                    Field.text("Namespace")),
                            Field.of("Period", Kind.WHOLE),
                            Field.text("Stat"),
                            Field.text("Unit")),
                    Field.of("Period", Kind.WHOLE),
                    Field.of("ReturnData", Kind.BOOLEAN));

    private MetricDataQueries() {}

    private enum Kind {
        LIST("a list"),
        OBJECT("an object"),
        TEXT("a string"),
        WHOLE("a whole number"),
        BOOLEAN("true or false");

        private final String said;

        Kind(String said) {
            this.said = said;
        }

        private boolean is(JsonNode node) {
            return switch (this) {
                case LIST -> node.isArray();
                case OBJECT -> node.isObject();
                case TEXT -> node.isTextual();
                case WHOLE -> node.isIntegralNumber();
                case BOOLEAN -> node.isBoolean();
            };
        }
    }

    private record Field(String name, Kind kind, Map<String, Field> parts) {
        private static Field of(String name, Kind kind, Field... parts) {
            return new Field(
                    name,
                    kind,
                    Stream.of(parts)
                            .collect(
                                    Collectors.toUnmodifiableMap(
                                            part -> part.name().toLowerCase(Locale.ROOT),
                                            part -> part)));
        }

        private static Field text(String name) {
            return of(name, Kind.TEXT);
        }
    }

    /** The parameters, in order; what is wrong with the query is said with its place. */
    static List<HttpSource.Parameter> read(String query) throws WrongSettings {
        JsonNode tree;
        try {
            tree =
                    JsonText.read(query)
                            .orElseThrow(
                                    () ->
                                            new WrongSettings(
                                                    WRONG + ": " + JsonText.trouble(query)));
        } catch (JsonText.TooMany tooMany) {
            throw new WrongSettings(WRONG + ": " + tooMany.getMessage());
        }
        List<HttpSource.Parameter> parameters = new ArrayList<>();
        add(parameters, tree, QUERY, NAME, "");
        parameters.sort(Comparator.comparing(HttpSource.Parameter::name));
        return parameters;
    }

    /** The longest period that is asked for; empty where none is said. */
    static Optional<Duration> period(List<HttpSource.Parameter> parameters) {
        return parameters.stream()
                .filter(each -> each.name().endsWith(".Period"))
                .map(HttpSource.Parameter::value)
                .filter(seconds -> seconds.matches("\\d{1,9}")) // CloudWatch tells of others
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .max(Comparator.naturalOrder());
    }

    private static void add(
            List<HttpSource.Parameter> parameters,
            JsonNode node,
            Field field,
            String name,
            String place)
            throws WrongSettings {
        if (node.isNull()) {
            return;
        }
        if (!field.kind().is(node)) {
            throw new WrongSettings(
                    "%s: %s must be %s"
                            .formatted(WRONG, place.isEmpty() ? "it" : place, field.kind().said));
        }
        switch (field.kind()) {
            case LIST -> {
                for (int i = 0; i < node.size(); i++) {
                    String at = "%s[%d]".formatted(place, i);
                    if (!node.path(i).isObject()) {
                        throw new WrongSettings("%s: %s must be an object".formatted(WRONG, at));
                    }
                    parts(
                            parameters,
                            node.path(i),
                            field,
                            "%s.member.%d".formatted(name, i + 1),
                            at);
                }
                if (node.isEmpty()) {
                    parameters.add(new HttpSource.Parameter(name, ""));
                }
            }
            case OBJECT -> parts(parameters, node, field, name, place);
            case TEXT, WHOLE, BOOLEAN ->
                    parameters.add(new HttpSource.Parameter(name, node.asText()));
        }
    }

    private static void parts(
            List<HttpSource.Parameter> parameters,
            JsonNode node,
            Field field,
            String name,
            String place)
            throws WrongSettings {
        for (var each : node.properties()) {
            var part = field.parts().get(each.getKey().toLowerCase(Locale.ROOT));
            if (part != null) {
                add(
                        parameters,
                        each.getValue(),
                        part,
                        name + "." + part.name(),
                        place + "." + part.name());
            }
        }
    }
}
