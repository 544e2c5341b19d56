package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.events.MirrorSteps;
import dev.serinus.schemas.events.RolloutSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the share of copies grows, as manifests say it. */
class MirrorGrowthTest {

    private static RolloutSpec admitted(String analysis) {
        var canary = CanaryReader.read(Manifests.canary("analysis: " + analysis)).resource();
        return switch (Admissions.admit(canary, Installation.named("eu-1"))) {
            case Admission.Admitted admitted -> admitted.spec();
            case Admission.Refused refused ->
                    throw new AssertionError(refused.problems().toString());
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{mirror: true, mirrorWeight: 10, stepMirrorWeight: 20, maxMirrorWeight: 50}",
                "{mirror: true, mirrorWeight: 10, canaryAnalysis: {stepWeightPromotion: 20,"
                        + " maxMirrorWeight: 50}}",
                "{mirror: true, mirrorWeight: 10, stepMirrorWeight: 20,"
                        + " canaryAnalysis: {maxMirrorWeight: 50}}"
            })
    void bothSpellingsMeanTheSame(String analysis) {
        assertThat(admitted(analysis).getMirrorGrowth()).isEqualTo(new MirrorSteps(10, 20, 50));
    }

    @Test
    void itBeginsWithOneStepAndEndsWithAllWhereNothingElseIsSaid() {
        assertThat(admitted("{mirror: true, stepMirrorWeight: 30}").getMirrorGrowth())
                .isEqualTo(new MirrorSteps(30, 30, 100));
    }

    @Test
    void oneShareIsTheCanarysAsBefore() {
        assertThat(admitted("{mirror: true, mirrorWeight: 30}").getMirrorGrowth()).isNull();
    }
}
