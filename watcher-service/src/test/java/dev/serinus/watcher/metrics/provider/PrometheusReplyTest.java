package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.outgoing.Redaction;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;

class PrometheusReplyTest {

    private static final Redaction NOTHING = Redaction.of(URI.create("http://p"), List.of());

    @Test
    void anAnswerOfAMillionPartsIsNotMadeIntoObjects() {
        assertThat(PrometheusReply.read(200, "[" + "[],".repeat(1_000_000) + "[]]", NOTHING))
                .isEqualTo(
                        new Answer.Unavailable(
                                "error unmarshaling result: it has more parts than the answer to"
                                        + " one question may have"));
    }
}
