package dev.serinus.testbed.binaries;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;

class GoModuleTest {

    @ParameterizedTest
    @EnumSource(GoModule.class)
    void everyModuleIsPinnedAndSummed(GoModule module) {
        assertThat(module.go()).isEqualTo(GoModule.KUBERNETES.go());
        assertThat(new String(module.read("go.sum"), StandardCharsets.UTF_8)).contains(" h1:");
    }

    @Test
    void theVersionThatTheApiServerTellsIsThatOfItsModule() {
        assertThat(GoModule.KUBERNETES.version("k8s.io/kubernetes")).matches("v1\\.\\d+\\.\\d+");
    }
}
