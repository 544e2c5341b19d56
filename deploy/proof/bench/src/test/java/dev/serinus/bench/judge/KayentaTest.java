package dev.serinus.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

class KayentaTest {

    /** What the root finder leaves undecided of the original's digits. */
    private static final double NOISE = 1.5e-4;

    static Stream<JsonNode> vectors() throws IOException {
        try (var file = KayentaTest.class.getResourceAsStream("kayenta.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(file).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void classifiesAsTheOriginal(JsonNode vector) {
        var judge =
                new Kayenta(
                        vector.path("tolerance").asDouble(0.25),
                        vector.path("confidence").asDouble(0.98),
                        vector.path("allowedIncrease").asDouble(1),
                        vector.path("allowedDecrease").asDouble(1),
                        Kayenta.Sides.valueOf(vector.path("sides").asText("EITHER")));
        // When
        var answer = judge.classify(values(vector, "canary"), values(vector, "baseline"));
        // Then
        assertThat(answer.label().name()).isEqualTo(vector.get("label").asText());
        if (vector.has("lower")) {
            assertThat(answer.lower()).isCloseTo(vector.get("lower").asDouble(), within(NOISE));
            assertThat(answer.upper()).isCloseTo(vector.get("upper").asDouble(), within(NOISE));
        }
        // With an odd number of differences the estimate is anywhere around their median.
        if (vector.has("estimate") && !vector.path("odd").asBoolean()) {
            assertThat(answer.estimate())
                    .isCloseTo(vector.get("estimate").asDouble(), within(NOISE));
        }
    }

    @Test
    void ranksLessTheShiftAreStandardised() {
        double[] experiment = {10, 20, 30, 40};
        double[] control = {1, 2, 3, 4};
        assertThat(Kayenta.statistic(experiment, control, 6, 0)).isCloseTo(2.032863, within(1e-6));
    }

    private static double[] values(JsonNode vector, String side) {
        return StreamSupport.stream(vector.get(side).spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
