package dev.serinus.watcher.metrics;

import dev.serinus.schemas.template.RenderException;
import dev.serinus.schemas.template.TextTemplate;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.metrics.provider.Answer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Which side a query is about, and about which time. Asked by one thread.
 *
 * <p>What looks back over an interval would, at the begin of a window, see what was before it: so
 * the first moment asked for is one step later, and steps are no shorter than the interval.
 */
final class QueryScope {

    /**
     * A span of time with its steps.
     *
     * @param step above 0
     */
    record Window(Instant from, Instant to, Duration step) {

        /**
         * So that there are no more than {@code most} steps, of whole seconds where it takes more.
         */
        static Window of(Instant from, Instant to, Duration interval, int most) {
            long span = Math.max(0, Duration.between(from, to).toMillis());
            long least = Math.ceilDiv(span, (long) most);
            return new Window(
                    from,
                    to,
                    least <= interval.toMillis()
                            ? interval
                            : Duration.ofSeconds(Math.ceilDiv(least, 1000L)));
        }

        boolean isEmpty() {
            return from.plus(step).isAfter(to);
        }
    }

    private final String target;
    private final String own;
    private final @Nullable Window window;
    private boolean whole;
    private String asked = "";
    private Duration late = Duration.ZERO;

    private QueryScope(String target, String own, @Nullable Window window) {
        this.target = target;
        this.own = own;
        this.window = window;
    }

    /** The canary, now. */
    static QueryScope ofTheCanary(SpecSummary summary) {
        return new QueryScope(summary.target().name(), summary.target().name(), null);
    }

    /** The canary, over a span of time. */
    static QueryScope ofTheCanary(SpecSummary summary, Window window) {
        return new QueryScope(summary.target().name(), summary.target().name(), window);
    }

    /** What the canary is compared with, over a span of time. */
    static QueryScope ofTheOther(SpecSummary summary, Window window) {
        String own = summary.target().name();
        return new QueryScope(own + "-" + other(summary), own, window);
    }

    /** What the canary is compared with. */
    static String other(SpecSummary summary) {
        return summary.baseline() ? "baseline" : "primary";
    }

    /** The name that stands for {@code {{ target }}}. */
    String target() {
        return target;
    }

    boolean isOfTheCanary() {
        return target.equals(own);
    }

    boolean isOfNow() {
        return window == null;
    }

    /** True when the provider answered for the whole window, false when only for the present. */
    boolean isWhole() {
        return whole;
    }

    /** How late the provider may have told of it. */
    Duration late() {
        return late;
    }

    /** Of whom what was asked first; empty before. */
    String asked() {
        return asked;
    }

    /** Flagger compares whole milliseconds; two sides are compared by what was measured. */
    double millis(double millis) {
        return isOfNow() && !Double.isInfinite(millis) ? (double) (long) millis : millis;
    }

    /**
     * Renders the query and asks it.
     *
     * @param values for this side
     * @param ofTheCanary the same for the canary: another side is another question, or none
     */
    Answer ask(
            MetricSources.Source.Ready source,
            String template,
            Map<String, Object> values,
            Map<String, Object> ofTheCanary)
            throws InterruptedException, RenderException {
        var provider = source.provider();
        String query = TextTemplate.render(template, values);
        asked = asked.isEmpty() ? source.whom() + "\n" + query : asked;
        if (!isOfTheCanary() && query.equals(TextTemplate.render(template, ofTheCanary))) {
            return new Answer.Misconfigured(
                    "the query does not name {{ target }}, so that canary and %s would be asked"
                                    .formatted(target.substring(own.length() + 1))
                            + " the same: name {{ target }} where it names the workload");
        }
        if (window == null) {
            return provider.ask(query);
        }
        Optional<Answer> range =
                provider.range(
                        query, window.from().plus(window.step()), window.to(), window.step());
        whole = range.isPresent();
        late = whole ? provider.late() : Duration.ZERO;
        return whole ? range.get() : single(provider.ask(query));
    }

    /** As of a range none of several series is the answer. */
    private static Answer single(Answer answer) {
        return answer instanceof Answer.Samples(_, _, int series, _) && series > 1
                ? several(series)
                : answer;
    }

    static Answer several(int series) {
        return new Answer.Unavailable(
                "query returned multiple values: %d series; make one of them in the query"
                        .formatted(series));
    }
}
