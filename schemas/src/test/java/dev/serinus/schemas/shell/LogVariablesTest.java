package dev.serinus.schemas.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class LogVariablesTest {

    @Test
    void whatTheLogWouldTakeForSomethingElseIsRefusedAtOnce() {
        assertThat(
                        LogVariables.problems(
                                Map.of(
                                        "SERINUS_LOG_LEVEL",
                                        "loud",
                                        "SERINUS_LOG_LEVEL_LIBRARIES",
                                        "warn",
                                        "SERINUS_LOG_FORMAT",
                                        "xml",
                                        "SERINUS_LOG_TARGET",
                                        "")))
                .containsExactly(
                        "SERINUS_LOG_LEVEL must be debug, info, warn or error, was 'loud'",
                        "SERINUS_LOG_FORMAT must be json or text, was 'xml'");
    }
}
