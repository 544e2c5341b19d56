package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What a provider promises besides that can be asked for a span of time. */
interface RangeContract {

    Duration STEP = Duration.ofMinutes(1);
    Instant TO = ProviderContract.NOW;
    Instant FROM = TO.minus(STEP.multipliedBy(5));

    /**
     * What the server answers: one series with a value for each minute, the last of the minute that
     * ends at {@link #TO}; NaN where it has no number.
     */
    String series(double... values);

    /** What the server answers when there are two series. */
    String twoSeries();

    /** When a minute ends, of so many of which the last ends with the span. */
    static Instant end(int count, int index) {
        return TO.minus(STEP.multipliedBy(count - 1L - index));
    }

    /** When it begins. */
    static Instant begin(int count, int index) {
        return end(count, index).minus(STEP);
    }

    /** Which of the minutes that end within the span are told. */
    default double[] within(double... values) {
        return values;
    }

    private ProviderContract contract() {
        return (ProviderContract) this;
    }

    private Answer range() throws InterruptedException {
        var contract = contract();
        return contract.provider(contract.settings(contract.server.url(), contract.credentials()))
                .range(contract.query(), FROM, TO, STEP)
                .orElseThrow();
    }

    private List<Answer.Sample> answered(String body) throws InterruptedException {
        contract().server.answer(200, body);
        var answer = range();
        assertThat(answer).isInstanceOf(Answer.Samples.class);
        return ((Answer.Samples) answer).samples();
    }

    /** A server may tell more than it was asked for. */
    @Test
    default void aSpanHasTheValuesOfItsStepsAndNoOthers() throws Exception {
        double[] nine = IntStream.rangeClosed(1, 9).asDoubleStream().toArray();
        double[] six = IntStream.rangeClosed(4, 9).asDoubleStream().toArray();

        var samples = answered(series(nine));

        assertThat(samples)
                .extracting(Answer.Sample::value)
                .containsExactlyElementsOf(DoubleStream.of(within(six)).boxed().toList());
        assertThat(samples)
                .extracting(Answer.Sample::time)
                .isSorted()
                .allMatch(time -> !time.isBefore(FROM) && !time.isAfter(TO));
    }

    @Test
    default void whatIsNoNumberIsLeftOutOfASpan() throws Exception {
        assertThat(answered(series(1, Double.NaN, 3, 4, 5, 6)))
                .extracting(Answer.Sample::value)
                .containsExactlyElementsOf(
                        DoubleStream.of(within(1, Double.NaN, 3, 4, 5, 6))
                                .filter(value -> !Double.isNaN(value))
                                .boxed()
                                .toList());
    }

    @Test
    default void severalSeriesAreNoSpan() throws Exception {
        contract().server.answer(200, twoSeries());

        assertThat(ProviderContract.assertUnavailable(range()))
                .startsWith("query returned multiple values: 2 ");
    }

    @Test
    default void aSpanInWhichNothingWasMeasuredIsNoData() throws Exception {
        contract().server.answer(200, contract().nothing());

        assertThat(range()).isInstanceOf(Answer.NoData.class);
    }

    @Test
    default void whatCannotBeReadIsNoSpan() throws Exception {
        for (String body : List.of("", "<html>oops</html>", "{\"data\":")) {
            contract().server.answer(200, body);

            ProviderContract.assertUnavailable(range());
        }
        contract().server.answer(403, "no");
        assertThat(ProviderContract.assertUnavailable(range())).contains("403");
    }

    @Test
    default void aPauseThatTheServerAsksForIsKeptForSpans() throws Exception {
        contract().server.answer(429, "slow down");
        contract().server.header("Retry-After", "30");

        assertThat(ProviderContract.assertUnavailable(range())).contains("left alone for 30s");
        assertThat(ProviderContract.assertUnavailable(range())).contains("left alone for another");
        assertThat(contract().server.requests()).hasSize(1);
    }
}
