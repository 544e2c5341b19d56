package dev.serinus.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

class RolloutPictureTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:04:00Z");

    private static final String DETAIL =
            """
            {"rollout": {"cluster": "west", "namespace": "shop", "name": "cart", "run": 12,
               "phase": "Progressing", "revision": "6f5c", "canaryWeight": 40, "failedChecks": 1,
               "waitingFor": "the next step", "deadline": "2026-11-22T12:04:26Z",
               "possibleActions": ["pause", "abort"]},
             "history": [
               {"run": 11, "at": "2026-11-20T09:00:00Z", "type": "Promoted", "actor": "serinus",
                "message": "The primary runs revision 5a1b.", "evidence": []},
               {"run": 12, "at": "2026-11-22T12:03:10Z", "type": "CheckFailed", "actor": "serinus",
                "message": "latency", "evidence": [
                  {"check": "request-success-rate", "value": 99.8, "min": 99, "max": null,
                   "verdict": "PASS", "because": ""},
                  {"check": "request-duration", "value": 611.25, "min": null, "max": 500,
                   "verdict": "FAIL", "because": "611 > 500"},
                  {"check": "errors", "value": null, "min": null, "max": 1,
                   "verdict": "INCONCLUSIVE", "because": "no values found"}]},
               {"run": 12, "at": "2026-11-22T12:03:20Z", "type": "Paused", "actor": "ada",
                "message": "Paused.", "evidence": []}]}\
            """;

    @Test
    void aRolloutIsReadAtOneLook() throws JsonProcessingException {
        assertThat(picture(false))
                .containsExactly(
                        "west/shop/cart  Progressing  run 12, revision 6f5c",
                        "",
                        "canary     ████████████░░░░░░░░░░░░░░░░░░ 40 %",
                        "primary    ██████████████████░░░░░░░░░░░░ 60 %",
                        "waits for  the next step, until 12:04:26 (in 26s)",
                        "failed     1 checks of this run",
                        "",
                        "metrics, 50s ago",
                        "  request-success-rate               99.8  at least 99            pass",
                        "  request-duration                  611.3  at most 500            fail:"
                                + " 611 > 500",
                        "  errors                                -  at most 1             "
                                + " inconclusive: no values found",
                        "",
                        "Nov 20 09:00:00 Promoted          The primary runs revision 5a1b.",
                        "12:03:10        CheckFailed       latency",
                        "12:03:20        Paused            Paused. (ada)",
                        "",
                        "you can    pause, abort");
    }

    @Test
    void whatIsAskedForStandsBesideWhatWasReadBackAndOnWhatTimeWasSpent()
            throws JsonProcessingException {
        var lines =
                new RolloutPicture(NOW, ZoneOffset.UTC, false)
                        .of(
                                Hub.JSON.readTree(
                                        DETAIL.replace(
                                                        "\"canaryWeight\": 40",
                                                        "\"canaryWeight\": 40, \"wantedWeight\":"
                                                                + " 50.5")
                                                .replace(
                                                        "\"history\"",
                                                        """
                                                        "spent": {"activeMillis": 60000, "personMillis": 7200000,
                                                         "fleetMillis": 0, "on": "active",
                                                         "since": "2026-11-22T12:03:30Z"},
                                                        "history\"\
                                                        """)));

        assertThat(lines)
                .containsSequence(
                        "canary     ████████████░░░░░░░░░░░░░░░░░░ 40 %",
                        "           50.5 % is asked for, and not read back yet")
                .contains(
                        "spent on   90s its work, 2h waiting for people, 0s waiting for other"
                                + " rollouts");
    }

    @Test
    void coloursAreBesideTheTextAndNeverInItsPlace() throws JsonProcessingException {
        var colored = String.join("\n", picture(true));

        assertThat(colored).contains("\u001b[31mfail\u001b[0m");
        assertThat(colored.replaceAll("\u001b\\[\\d+m", ""))
                .isEqualTo(String.join("\n", picture(false)));
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "119,119s", "120,2m", "7199,119m", "7200,2h", "172799,47h", "172800,2d"})
    void lengthsAreInTheirLargestWholeUnit(long seconds, String text) {
        assertThat(Times.length(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    private static List<String> picture(boolean colors) throws JsonProcessingException {
        return new RolloutPicture(NOW, ZoneOffset.UTC, colors).of(Hub.JSON.readTree(DETAIL));
    }
}
