package dev.serinus.testbed.binaries;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoTest {

    @ParameterizedTest
    @CsvSource({
        "go1.26.8, go1.26.0, true",
        "go1.27rc1, go1.26.0, true",
        "go2.0, go1.26.0, true",
        "go1.25.9, go1.26.0, false",
        "go1.9, go1.26.0, false",
        "devel, go1.26.0, false",
    })
    void anOlderGoIsRefused(String found, String wanted, boolean enough) {
        assertThat(Go.isAtLeast(found, wanted)).isEqualTo(enough);
    }
}
