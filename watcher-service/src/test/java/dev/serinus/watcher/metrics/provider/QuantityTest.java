package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "1500m,1.5",
        "2Ki,2048",
        "5e0,5",
        "1e3,1000",
        "-3,-3",
        "1E,1e18",
        "1.5G,1.5e9",
        "100u,0.0001",
        "3n,3e-9",
        ".5,0.5",
        "1Ei,1152921504606846976",
        "+7k,7000"
    })
    void readsWhatKubernetesWrites(String text, double value) throws Exception {
        assertThat(Quantity.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "1 k", "1K", "NaN", "1e99999", "0x1"})
    void othersAreNone(String text) {
        assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(JsonText.NoNumber.class);
    }
}
