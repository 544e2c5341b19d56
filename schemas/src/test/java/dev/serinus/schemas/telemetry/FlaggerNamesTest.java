package dev.serinus.schemas.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlaggerNamesTest {

    @Test
    void givesBackTheEndingsThatTheClientTakesOffAndTouchesNothingElse() {
        assertThat(
                        FlaggerNames.restored(
                                """
                                # HELP flagger Flagger version
                                # TYPE flagger gauge
                                flagger{mesh_provider="flagger",version="1"} 1.0
                                # TYPE flagger_canary gauge
                                flagger_canary{namespace="flagger_canary "} 2.0
                                # HELP flagger_canary_status flagger
                                flagger_canary_status{name="flagger",namespace="flagger"} 1.0
                                """))
                .isEqualTo(
                        """
                        # HELP flagger_info Flagger version
                        # TYPE flagger_info gauge
                        flagger_info{mesh_provider="flagger",version="1"} 1.0
                        # TYPE flagger_canary_total gauge
                        flagger_canary_total{namespace="flagger_canary "} 2.0
                        # HELP flagger_canary_status flagger
                        flagger_canary_status{name="flagger",namespace="flagger"} 1.0
                        """);
    }
}
