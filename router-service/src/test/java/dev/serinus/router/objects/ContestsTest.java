package dev.serinus.router.objects;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class ContestsTest {

    private static final Ref APEX = Kind.SERVICE.named("test", "podinfo");

    private Instant now = Instant.EPOCH;
    private final Contests contests = new Contests(() -> now);

    @Test
    void oneChangeIsAnAccidentAndTheNextIsToldOnce() {
        assertThat(contests.repaired(APEX, "dapr")).isFalse();
        assertThat(contests.lasting(APEX)).isEmpty();
        assertThat(contests.repaired(APEX, "dapr")).isTrue();
        assertThat(contests.lasting(APEX)).map(Contests.Contest::by).contains("dapr");
        assertThat(contests.repaired(APEX, "dapr")).isFalse();
    }

    @Test
    void whoKeepsStillHasGivenUp() {
        contests.repaired(APEX, "dapr");
        contests.repaired(APEX, "dapr");
        now = now.plusSeconds(31);
        assertThat(contests.last(APEX)).isEmpty();
        assertThat(contests.repaired(APEX, "dapr")).isFalse();
    }
}
