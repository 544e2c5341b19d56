package dev.serinus.schemas.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** What Go prints, of ties and of what is not quite the number that its shortest text shows. */
class GoFloatsTest {

    @ParameterizedTest
    @CsvSource({
        "98.125, 98.12",
        "97.625, 97.62",
        "98.375, 98.38",
        "0.125, 0.12",
        "1.005, 1.00",
        "2.675, 2.67",
        "99.985, 99.98",
        "10.005, 10.01",
        "99.995, 100.00",
        "0, 0.00",
        "-0.001, -0.00",
        "-1.5, -1.50",
        "1e21, 1000000000000000000000.00",
        "NaN, NaN",
        "Infinity, +Inf",
        "-Infinity, -Inf",
    })
    void aNumberHasTwoDigitsOfWhatItReallyIs(double value, String text) {
        assertThat(GoFloats.fixed(value, 2)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "99, 99",
        "0.1, 0.1",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "-0.000012, -1.2e-05",
        "1e20, 100000000000000000000",
        "1e21, 1e+21",
        "NaN, NaN",
        "Infinity, +Inf",
    })
    void theShortestTextReadsAsTheSameNumber(double value, String text) {
        assertThat(GoFloats.shortest(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{ printf \"%.2f\" 98.125 }}|98.12",
                "{{ printf \"%.0f\" 2.5 }}|2",
                "{{ printf \"%f\" 0.1 }}|0.100000",
                "{{ printf \"%.1e\" 1.25 }}|1.2e+00",
                "{{ printf \"%e\" 1234.5 }}|1.234500e+03",
                "{{ printf \"%.2e\" 0.0 }}|0.00e+00",
            })
    void printfRoundsAlike(String template, String text) throws RenderException {
        assertThat(TextTemplate.render(template, Map.of())).isEqualTo(text);
    }
}
