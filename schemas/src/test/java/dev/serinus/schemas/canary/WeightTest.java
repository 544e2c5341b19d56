package dev.serinus.schemas.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest(name = "{0} percent are {1} and {2} in whole ones")
    @CsvSource({
        "20,    20,    20",
        "20.0,  20,    20",
        "0.5,   0.5,   1",
        "0.01,  0.01,  1",
        "12.25, 12.25, 12",
        "12.5,  12.5,  13",
        "99.99, 99.99, 99",
        "150.5, 150.5, 151",
        "-5,    -5,    -5",
        "1e30,  21474836.47, 21474836",
    })
    void isWrittenAndRoundedAs(double percent, String text, int whole) {
        var weight = Weight.nearest(percent);

        assertThat(weight).hasToString(text);
        assertThat(weight.wholePercent()).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, true",
        "0.29, true",
        "99.99, true",
        "33, true",
        "0.005, false",
        "33.333, false",
        "1e30, false"
    })
    void hasTwoDecimalsAtMost(double percent, boolean exact) {
        assertThat(Weight.isExact(percent)).isEqualTo(exact);
    }

    @Property
    void isTheSameAfterJson(@ForAll @IntRange(max = 10_000) int basisPoints)
            throws JsonProcessingException {
        var weight = new Weight(basisPoints);

        String json = JSON.writeValueAsString(weight);

        assertThat(JSON.readValue(json, Weight.class)).isEqualTo(weight);
        assertThat(json).isEqualTo(weight.toString());
        assertThat(Weight.isExact(weight.number().doubleValue())).isTrue();
    }

    @Property
    void ofTwoPartsNeitherIsLost(
            @ForAll @LongRange(min = 1, max = 1_000_000) long part,
            @ForAll @LongRange(min = 1, max = 1_000_000) long rest) {
        var weight = Weight.ofParts((double) part, (double) rest);

        assertThat(weight).isBetween(new Weight(1), new Weight(9_999));
        assertThat(weight.wholePercent()).isBetween(1, 99);
    }

    @Test
    void recordsOfReleasesWithoutFineWeightsAreRead() {
        assertThat(Weight.recorded(20, null)).isEqualTo(Weight.percent(20));
        assertThat(Weight.recorded(1, 50)).hasToString("0.5");
        assertThat(Weight.recorded(2_000_000_000, null).ofTraffic()).isEqualTo(Weight.ALL);
    }

    @ParameterizedTest(name = "{0} beside {1} is {2}")
    @CsvSource({"1, 0.5, 0.5", "20, , 20", "20, 0.5, 20", "500, , 100", "-1, , 0", "1, 1e9, 1"})
    void aStatusSaysItExactlyUnlessSomebodyElseWroteSince(int percent, Double exact, String is) {
        assertThat(Weight.shown(percent, exact)).hasToString(is);
    }
}
