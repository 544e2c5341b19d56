package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.DryRun;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** Who asks for a dry run: the Canary by its field or an annotation, or the installation. */
class DryRunTest {

    private static final Installation INSTALLATION = Installation.named("eu-1");

    private static boolean isTried(
            String spec, Map<String, String> annotations, Installation installation) {
        var canary = CanaryReader.read(Manifests.canary(spec)).resource();
        canary.getMetadata().setAnnotations(annotations);
        return switch (Admissions.admit(canary, installation)) {
            case Admission.Admitted admitted -> admitted.spec().getDryRun();
            case Admission.Refused refused ->
                    throw new AssertionError(refused.problems().toString());
        };
    }

    @Test
    void nobodyAsksUnlessSomebodyDoes() {
        assertThat(isTried("", Map.of(), INSTALLATION)).isFalse();
        assertThat(isTried("dryRun: false", Map.of(DryRun.ANNOTATION, "false"), INSTALLATION))
                .isFalse();
    }

    @Test
    void eachOfThreeAsksForIt() {
        assertThat(isTried("dryRun: true", Map.of(), INSTALLATION)).isTrue();
        assertThat(isTried("", Map.of(DryRun.ANNOTATION, "True"), INSTALLATION)).isTrue();
        assertThat(isTried("dryRun: false", Map.of(), INSTALLATION.trying(true))).isTrue();
    }
}
