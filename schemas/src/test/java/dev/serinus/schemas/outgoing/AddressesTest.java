package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "'',''",
        "/,''",
        "///,''",
        "/a,/a",
        "/a/,/a",
        "/a//b//,/a//b",
    })
    void onlyTheSlashesAtTheEndGo(String text, String expected) {
        assertThat(Addresses.withoutSlashesAtTheEnd(text)).isEqualTo(expected);
    }

    /** A pattern for it takes more than a minute. */
    @Test
    void aLongRowOfSlashesTakesNoTime() {
        String many = "/".repeat(1_000_000) + "x";

        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(Addresses.withoutSlashesAtTheEnd(many)).isEqualTo(many));
    }
}
