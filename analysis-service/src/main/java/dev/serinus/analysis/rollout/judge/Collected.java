package dev.serinus.analysis.rollout.judge;

import dev.serinus.analysis.rollout.judge.Measurement.Kind;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known for comparisons since the canary has had its traffic. Of providers that can only be
 * asked for the present, the samples of each check are kept here.
 *
 * @param since begin of the window
 * @param told what was told of the window before, where a value of it that is no number fails
 */
public record Collected(Instant since, List<Series> series, List<Told> told) {

    /** Samples of one series, and of all: about 200 KB of the state. */
    private static final int MOST_OF_SERIES = 1_000;

    private static final int MOST_OF_ALL = 4_000;

    public Collected {
        series = List.copyOf(series);
        told = List.copyOf(told);
    }

    /** Without anything told before. */
    public Collected(Instant since, List<Series> series) {
        this(since, series, List.of());
    }

    /**
     * Until when the canary's values of one metric are known, asked for in one way.
     *
     * @param until the time of the newest
     */
    public record Told(int check, String name, Kind kind, Instant until) {
        private boolean isOf(Measurement one) {
            return check == one.check() && kind == one.kind() && name.equals(one.name());
        }
    }

    /**
     * Both sides of one metric, asked for in one way.
     *
     * @param at when samples were added last
     * @param former what came of other questions before; null where this one was always asked
     */
    public record Series(
            int check, String name, Kind kind, Instant at, Sides sides, @Nullable Former former) {

        /** Nothing of it any more: what is asked now is another question. */
        private Series anew(Instant since) {
            int samples = sides.size() + (former == null ? 0 : former.samples());
            return new Series(check, name, kind, at, Sides.NONE, new Former(samples, since));
        }

        private boolean isOf(Measurement one) {
            return check == one.check() && kind == one.kind() && name.equals(one.name());
        }

        private boolean isReplacedBy(Measurement one) {
            return isOf(one)
                    && one.sides() != null
                    && !one.sides().whole()
                    && sides.differs(one.sides());
        }
    }

    /**
     * Samples of questions that are not asked any more, since a MetricTemplate was edited: they
     * measure something else.
     *
     * @param samples how many were left out
     * @param until when the question that is asked now was first
     */
    public record Former(int samples, Instant until) {}

    /** Nothing yet: the window begins. */
    public static Collected from(Instant since) {
        return new Collected(since, List.of());
    }

    /**
     * With the samples of these measurements. What looks back further than to the sample before
     * would count the same requests twice, so that it is left out. Those of a question that is not
     * asked any more are left out as well.
     */
    public Collected with(List<Check> checks, List<Measurement> measurements, Instant at) {
        List<Measurement> compared =
                measurements.stream()
                        .filter(one -> one.check() >= 0 && one.check() < checks.size())
                        .filter(one -> checks.get(one.check()).compare() != null)
                        .map(one -> one.with(checks.get(one.check()).nan()))
                        .toList();
        var known = ofPresentQuestions(compared, at);
        List<Measurement> added = compared.stream().filter(one -> isOfNow(one.sides())).toList();
        return added.isEmpty() ? known : known.adding(checks, added, at);
    }

    private Collected ofPresentQuestions(List<Measurement> measurements, Instant at) {
        return new Collected(
                since,
                series.stream()
                        .map(
                                it ->
                                        measurements.stream().anyMatch(one -> it.isReplacedBy(one))
                                                ? it.anew(at)
                                                : it)
                        .toList(),
                told);
    }

    private Collected adding(List<Check> checks, List<Measurement> added, Instant at) {
        int most = Math.clamp(MOST_OF_ALL / (4L * added.size()), 1, MOST_OF_SERIES);
        List<Series> after = new ArrayList<>(series);
        for (Measurement one : added) {
            ComparisonRule rule = checks.get(one.check()).compare();
            var before = of(one);
            // The first one is to see nothing of the time before the window.
            boolean apart =
                    rule != null
                            && !at.isBefore(since.plus(rule.step()))
                            && before.filter(it -> it.sides().size() > 0)
                                    .map(it -> !at.isBefore(it.at().plus(rule.step())))
                                    .orElse(true);
            if (apart && one.sides() != null) {
                var sides = before.map(Series::sides).orElse(Sides.NONE).and(one.sides(), most);
                before.ifPresent(after::remove);
                var former = before.map(Series::former).orElse(null);
                after.add(new Series(one.check(), one.name(), one.kind(), at, sides, former));
            }
        }
        return new Collected(since, after, told);
    }

    /** After a judgement of these: what they told is known when the next one is made. */
    public Collected judged(List<Check> checks, List<Measurement> measurements) {
        List<Told> after = new ArrayList<>(told);
        measurements.stream()
                .filter(one -> one.check() >= 0 && one.check() < checks.size())
                .filter(one -> checks.get(one.check()).nan() == NotANumber.FAIL)
                .forEach(
                        one ->
                                Optional.ofNullable(one.sides())
                                        .flatMap(Sides::toldUntil)
                                        .ifPresent(
                                                until -> {
                                                    after.removeIf(it -> it.isOf(one));
                                                    after.add(
                                                            new Told(
                                                                    one.check(),
                                                                    one.name(),
                                                                    one.kind(),
                                                                    until));
                                                }));
        return new Collected(since, series, after);
    }

    /** Until when the canary's values of this metric were told before. */
    Optional<Instant> told(Measurement one) {
        return told.stream().filter(it -> it.isOf(one)).map(Told::until).findFirst();
    }

    /** What came of other questions before, where what is judged is what was collected. */
    Optional<Former> former(Measurement one) {
        return one.sides() != null && one.sides().whole()
                ? Optional.empty()
                : of(one).map(Series::former);
    }

    private static boolean isOfNow(@Nullable Sides sides) {
        return sides != null && !sides.whole() && sides.size() > 0;
    }

    private Optional<Series> of(Measurement one) {
        return series.stream().filter(it -> it.isOf(one)).findFirst();
    }

    /** What is to be judged of a measurement: its own window, or what was collected. */
    Sides sides(Measurement one) {
        return one.sides() != null && one.sides().whole()
                ? one.sides()
                : of(one).map(Series::sides).orElse(Sides.NONE);
    }
}
