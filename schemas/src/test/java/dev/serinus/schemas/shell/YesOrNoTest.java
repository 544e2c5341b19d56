package dev.serinus.schemas.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.core.convert.ConversionService;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YesOrNoTest {

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE", "yes", "y", "On", "false", "No", "n", "off", "0"})
    void aWordIsWhatTheFrameworkTakesItFor(String word) {
        assertThat(YesOrNo.read(word))
                .isPresent()
                .isEqualTo(ConversionService.SHARED.convert(word, Boolean.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ture", "1", "enabled", "true ", ""})
    void whatIsNeitherIsNeither(String word) {
        assertThat(YesOrNo.read(word)).isEmpty();
    }

    @Test
    void itsRefusalNamesTheVariable() {
        assertThatThrownBy(() -> YesOrNo.of("SERINUS_SHOWS", "ture"))
                .hasMessage("SERINUS_SHOWS has to be true or false, was 'ture'");
    }
}
