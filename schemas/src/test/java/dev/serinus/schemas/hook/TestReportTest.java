package dev.serinus.schemas.hook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestReportTest {

    private static final TestReport OF_HEY =
            new TestReport(0, 10_012L, "hey", 4.2004, 11.0, 15.5, 600L, 3L, false);

    @Test
    void isReadAsItIsWritten() {
        String header = OF_HEY.header();

        assertThat(header)
                .isEqualTo(
                        "exit=0, took-ms=10012, tool=hey, p50-ms=4.2, p95-ms=11, p99-ms=15.5,"
                                + " requests=600, errors=3");
        assertThat(TestReport.read(header))
                .contains(new TestReport(0, 10_012L, "hey", 4.2, 11.0, 15.5, 600L, 3L, false));
        assertThat(TestReport.read(OF_HEY.ofEarlierRun().header()))
                .map(TestReport::earlier)
                .contains(true);
    }

    @Test
    void isASentence() {
        assertThat(OF_HEY.words())
                .isEqualTo(
                        "hey made 600 requests, 3 of them failed; p50 4.2 ms, p95 11 ms, p99 15.5"
                                + " ms; exit status 0 after 10.0 s");
        assertThat(TestReport.of(3, 1200).ofEarlierRun().words())
                .isEqualTo("the last run that ended: exit status 3 after 1.2 s");
    }

    @Test
    void whatCannotBeCountsAsNotSaid() {
        assertThat(
                        TestReport.read(
                                "exit=-1, took-ms=1e9, tool=\"a b\", p50-ms=NaN, p99-ms=2.5,"
                                        + " requests=99999999999999999999, errors=1.5, other=7"))
                .contains(new TestReport(null, null, "", null, null, 2.5, null, null, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",,=,", "earlier", "tool=hey", "exit=zero", "exit =0;a"})
    void isEmptyWhereItSaysNothing(String header) {
        assertThat(TestReport.read(header)).isEmpty();
    }

    @Test
    void aHeaderWithoutAnEndIsNotRead() {
        assertThat(TestReport.read("exit=0, " + "a=1, ".repeat(200))).isEmpty();
        assertThat(TestReport.read(null)).isEmpty();
    }
}
