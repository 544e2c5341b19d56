package dev.serinus.schemas.canary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepAnnotationTest {

    @ParameterizedTest
    @ValueSource(strings = {"3.17", "3.17 4f1c9d1e-0000-4000-8000-000000000000"})
    void whatWasWrittenIsReadAndWrittenTheSame(String text) {
        assertThat(StepAnnotation.parse(text).map(StepAnnotation::toString)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "3.", "a.b", "3.17 a/b", "3.17 a b", "99999999999999999999.1"})
    void whatSomebodyElseWroteIsNoStep(String text) {
        assertThat(StepAnnotation.parse(text)).isEmpty();
        assertThat(StepAnnotation.parse(null)).isEmpty();
    }

    @Test
    void aCanaryThatWasDeletedHadItsOwnNumbers() {
        assertThat(new StepAnnotation(3, 17, "a").isOf("a")).isTrue();
        assertThat(new StepAnnotation(3, 17, "").isOf("a")).isTrue();
        assertThat(new StepAnnotation(3, 17, "b").isOf("a")).isFalse();
    }
}
