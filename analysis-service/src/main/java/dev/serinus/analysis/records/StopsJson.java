package dev.serinus.analysis.records;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

import dev.serinus.analysis.rollout.plan.Plan;
import dev.serinus.analysis.rollout.plan.Stop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The stops of a plan as JSON. A long plan is many checks at one split, and is kept as that: the
 * first of them and how many there are. One of ten thousand checks would be a megabyte, written
 * with each decision.
 */
final class StopsJson {

    /**
     * Several that follow each other and differ by their iteration alone.
     *
     * @param stop the first of them
     */
    private record Row(@JsonUnwrapped Stop stop, int times) {}

    private StopsJson() {}

    static final class Writer extends JsonSerializer<List<Stop>> {

        @Override
        public void serialize(List<Stop> stops, JsonGenerator json, SerializerProvider all)
                throws IOException {
            json.writeStartArray();
            for (int from = 0; from < stops.size(); ) {
                int times = Plan.isLong(stops) ? alike(stops, from) : 1;
                var first = stops.get(from);
                all.defaultSerializeValue(times == 1 ? first : new Row(first, times), json);
                from += times;
            }
            json.writeEndArray();
        }

        private static int alike(List<Stop> stops, int from) {
            int times = 1;
            while (from + times < stops.size()
                    && stops.get(from + times).equals(stops.get(from).later(times))) {
                times++;
            }
            return times;
        }
    }

    static final class Reader extends JsonDeserializer<List<Stop>> {

        private static final String TIMES = "times";

        @Override
        public List<Stop> getNullValue(DeserializationContext all) {
            return List.of();
        }

        @Override
        public List<Stop> deserialize(JsonParser json, DeserializationContext all)
                throws IOException {
            JsonNode rows = json.readValueAsTree();
            List<Stop> stops = new ArrayList<>();
            for (JsonNode row : rows) {
                int times = row.path(TIMES).asInt(1);
                if (times > Plan.MOST_CHECKS + 1 - stops.size()) {
                    throw MismatchedInputException.from(
                            json, List.class, "a plan of more stops than any has");
                }
                Stop first = json.getCodec().treeToValue(row, Stop.class);
                for (int i = 0; i < times; i++) {
                    stops.add(first.later(i));
                }
            }
            return List.copyOf(stops);
        }
    }
}
