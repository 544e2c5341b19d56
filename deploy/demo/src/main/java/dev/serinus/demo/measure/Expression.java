package dev.serinus.demo.measure;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** The part of PromQL that the built-in checks and the demo's display are made of. */
sealed interface Expression {

    /** A number, such as {@code 100}. */
    record Literal(double value) implements Expression {}

    /** {@code vector(1)}. */
    record Vector(Expression scalar) implements Expression {}

    /** {@code rate(name{...}[5s])}. */
    record Rate(Predicate<Labels> selector, Duration window) implements Expression {}

    /** {@code sum(...)}, {@code sum by (le) (...)}. */
    record Sum(Expression of, List<String> by) implements Expression {
        public Sum {
            by = List.copyOf(by);
        }
    }

    /** {@code histogram_quantile(0.99, ...)}. */
    record Quantile(Expression rank, Expression buckets) implements Expression {}

    /** {@code a * b}, {@code a or b}. */
    record Binary(Expression left, Operator operator, Expression right) implements Expression {}

    /** What stands between two operands, weakest first. */
    enum Operator {
        OR("or"),
        PLUS("+"),
        MINUS("-"),
        TIMES("*"),
        DIVIDED_BY("/");

        final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }
    }
}
