package dev.serinus.analysis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/** When a calendar says that something is, by the clocks of its zone. */
class CalendarTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest(name = "{0} {1} at {2}")
    @CsvSource({
        // A weekend, within and before it, and on its bounds.
        "0 18 * * FRI, 62h, 2026-06-06T12:00, 2026-06-05T18:00, 2026-06-08T08:00",
        "0 18 * * FRI, 62h, 2026-06-05T17:59, 2026-06-05T18:00, 2026-06-08T08:00",
        "0 18 * * FRI, 62h, 2026-06-05T18:00, 2026-06-05T18:00, 2026-06-08T08:00",
        "0 18 * * FRI, 62h, 2026-06-08T08:00, 2026-06-12T18:00, 2026-06-15T08:00",
        // The clocks go back on Sunday the 25th of October, and forward on the 28th of March.
        "0 18 * * FRI, 62h, 2026-10-25T12:00, 2026-10-23T18:00, 2026-10-26T08:00",
        "0 18 * * FRI, 62h, 2026-03-29T12:00, 2026-03-27T18:00, 2026-03-30T08:00",
        // It begins at a time that the clocks skip, and so an hour later.
        "30 2 29 3 *, 20m, 2026-03-29T01:00, 2026-03-29T03:30, 2026-03-29T03:50",
        "30 2 29 3 *, 40m, 2026-03-29T01:00, 2026-03-29T03:30, 2026-03-29T04:10",
        // Either of both days will do: the 13th, or a Friday.
        "0 0 13 * FRI, 1h, 2026-06-11T00:00, 2026-06-12T00:00, 2026-06-12T01:00",
        "0 0 13 * FRI, 1h, 2026-06-12T12:00, 2026-06-13T00:00, 2026-06-13T01:00",
        // Days that meet, or overlap, are one.
        "0 0 * * SAT;SUN, 24h, 2026-06-06T12:00, 2026-06-06T00:00, 2026-06-08T00:00",
        "0 18 * * MON-FRI, 14h, 2026-06-08T20:00, 2026-06-08T18:00, 2026-06-09T08:00",
        "0 0 * * SAT;SUN, 30h, 2026-06-06T12:00, 2026-06-06T00:00, 2026-06-08T06:00",
        "0 0 29 2 *, 24h, 2026-06-06T12:00, 2028-02-29T00:00, 2028-03-01T00:00",
    })
    void aRecurringPeriodIsByTheClocksOfItsZone(
            String cron, String lasts, String at, String from, String until) {
        var calendar =
                new Recurring(
                        Cron.of(cron.replace(';', ',')), Duration.parse("PT" + lasts), BERLIN);

        assertThat(calendar.at(berlin(at))).contains(new Period(berlin(from), berlin(until)));
    }

    @Test
    void aSinglePeriodIsOverAfterItsEnd() {
        var calendar =
                new Once(
                        LocalDateTime.parse("2026-12-20T00:00"),
                        LocalDateTime.parse("2027-01-02T00:00"),
                        BERLIN);
        var period = new Period(berlin("2026-12-20T00:00"), berlin("2027-01-02T00:00"));

        assertThat(calendar.at(berlin("2026-06-01T00:00"))).contains(period);
        assertThat(calendar.at(berlin("2026-12-31T00:00"))).contains(period);
        assertThat(calendar.at(berlin("2027-01-02T00:00"))).isEmpty();
    }

    @Test
    void whatNeverBeginsIsNever() {
        assertThat(
                        new Recurring(Cron.of("0 0 30 2 *"), Duration.ofHours(1), BERLIN)
                                .at(berlin("2026-06-01T00:00")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "* * * * *, 1m, true",
        "0 * * * *, 2h, true",
        "0 0 * * *, 24h, true",
        "0 0 * * *, 23h, false",
        "* * 1 1 *, 1h, false",
        "0 0 * * MON-FRI, 24h, false",
    })
    void whatBeginsAgainBeforeItIsOverIsEndless(String cron, String lasts, boolean endless) {
        var calendar = new Recurring(Cron.of(cron), Duration.parse("PT" + lasts), BERLIN);

        assertThat(calendar.isEndless(berlin("2024-01-01T00:00"))).isEqualTo(endless);
    }

    @ParameterizedTest
    @CsvSource({
        "0 18 * *, it has 4 fields",
        "0 0 18 * * FRI, it has 6 fields",
        "60 * * * *, 60",
        "0 18 * * FREITAG, FREITAG",
        "0 0 * * FRI-MON, Rolling periods",
        "0/0 * * * *, a step must be 1 or more",
    })
    void whatIsNoCronExpressionIsRefused(String cron, String because) {
        assertThatThrownBy(() -> Cron.of(cron))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(because);
    }

    // ---- a year of cron

    /** Whatever is written: what is said of a moment is so, whenever it is asked. */
    @Property(tries = 200)
    void whatIsSaidOfAMomentIsSaidOfEachUntilItIsOver(
            @ForAll("calendars") Recurring calendar, @ForAll("moments") Instant at) {
        Optional<Period> said = calendar.at(at);
        if (said.isEmpty()) {
            return;
        }
        Period period = said.get();

        assertThat(period.until()).isAfter(at).isAfter(period.from());
        if (period.from().isAfter(at)) {
            assertThat(calendar.at(period.from().minusMillis(1))).contains(period);
        }
        assertThat(calendar.at(period.from()).map(Period::until)).contains(period.until());
        assertThat(calendar.at(period.until().minusMillis(1)).map(Period::until))
                .contains(period.until());
        assertThat(calendar.at(period.until()).map(Period::from))
                .isNotEqualTo(Optional.of(period.until()));
    }

    /** Minute by minute: a moment is in a period where one began less than its length before. */
    @Property(tries = 60)
    void aMomentIsInAPeriodWhereOneBeganShortlyBefore(
            @ForAll("calendars") Recurring calendar, @ForAll("moments") Instant at) {
        boolean covered = calendar.at(at).filter(period -> !period.from().isAfter(at)).isPresent();

        boolean began = false;
        var local = at.atZone(calendar.zone()).toLocalDateTime();
        var start = local.minus(calendar.lasts()).minusHours(3);
        for (var next = calendar.cron().next(start);
                next.isPresent() && !next.get().isAfter(local.plusHours(3));
                next = calendar.cron().next(next.get())) {
            ZonedDateTime begins = next.get().atZone(calendar.zone());
            Instant ends =
                    begins.toLocalDateTime()
                            .plus(calendar.lasts())
                            .atZone(calendar.zone())
                            .toInstant();
            began |= !begins.toInstant().isAfter(at) && ends.isAfter(at);
        }

        assertThat(covered).isEqualTo(began);
    }

    @Provide
    Arbitrary<Recurring> calendars() {
        var zones =
                Arbitraries.of("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
                        .map(ZoneId::of);
        var minutes = Arbitraries.of("0", "30", "15,45", "*/20");
        var hours = Arbitraries.of("*", "2", "0-3", "18", "1,13");
        var days = Arbitraries.of("13", "1", "L", "25-31");
        var months = Arbitraries.of("*", "3", "10", "MAR-NOV");
        var weekdays = Arbitraries.of("*", "FRI", "SAT,SUN", "0", "5#2");
        var lasts = Arbitraries.of(1, 20, 90, 24 * 60, 62 * 60).map(Duration::ofMinutes);
        return Combinators.combine(minutes, hours, days, months, weekdays)
                .as((a, b, c, d, e) -> Cron.of(String.join(" ", a, b, c, d, e)))
                .flatMap(
                        cron ->
                                Combinators.combine(lasts, zones)
                                        .as((length, zone) -> new Recurring(cron, length, zone)))
                .filter(calendar -> !calendar.isEndless(berlin("2024-01-01T00:00")));
    }

    /** The changes of clocks of a year, the hours around them, and any other. */
    @Provide
    Arbitrary<Instant> moments() {
        var any =
                Arbitraries.longs()
                        .between(0, Duration.ofDays(366).toMinutes())
                        .map(
                                minutes ->
                                        Instant.parse("2026-01-01T00:00:00Z")
                                                .plusSeconds(60 * minutes));
        var changes =
                Arbitraries.of(
                                "2026-03-29T01:00:00Z",
                                "2026-10-25T01:00:00Z",
                                "2026-11-01T06:00:00Z")
                        .map(Instant::parse);
        var around =
                Combinators.combine(changes, Arbitraries.integers().between(-240, 240))
                        .as((change, minutes) -> change.plusSeconds(60L * minutes));
        return Arbitraries.oneOf(any, around);
    }

    private static Instant berlin(String local) {
        return LocalDateTime.parse(local).atZone(BERLIN).toInstant();
    }
}
