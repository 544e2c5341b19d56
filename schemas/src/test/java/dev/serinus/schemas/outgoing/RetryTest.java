package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.outgoing.Reply.Answered;
import dev.serinus.schemas.outgoing.Reply.Unanswered;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

class RetryTest {

    private final List<Long> pauses = new ArrayList<>();

    @Test
    void pausesDoubleUpToThirtySeconds() throws Exception {
        var outcome = Retry.upTo(7, this::note, () -> new Unanswered("EOF", true));

        assertThat(outcome.attempts()).isEqualTo(8);
        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void aBusyReceiverSaysHowLongToWaitUpToTheLongestPause() throws Exception {
        Deque<Reply> replies =
                new ArrayDeque<>(
                        List.of(
                                new Answered(429, "", Duration.ofSeconds(9)),
                                new Answered(503, "", Duration.ofHours(1)),
                                new Answered(500, "", Duration.ofSeconds(9)),
                                new Answered(200, "", null)));

        var outcome = Retry.upTo(5, this::note, replies::remove);

        assertThat(outcome).isEqualTo(new Retry.Outcome(new Answered(200, "", null), 4));
        assertThat(pauses).containsExactly(9L, 30L, 4L);
    }

    @ParameterizedTest
    @CsvSource({"200,1", "204,1", "302,1", "400,1", "404,1", "429,3", "500,3", "501,1", "502,3"})
    void repeatsOnlyWhatFlaggerRepeats(int status, int attempts) throws Exception {
        var outcome = Retry.upTo(2, this::note, () -> new Answered(status, "", null));

        assertThat(outcome.attempts()).isEqualTo(attempts);
    }

    @Test
    void anObstacleThatStaysIsMetOnce() throws Exception {
        var outcome = Retry.upTo(5, this::note, () -> new Unanswered("refused", false));

        assertThat(outcome.attempts()).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    private void note(Duration pause) {
        pauses.add(pause.toSeconds());
    }
}
