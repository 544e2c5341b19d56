package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Map;

class AllInOneTest {

    private static final String VARIABLE = "SERINUS_NOTIFIER_SHOW_EVIDENCE";

    @Test
    void yesAndNoAreReadAsTheServicesReadThem() {
        assertThat(AllInOne.said(Map.of(VARIABLE, "yes"), VARIABLE)).isTrue();
        assertThat(AllInOne.said(Map.of(VARIABLE, "off"), VARIABLE)).isFalse();
    }

    @Test
    void anEmptyVariableSaysNothing() {
        assertThat(AllInOne.said(Map.of(VARIABLE, ""), VARIABLE)).isNull();
        assertThat(AllInOne.said(Map.of(), VARIABLE)).isNull();
    }

    @Test
    void whatIsNeitherIsRefusedByName() {
        assertThatThrownBy(() -> AllInOne.said(Map.of(VARIABLE, "ture"), VARIABLE))
                .isInstanceOf(Refused.class)
                .hasMessage(VARIABLE + " has to be true or false, was 'ture'");
    }
}
