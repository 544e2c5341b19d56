package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.MeasurementOutcome;
import dev.serinus.watcher.metrics.provider.Answer;

import org.junit.jupiter.api.Test;

import java.time.DateTimeException;
import java.time.Instant;

class MetricQueriesTest {

    @Test
    void whatBreaksOneQuestionIsTroubleOfItAlone() throws Exception {
        var answer =
                MetricQueries.answered(
                        () -> {
                            throw new DateTimeException("Instant exceeds minimum or maximum");
                        });

        assertThat(answer)
                .isEqualTo(
                        new Answer.Unavailable(
                                "asking the metrics provider failed: DateTimeException"));
    }

    /** As the expression of a long query may be, or an answer that is nested deeply. */
    @Test
    void whatIsNestedTooDeeplyIsTroubleOfItsQuestionAlone() throws Exception {
        var answer =
                MetricQueries.answered(
                        () -> {
                            throw new StackOverflowError();
                        });

        assertThat(answer)
                .isEqualTo(
                        new Answer.Unavailable(
                                "asking the metrics provider failed: StackOverflowError"));
    }

    @Test
    void thatOneOfSeveralSeriesCountsIsTold() {
        Answer one = Answer.of(Instant.EPOCH, 5);

        assertThat(told(one)).isEmpty();
        assertThat(told(Answer.ofSeries(3, one)))
                .isEqualTo("one of 3 series counts: make one of them in the query");
    }

    private static String told(Answer answer) {
        return MetricQueries.measurement(Questions.UNKNOWN, answer).getBecause();
    }

    @Test
    void aReasonIsNoLongerThanATopicShouldCarry() {
        var told =
                MetricQueries.measurement(
                        Questions.UNKNOWN, new Answer.Unavailable("x".repeat(1_200_000)));

        assertThat(told.getOutcome()).isEqualTo(MeasurementOutcome.UNAVAILABLE);
        assertThat(told.getBecause()).hasSizeLessThan(2100);
    }
}
