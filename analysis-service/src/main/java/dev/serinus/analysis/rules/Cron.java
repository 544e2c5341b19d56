package dev.serinus.analysis.rules;

import io.micronaut.scheduling.cron.CronExpression;

import org.jspecify.annotations.Nullable;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A cron expression of five fields: minute, hour, day of the month, month, day of the week. Where
 * both days are named either will do, as in every crontab.
 */
final class Cron {

    private static final int FIELDS = 5;
    private static final int DAY_OF_MONTH = 2;
    private static final int DAY_OF_WEEK = 4;

    /** Also of the 29th of February, of which a century may leave out one. */
    private static final int LONGEST_WAY_IN_YEARS = 9;

    private final String written;
    private final List<CronExpression> either;

    private Cron(String written, List<CronExpression> either) {
        this.written = written;
        this.either = either;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Cron of(String written) {
        String[] fields = written.strip().split("\\s+");
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException(
                    "it has %d fields, and needs minute, hour, day of the month, month, day of the week"
                            .formatted(fields.length));
        }
        try {
            var cron =
                    new Cron(
                            written,
                            isRestricted(fields[DAY_OF_MONTH]) && isRestricted(fields[DAY_OF_WEEK])
                                    ? List.of(
                                            without(fields, DAY_OF_WEEK),
                                            without(fields, DAY_OF_MONTH))
                                    : List.of(CronExpression.create(String.join(" ", fields))));
            var _ = cron.next(LocalDateTime.of(2024, 1, 1, 0, 0)); // of which steps are divisors
            return cron;
        } catch (ArithmeticException stepOfZero) {
            throw new IllegalArgumentException("a step must be 1 or more", stepOfZero);
        }
    }

    private static boolean isRestricted(String field) {
        return !field.startsWith("*") && !field.startsWith("?");
    }

    private static CronExpression without(String[] fields, int field) {
        String[] others = fields.clone();
        others[field] = "*";
        return CronExpression.create(String.join(" ", others));
    }

    /** The first time after another, on clocks that nobody changes; empty where there is none. */
    Optional<LocalDateTime> next(LocalDateTime after) {
        return either.stream().flatMap(one -> next(one, after)).min(LocalDateTime::compareTo);
    }

    private static Stream<LocalDateTime> next(CronExpression one, LocalDateTime after) {
        var from = after.atZone(ZoneOffset.UTC);
        try {
            return Stream.of(
                    one.nextTimeAfter(from, from.plusYears(LONGEST_WAY_IN_YEARS))
                            .toLocalDateTime());
        } catch (IllegalArgumentException never) {
            return Stream.empty(); // as on the 30th of February
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cron cron && cron.written.equals(written);
    }

    @Override
    public int hashCode() {
        return written.hashCode();
    }

    @Override
    public String toString() {
        return written;
    }
}
