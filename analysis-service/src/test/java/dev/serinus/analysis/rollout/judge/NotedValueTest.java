package dev.serinus.analysis.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.judge.Check.Range;
import dev.serinus.analysis.rollout.judge.Measurement.Kind;
import dev.serinus.analysis.rollout.judge.Measurement.Outcome;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** What is to be known of a value, as that it is one of several series, is evidence. */
class NotedValueTest {

    private static final Judge.Subject SUBJECT =
            new Judge.Subject("cart.shop", "cart.shop", "istio");

    @ParameterizedTest
    @CsvSource({
        "5, '', PASS, '', ''",
        "5, one of 2 series counts, PASS, '', one of 2 series counts",
        "60, one of 2 series counts, FAIL, Halt cart.shop advancement load 60.00 > 50,"
                + " Halt cart.shop advancement load 60.00 > 50; one of 2 series counts",
    })
    void itIsEvidenceAndNoPartOfTheSentence(
            double value, String note, Verdict verdict, String words, String because) {
        var check =
                new Check(
                        "load",
                        null,
                        new Range(null, 50.0),
                        OnUnknown.FAIL,
                        OnUnknown.FAIL,
                        null,
                        null,
                        null);
        var measured = new Measurement(0, "load", Kind.TEMPLATE, Outcome.VALUE, value, note);
        // When
        var judgement = Judge.judge(SUBJECT, List.of(check), List.of(measured));
        // Then
        assertThat(judgement.verdict()).isEqualTo(verdict);
        assertThat(judgement.words()).isEqualTo(words);
        assertThat(judgement.evidence().getFirst().because()).isEqualTo(because);
    }
}
