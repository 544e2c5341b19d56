package dev.serinus.demo.measure;

import dev.serinus.demo.measure.Expression.Binary;
import dev.serinus.demo.measure.Expression.Literal;
import dev.serinus.demo.measure.Expression.Operator;
import dev.serinus.demo.measure.Expression.Quantile;
import dev.serinus.demo.measure.Expression.Rate;
import dev.serinus.demo.measure.Expression.Sum;
import dev.serinus.demo.measure.Expression.Vector;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Answers expressions from the samples, with PromQL's rules for labels, 0/0 and what is absent. */
public final class Evaluation {

    private final Samples samples;
    private final Instant now;

    private Evaluation(Samples samples, Instant now) {
        this.samples = samples;
        this.now = now;
    }

    /** One series of an answer. */
    record Point(Labels labels, double value) {}

    private sealed interface Value {
        record Scalar(double value) implements Value {}

        record Points(List<Point> points) implements Value {}
    }

    /** The series that answer the query. */
    static List<Point> answer(String query, Samples samples, Instant now) {
        var value = new Evaluation(samples, now).value(QueryParser.parse(query));
        return switch (value) {
            case Value.Points(var points) -> points;
            case Value.Scalar _ ->
                    throw new QueryRefused("the query gives a scalar: wrap it in vector()");
        };
    }

    /** The one number that answers the query; empty without data. */
    public static OptionalDouble number(String query, Samples samples, Instant now) {
        return answer(query, samples, now).stream()
                .mapToDouble(Point::value)
                .filter(value -> !Double.isNaN(value))
                .findFirst();
    }

    private Value value(Expression expression) {
        return switch (expression) {
            case Literal(var number) -> new Value.Scalar(number);
            case Vector(var of) ->
                    new Value.Points(List.of(new Point(Labels.NONE, scalar(value(of)))));
            case Rate(var selector, var window) ->
                    new Value.Points(
                            samples.rates(selector, window, now).stream()
                                    .map(
                                            rate ->
                                                    new Point(
                                                            rate.labels().without(Labels.NAME),
                                                            rate.perSecond()))
                                    .toList());
            case Sum(var of, var by) -> sum(points(value(of)), by);
            case Quantile(var rank, var buckets) ->
                    quantile(scalar(value(rank)), points(value(buckets)));
            case Binary(var left, var operator, var right) ->
                    combined(value(left), operator, value(right));
        };
    }

    private static Value sum(List<Point> points, List<String> by) {
        Map<Labels, Double> sums = new LinkedHashMap<>();
        points.forEach(p -> sums.merge(p.labels().only(by), p.value(), Double::sum));
        List<Point> result = new ArrayList<>();
        sums.forEach((labels, value) -> result.add(new Point(labels, value)));
        return new Value.Points(result);
    }

    private static Value combined(Value left, Operator operator, Value right) {
        if (operator == Operator.OR) {
            List<Point> all = new ArrayList<>(points(left));
            points(right).stream()
                    .filter(p -> find(points(left), p.labels()).isEmpty())
                    .forEach(all::add);
            return new Value.Points(all);
        }
        return switch (left) {
            case Value.Scalar(var a) ->
                    switch (right) {
                        case Value.Scalar(var b) -> new Value.Scalar(computed(a, operator, b));
                        case Value.Points(var points) ->
                                each(points, value -> computed(a, operator, value));
                    };
            case Value.Points(var points) ->
                    switch (right) {
                        case Value.Scalar(var b) ->
                                each(points, value -> computed(value, operator, b));
                        case Value.Points(var others) -> joined(points, operator, others);
                    };
        };
    }

    private static Value joined(List<Point> points, Operator operator, List<Point> others) {
        List<Point> result = new ArrayList<>();
        for (Point point : points) {
            find(others, point.labels())
                    .ifPresent(
                            other ->
                                    result.add(
                                            new Point(
                                                    point.labels(),
                                                    computed(
                                                            point.value(),
                                                            operator,
                                                            other.value()))));
        }
        return new Value.Points(result);
    }

    private static Optional<Point> find(List<Point> points, Labels labels) {
        return points.stream().filter(p -> p.labels().equals(labels)).findFirst();
    }

    private static Value each(
            List<Point> points, java.util.function.DoubleUnaryOperator operation) {
        return new Value.Points(
                points.stream()
                        .map(p -> new Point(p.labels(), operation.applyAsDouble(p.value())))
                        .toList());
    }

    private static double computed(double left, Operator operator, double right) {
        return switch (operator) {
            case PLUS -> left + right;
            case MINUS -> left - right;
            case TIMES -> left * right;
            case DIVIDED_BY -> left / right;
            case OR -> throw new IllegalStateException("or was computed before");
        };
    }

    private record Bucket(double bound, double count) {}

    private static Value quantile(double rank, List<Point> points) {
        var buckets =
                points.stream()
                        .map(p -> new Bucket(bound(p.labels().value("le")), p.value()))
                        .sorted(Comparator.comparingDouble(Bucket::bound))
                        .toList();
        return buckets.isEmpty()
                ? new Value.Points(List.of())
                : new Value.Points(List.of(new Point(Labels.NONE, quantileOf(rank, buckets))));
    }

    // Linear within the bucket that holds the rank; the highest finite bound for what lies beyond.
    private static double quantileOf(double rank, List<Bucket> buckets) {
        double wanted = rank * buckets.getLast().count();
        if (buckets.getLast().count() == 0) {
            return Double.NaN;
        }
        double lowerBound = 0;
        double below = 0;
        for (Bucket bucket : buckets) {
            if (bucket.count() >= wanted) {
                return Double.isInfinite(bucket.bound())
                        ? lowerBound
                        : lowerBound
                                + (bucket.bound() - lowerBound)
                                        * ((wanted - below) / (bucket.count() - below));
            }
            lowerBound = bucket.bound();
            below = bucket.count();
        }
        return lowerBound;
    }

    private static double bound(String le) {
        return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
    }

    private static double scalar(Value value) {
        return switch (value) {
            case Value.Scalar(var number) -> number;
            case Value.Points _ -> throw new QueryRefused("expected a number, found series");
        };
    }

    private static List<Point> points(Value value) {
        return switch (value) {
            case Value.Points(var points) -> points;
            case Value.Scalar _ -> throw new QueryRefused("expected series, found a number");
        };
    }
}
