package dev.serinus.schemas.hook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class HookTimeoutTest {

    @ParameterizedTest
    @CsvSource({"PT3M, 180", "PT0.5S, 0.5", "PT1H, 3600", "PT1.205S, 1.205"})
    void isSaidInSeconds(Duration time, String header) {
        assertThat(HookTimeout.header(time)).isEqualTo(header);
        assertThat(HookTimeout.read(header)).contains(time);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "soon", "-1", "0", "1e9", "1s", "10000000000", "1.0005"})
    void whatIsNoTimeCountsAsNotSaid(String header) {
        assertThat(HookTimeout.read(header)).isEmpty();
    }

    @Test
    void blanksAroundItAreNothing() {
        assertThat(HookTimeout.read(" 30 ")).contains(Duration.ofSeconds(30));
    }
}
