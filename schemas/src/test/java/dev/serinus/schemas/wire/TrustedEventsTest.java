package dev.serinus.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.MetricSpec;
import dev.serinus.schemas.events.OnUnknown;

import org.junit.jupiter.api.Test;

class TrustedEventsTest {

    @Test
    void aBuilderFillsInADefaultOfAnEnumType() {
        // When
        var metric = MetricSpec.newBuilder().setName("m").setRange(false).build();

        // Then
        assertThat(metric.getOnNoData()).isEqualTo(OnUnknown.FAIL);
    }
}
