package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.Severity;

import org.junit.jupiter.api.Test;

class SlackTest extends WebNotifierContract {

    private static final Destination CHANNEL =
            new Destination("slack", "ops", "bot", "https://slack.example", "t0k3n", null);

    @Override
    protected WebNotifier notifier() {
        return new Slack();
    }

    @Test
    void sendsTheTokenAsBearer() {
        assertThat(new Slack().headers(CHANNEL)).containsEntry("Authorization", "Bearer t0k3n");
    }

    @Test
    void aRefusalOfTheWebApiIsAFailureThoughItsStatusIs200() {
        assertThat(new Slack().complaint("{\"ok\":false,\"error\":\"channel_not_found\"}"))
                .contains("channel_not_found");
        assertThat(new Slack().complaint("{\"ok\":false,\"error\":\"no, https://x/s3cr3t\"}"))
                .contains("not ok");
    }

    @Test
    void aWarningDoesNotLookLikeSuccessAsItDoesInFlagger() {
        assertThat(colour(Severity.INFO)).isEqualTo("good");
        assertThat(colour(Severity.WARN)).isEqualTo("warning");
        assertThat(colour(Severity.ERROR)).isEqualTo("danger");
    }

    @Test
    void timesAreInTheZoneOfWhoeverReads() {
        String text = "It is held until 2026-12-01T06:00:00Z: 1 < 2";

        assertThat(new Slack().escaped(text))
                .isEqualTo(
                        "It is held until <!date^1796104800^{date_num}"
                                + " {time_secs}|2026-12-01T06:00:00Z>: 1 &lt; 2");
        assertThat(new Discord().escaped("since 2026-12-01T06:00:00Z"))
                .isEqualTo("since <t:1796104800:f>");
        assertThat(new Slack().escaped("since 2026-13-41T06:00:00Z"))
                .isEqualTo("since 2026-13-41T06:00:00Z");
    }

    private static String colour(Severity severity) {
        return new Slack()
                .payload(message(severity, "told"), CHANNEL)
                .at("/attachments/0/color")
                .asText();
    }
}
