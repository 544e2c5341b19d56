package dev.serinus.loadtester;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class FlagsTest {

    @Test
    void areTakenAsFlaggersLoadTesterTakesThem() {
        var flags =
                Flags.of(
                        "-port",
                        "8080",
                        "--log-level=warning",
                        "-timeout=90m",
                        "-namespace-regexp",
                        "^test$",
                        "-zap-encoding=json",
                        "-zap-replace-globals");

        assertThat(flags.wrong()).isEmpty();
        assertThat(flags.properties())
                .isEqualTo(
                        Map.of(
                                "micronaut.server.port",
                                "8080",
                                "log-level",
                                "WARN",
                                "serinus.loadtester.timeout",
                                "PT1H30M",
                                "serinus.loadtester.namespace-regexp",
                                "^test$"));
    }

    @Test
    void aHostWithoutAnAddressIsNamed() {
        // No name below .invalid exists, by RFC 6761.
        assertThat(Flags.of("-host", "nohost.invalid").wrong())
                .containsExactly(
                        "-host: no address is known for 'nohost.invalid', so nothing can listen"
                                + " there");
        assertThat(Flags.of("-host", "127.0.0.1").properties())
                .containsEntry("micronaut.server.host", "127.0.0.1");
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThat(Flags.of("-port", "http", "-timeout", "soon", "-color", "x", "y").wrong())
                .containsExactly(
                        "-port has to be a number, was 'http'",
                        "-timeout has to be a duration such as 30m, was 'soon'",
                        "there is no flag -color",
                        "'y' is no flag");
    }
}
