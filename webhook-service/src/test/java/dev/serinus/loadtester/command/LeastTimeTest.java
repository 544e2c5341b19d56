package dev.serinus.loadtester.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

/** Nothing is said of a command but what its words are certain to mean. */
class LeastTimeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '^',
            textBlock =
                    """
                    sleep 60                                        @ PT60S
                    sleep 1m 30                                     @ PT90S
                    sleep 0.5                                       @ PT0.5S
                    set -e; sleep 5; curl -f http://x; sleep 5      @ PT10S
                    hey -z 1m -q 10 http://podinfo-canary.test:9898 @ PT60S
                    ghz -z 90s --insecure x:9                       @ PT90S
                    sleep 60 || true                                @ PT60S
                    sleep 60 && curl http://x                       @ PT60S
                    sleep 60 >/dev/null 2>&1                        @ PT60S
                    curl -f http://x && sleep 60                    @ PT0S
                    sleep 60 &                                      @ PT0S
                    sleep 60 & sleep 5                              @ PT5S
                    sleep 60 | head -1                              @ PT0S
                    if true; then sleep 60; fi                      @ PT0S
                    sleep 1; exit 0; sleep 60                       @ PT1S
                    for i in 1 2; do sleep 60; done                 @ PT0S
                    wait_for() { sleep 60; }                        @ PT0S
                    (sleep 60)                                      @ PT0S
                    sleep $PAUSE                                    @ PT0S
                    echo "now; sleep 60"                            @ PT0S
                    echo 'sleep 60                                  @ PT0S
                    timeout 5 sleep 60                              @ PT0S
                    # sleep 60                                      @ PT0S
                    hey -n 100 http://x                             @ PT0S
                    hey -z soon http://x                            @ PT0S
                    echo hey -z 1m                                  @ PT0S
                    """)
    void isAsItsWordsSay(String command, Duration least) {
        assertThat(LeastTime.of(command)).isEqualTo(least);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '^',
            value = {
                "sleep 5\\nsleep 5 @ PT10S",
                "echo a \\\\\\n sleep 60 @ PT0S",
                "cat <<E\\nsleep 60\\nE @ PT0S",
                "# it's\\nsleep 60 @ PT60S"
            })
    void linesFollowEachOther(String command, Duration least) {
        assertThat(LeastTime.of(command.translateEscapes())).isEqualTo(least);
    }
}
