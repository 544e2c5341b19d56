package dev.serinus.loadtester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What is said of hooks before a load tester sees them, and that nothing is said of right ones. */
class HookMistakesTest {

    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final String LOAD = "hey -z 1m -q 10 http://podinfo-canary.test:9898/";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CONFIRM_ROLLOUT          | /gate/open          | opens at once and nobody is asked; a gate is asked at /gate/check
                    CONFIRM_PROMOTION        | /rollback/check     | is asked at /gate/check
                    CONFIRM_TRAFFIC_INCREASE | /gate/chek          | there is no /gate/chek
                    CONFIRM_ROLLOUT          | /gate/check/        | there is no /gate/check/
                    ROLLBACK                 | /rollback/open      | every release is taken back at its first check
                    ROLLBACK                 | /gate/approve       | every release is taken back at its first check
                    ROLLBACK                 | //gate/check        | asked at /rollback/check
                    ROLLBACK                 | /rollback           | there is no /rollback
                    ROLLOUT                  | /gate/check         | fails the check while it is closed
                    PRE_ROLLOUT              | /gate/halt          | fails the check while it is closed
                    """)
    void aPathThatDoesNotFitIsToldWithTheOneThatDoes(HookType type, String path, String words) {
        assertThat(HookMistakes.of(type, path, Map.of(), USUAL))
                .singleElement()
                .asString()
                .startsWith("url: ")
                .contains(words);
    }

    @ParameterizedTest
    @CsvSource({
        "CONFIRM_ROLLOUT, /gate/check",
        "CONFIRM_PROMOTION, //gate//check",
        "CONFIRM_PROMOTION, /gate/approve",
        "CONFIRM_PROMOTION, /gate/halt",
        "ROLLBACK, /rollback/check",
        "PRE_ROLLOUT, /gate/close",
        "POST_ROLLOUT, /rollback/close",
        "EVENT, /gate/close",
        "ROLLOUT, /gates",
        "ROLLOUT, /tasks/stop"
    })
    void ofARightPathNothingIsSaid(HookType type, String path) {
        assertThat(HookMistakes.of(type, path, Map.of(), USUAL)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ROLLOUT", "PRE_ROLLOUT", "CONFIRM_ROLLOUT"})
    void aTestWhoseEndNobodyWaitsForIsTold(HookType type) {
        assertThat(HookMistakes.of(type, "/", Map.of("cmd", "curl -f http://x"), USUAL))
                .singleElement()
                .asString()
                .startsWith("metadata.type: cmd, the type of a hook that names none,")
                .contains("always passes", "with bash its end is waited for");
    }

    @ParameterizedTest
    @CsvSource({"ROLLOUT", "PRE_ROLLOUT", "POST_ROLLOUT", "EVENT", "ROLLBACK"})
    void ofLoadNothingIsSaid(HookType type) {
        assertThat(HookMistakes.of(type, "", Map.of("type", "cmd", "cmd", LOAD), USUAL)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"59s, 1", "60s, 0", "2m, 0"})
    void aTimeoutShorterThanTheCommandIsTold(String timeout, int told) {
        var metadata = Map.of("type", "bash", "cmd", "sleep 60; curl -f http://x");

        List<String> found =
                HookMistakes.of(HookType.ROLLOUT, "/", metadata, Duration.parse("PT" + timeout));

        assertThat(found)
                .hasSize(told)
                .allMatch(each -> each.startsWith("timeout: its command takes 1m0s at least"));
    }
}
