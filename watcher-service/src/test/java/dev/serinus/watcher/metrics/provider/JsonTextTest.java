package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    @Test
    void anAnswerOfAMillionPartsIsNotMadeIntoObjects() {
        assertThatThrownBy(() -> JsonText.read("[" + "[],".repeat(1_000_000) + "[]]"))
                .isInstanceOf(JsonText.TooMany.class);
    }

    @ParameterizedTest
    @CsvSource({"1.5,1.5", "+Inf,Infinity", "-Inf,-Infinity", "NaN,NaN", "-.5e3,-500", "7.,7"})
    void textsAreReadAsGoReadsThem(String text, Double value) throws Exception {
        assertThat(JsonText.number(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "1 ", "1d", "1f", "0x1p3", "one", "1,5", "Infinity"})
    void othersAreNoNumbers(String text) {
        assertThatThrownBy(() -> JsonText.number(text)).isInstanceOf(JsonText.NoNumber.class);
    }
}
