package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;

class RedactionTest {

    private static final URI ADDRESS =
            URI.create("https://bot:hunter22@hooks.example/T0/s3cr3t?key=a1b2c3d4&x=1");

    @Test
    void takesTheAddressAndItsPartsOutOfATextButLeavesItsHost() {
        String echoed =
                "no "
                        + ADDRESS
                        + " at hooks.example: /T0/s3cr3t key a1b2c3d4 user bot:hunter22 or"
                        + " hunter22";

        assertThat(Redaction.of(ADDRESS, List.of()).of(echoed, 4096))
                .doesNotContain("s3cr3t", "a1b2c3d4", "hunter22")
                .contains("at hooks.example:");
    }

    @Test
    void takesValuesOutAlsoWhereTheyAreEscaped() {
        var redaction = Redaction.of(ADDRESS, List.of("pass \"word\"", "cmd"));

        assertThat(redaction.of("{\"echo\":\"pass \\\"word\\\"\"} pass+%22word%22 cmd", 4096))
                .isEqualTo("{\"echo\":\"[hidden]\"} [hidden] cmd");
    }

    @Test
    void cutsLongTexts() {
        assertThat(Redaction.of(ADDRESS, List.of()).of("ab".repeat(10), 5)).isEqualTo("ababa…");
    }
}
