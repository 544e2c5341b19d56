package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;

/**
 * The variables that a query of InfluxDB's dashboards takes its time from, {@code
 * v.timeRangeStart}, {@code v.timeRangeStop} and {@code v.windowPeriod}, as the syntax tree in
 * which InfluxDB's own console sends them.
 */
final class FluxVariables {

    private FluxVariables() {}

    /** About this span, from the first whole step in it to the last. */
    static JsonNode of(Span wanted) {
        long step = Math.max(1, wanted.step().toMillis());
        var file = JsonText.JSON.createObjectNode();
        file.put("type", "File").putNull("package").putNull("imports");
        var assignment =
                file.putArray("body")
                        .addObject()
                        .put("type", "OptionStatement")
                        .putObject("assignment")
                        .put("type", "VariableAssignment");
        assignment.putObject("id").put("type", "Identifier").put("name", "v");
        var properties =
                assignment.putObject("init").put("type", "ObjectExpression").putArray("properties");
        // Windows begin at multiples of their length, so that none is cut off.
        moment(
                properties,
                "timeRangeStart",
                Math.ceilDiv(wanted.begin().toEpochMilli(), step) * step);
        moment(properties, "timeRangeStop", Math.floorDiv(wanted.to().toEpochMilli(), step) * step);
        named(properties, "windowPeriod")
                .put("type", "DurationLiteral")
                .putArray("values")
                .addObject()
                .put("magnitude", step)
                .put("unit", "ms");
        return file;
    }

    private static void moment(ArrayNode properties, String name, long millis) {
        named(properties, name)
                .put("type", "DateTimeLiteral")
                .put("value", Instant.ofEpochMilli(millis).toString());
    }

    private static ObjectNode named(ArrayNode properties, String name) {
        var property = properties.addObject().put("type", "Property");
        property.putObject("key").put("type", "Identifier").put("name", name);
        return property.putObject("value");
    }
}
