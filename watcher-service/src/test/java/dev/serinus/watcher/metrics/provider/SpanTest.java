package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

class SpanTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Since 0 s, with a value from 60 s on. */
    private static final Span SPAN = new Span(at(60), at(240), MINUTE);

    private static Instant at(int second) {
        return Instant.ofEpochSecond(second);
    }

    private static List<Answer.Sample> samples(int... seconds) {
        return IntStream.of(seconds)
                .mapToObj(second -> new Answer.Sample(at(second), second))
                .toList();
    }

    @Test
    void momentsOfTheSpanBelongToItInOrder() {
        assertThat(SPAN.moments(samples(241, 240, 60, 120, 180, 59, 0)))
                .isEqualTo(samples(60, 120, 180, 240));
    }

    @Test
    void aBucketBelongsToItThatLiesWithinIt() {
        assertThat(SPAN.buckets(samples(59, 60, 120), MINUTE)).isEqualTo(samples(60, 120));
        assertThat(SPAN.buckets(samples(60, 120), MINUTE.multipliedBy(2))).isEqualTo(samples(120));
    }

    @Test
    void noTwoAreCloserThanAStep() {
        assertThat(SPAN.moments(samples(60, 75, 119, 120, 130, 200)))
                .isEqualTo(samples(60, 120, 200));
    }
}
