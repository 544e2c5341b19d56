package dev.serinus.analysis.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.judge.Check.Range;
import dev.serinus.analysis.rollout.judge.Measurement.Kind;
import dev.serinus.analysis.rollout.judge.Measurement.Outcome;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Halted checks are told in Flagger's words, to the digit and to the name. */
class FlaggersWordsTest {

    private static final Judge.Subject SUBJECT =
            new Judge.Subject("cart.shop", "cart.shop", "gatewayapi:v1");

    private static String words(Measurement measured) {
        var check =
                new Check(
                        "request-success-rate",
                        null,
                        new Range(99.0, null),
                        OnUnknown.FAIL,
                        OnUnknown.FAIL,
                        null,
                        null,
                        null);
        return Judge.judge(SUBJECT, List.of(check), List.of(measured)).words();
    }

    @ParameterizedTest
    @CsvSource({"98.125, 98.12%", "98.375, 98.38%", "2.675, 2.67%", "-0.001, -0.00%"})
    void aValueIsRoundedAsGoRounds(double value, String told) {
        assertThat(
                        words(
                                new Measurement(
                                        0,
                                        "request-success-rate",
                                        Kind.BUILTIN,
                                        Outcome.VALUE,
                                        value,
                                        "")))
                .isEqualTo("Halt cart.shop advancement success rate %s < 99%%".formatted(told));
    }

    @ParameterizedTest
    @CsvSource({"linkerd, linkerd", "istio:service, istio:service", ", gatewayapi:v1"})
    void whoseQueriesHadNoValuesIsWhoWasAsked(@Nullable String asked, String told) {
        var measured =
                new Measurement(
                        0,
                        "request-success-rate",
                        Kind.BUILTIN,
                        Outcome.NO_DATA,
                        null,
                        "no values found",
                        null,
                        false,
                        asked);

        assertThat(words(measured))
                .isEqualTo(
                        ("Halt advancement no values found for %s metric request-success-rate"
                                        + " probably cart.shop is not receiving traffic: no values"
                                        + " found")
                                .formatted(told));
    }
}
