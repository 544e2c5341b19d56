package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.Canary;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How long is left for data planes to see a route as it was written last. */
class RecentWritesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Canary canary = canary("1");
    private Instant now = Instant.EPOCH;
    private final List<Duration> waits = new ArrayList<>();
    private final RecentWrites writes = writes();

    private RecentWrites writes() {
        return new RecentWrites(PATIENCE, () -> now, this::pass);
    }

    private static Canary canary(String uid) {
        var canary = new Canary();
        canary.setMetadata(new ObjectMetaBuilder().withName("shop").withUid(uid).build());
        return canary;
    }

    private void pass(Duration time) {
        waits.add(time);
        now = now.plus(time);
    }

    @Test
    void whatIsLeftSinceTheLastWriteIsWaitedForOnce() throws InterruptedException {
        writes.wrote(canary);
        now = now.plusSeconds(60);
        writes.wrote(canary);
        now = now.plusSeconds(2);

        writes.await(canary);
        writes.await(canary);

        assertThat(waits).containsExactly(Duration.ofSeconds(3));
    }

    @Test
    void afterARestartItMayHaveBeenAMomentAgo() throws InterruptedException {
        writes.wrote(canary);
        now = now.plusSeconds(60);
        var restarted = writes();

        restarted.await(canary);
        restarted.await(canary);

        assertThat(waits).containsExactly(PATIENCE);
    }

    @Test
    void aWriteThatMovedNoRequestsHoldsNobodyUp() throws InterruptedException {
        writes.wrote(canary);
        writes.await(canary);
        writes.wrote(canary);
        writes.seen(canary);

        writes.await(canary);

        assertThat(waits).containsExactly(PATIENCE);
    }

    @Test
    void theRouteOfAnotherCanaryHoldsNobodyUp() throws InterruptedException {
        writes.wrote(canary);
        now = now.plusSeconds(60);
        writes.wrote(canary("2"));

        writes.await(canary);

        assertThat(waits).isEmpty();
    }

    @Test
    void aClockThatIsSetBackMakesNobodyWaitLonger() throws InterruptedException {
        writes.wrote(canary);
        now = now.minusSeconds(3600);

        writes.await(canary);

        assertThat(waits).containsExactly(PATIENCE);
    }

    @Test
    void nothingIsKeptOfACanaryThatIsGone() throws InterruptedException {
        writes.wrote(canary);
        now = now.plusSeconds(60);
        writes.forget("1");

        writes.await(canary);

        assertThat(waits).as("one of the same UID is unknown again").containsExactly(PATIENCE);
    }
}
