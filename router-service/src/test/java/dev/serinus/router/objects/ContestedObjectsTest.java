package dev.serinus.router.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class ContestedObjectsTest {

    private static final Ref APEX = Kind.SERVICE.named("test", "podinfo");

    private Instant now = Instant.EPOCH;
    private final ContestedObjects contested = new ContestedObjects(() -> now);

    @Test
    void oneChangeIsAnAccidentAndTheNextIsToldOnce() {
        assertThat(contested.repaired(APEX, "dapr")).isFalse();
        assertThat(contested.lasting(APEX)).isEmpty();
        assertThat(contested.repaired(APEX, "dapr")).isTrue();
        assertThat(contested.lasting(APEX)).map(ContestedObjects.Contest::by).contains("dapr");
        assertThat(contested.repaired(APEX, "dapr")).isFalse();
    }

    @Test
    void whoKeepsStillHasGivenUp() {
        contested.repaired(APEX, "dapr");
        contested.repaired(APEX, "dapr");
        now = now.plusSeconds(31);
        assertThat(contested.last(APEX)).isEmpty();
        assertThat(contested.repaired(APEX, "dapr")).isFalse();
    }
}
