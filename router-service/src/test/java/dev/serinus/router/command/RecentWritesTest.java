package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Serving;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How long is left for data planes to follow what was written last. */
class RecentWritesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Ref APEX = Kind.SERVICE.named("test", "shop");
    private static final Ref ROUTE = Kind.SERVICE.named("test", "route");

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

    private static ClusterObject leading(Ref ref, String where) {
        return ClusterObject.blank(ref)
                .edited(it -> it.spec().putObject("selector").put("app", where));
    }

    private void wrote(Ref ref, String where, int version) {
        writes.wrote(canary, leading(ref, where), String.valueOf(version), Duration.ZERO);
    }

    private void observed(Ref ref, String where, int version) {
        writes.observed(
                "1", ref, Serving.of(leading(ref, where)), String.valueOf(version), Duration.ZERO);
    }

    private void await() throws InterruptedException {
        writes.await(canary, Duration.ZERO);
    }

    @Test
    void whatIsLeftSinceTheLastWriteIsWaitedForOnce() throws InterruptedException {
        wrote(APEX, "target", 1);
        now = now.plusSeconds(60);
        wrote(APEX, "primary", 2);
        now = now.plusSeconds(2);

        await();
        await();

        assertThat(waits).containsExactly(Duration.ofSeconds(3));
    }

    @Test
    void theLastOfSeveralObjectsCounts() throws InterruptedException {
        wrote(ROUTE, "canary", 1);
        now = now.plusSeconds(3);
        wrote(APEX, "primary", 2);

        await();

        assertThat(waits).containsExactly(PATIENCE);
    }

    @Test
    void aMeshMayNeedLonger() throws InterruptedException {
        var slow = Duration.ofSeconds(30);
        writes.wrote(canary, leading(ROUTE, "primary"), "1", slow);
        now = now.plusSeconds(10);

        writes.await(canary, slow);

        assertThat(waits).containsExactly(Duration.ofSeconds(20));
    }

    @Test
    void afterARestartItMayHaveBeenAMomentAgo() throws InterruptedException {
        wrote(APEX, "primary", 1);
        now = now.plusSeconds(60);
        var restarted = writes();

        restarted.await(canary, Duration.ZERO);
        restarted.await(canary, Duration.ZERO);

        assertThat(waits).containsExactly(PATIENCE);
    }

    @Test
    void whatSomebodyElseWroteCountsFromWhenItWasSeen() throws InterruptedException {
        wrote(ROUTE, "canary", 1);
        now = now.plusSeconds(60);
        observed(ROUTE, "primary", 2);
        now = now.plusSeconds(1);

        await();

        assertThat(waits).containsExactly(Duration.ofSeconds(4));
    }

    @Test
    void whatLeadsWhereItLedHoldsNobodyUp() throws InterruptedException {
        wrote(ROUTE, "primary", 1);
        now = now.plusSeconds(60);
        observed(ROUTE, "primary", 2);

        await();

        assertThat(waits).isEmpty();
    }

    /** A watch tells of our own writes as well, and perhaps late. */
    @Test
    void whatWasOvertakenByOurOwnWriteIsNoNews() throws InterruptedException {
        wrote(ROUTE, "canary", 7);
        wrote(ROUTE, "primary", 9);
        now = now.plusSeconds(60);
        observed(ROUTE, "canary", 7);
        observed(ROUTE, "primary", 9);

        await();

        assertThat(waits).isEmpty();
    }

    @Test
    void whatWasThereWhenItIsFirstLookedAtMayHaveBeenWrittenAMomentAgo()
            throws InterruptedException {
        wrote(ROUTE, "primary", 1);
        now = now.plusSeconds(60);
        writes.found(canary, APEX, leading(APEX, "primary"), Duration.ZERO);

        await();

        assertThat(waits).containsExactly(PATIENCE);
    }

    @Test
    void whatIsGoneLedSomewhereUntilThen() throws InterruptedException {
        wrote(ROUTE, "canary", 1);
        now = now.plusSeconds(60);
        writes.found(canary, ROUTE, null, Duration.ZERO);

        await();

        assertThat(waits).containsExactly(PATIENCE);
    }

    @Test
    void whatWasDeletedHereIsToldLateByTheWatch() throws InterruptedException {
        wrote(ROUTE, "canary", 7);
        writes.deleted(canary, ROUTE, Duration.ZERO);
        now = now.plusSeconds(60);
        observed(ROUTE, "canary", 7);
        writes.observed("1", ROUTE, Serving.NOWHERE, "", Duration.ZERO);

        await();

        assertThat(waits).isEmpty();
    }

    @Test
    void aWriteThatMovedNoRequestsHoldsNobodyUp() throws InterruptedException {
        wrote(APEX, "primary", 1);
        await();
        wrote(APEX, "primary", 2);
        writes.seen(canary, APEX);

        await();

        assertThat(waits).containsExactly(PATIENCE);
    }

    @Test
    void oneThatMovedNoRequestsSaysNothingOfAnother() throws InterruptedException {
        wrote(ROUTE, "primary", 1);
        wrote(APEX, "primary", 2);
        writes.seen(canary, ROUTE);

        await();

        assertThat(waits).containsExactly(PATIENCE);
    }

    @Test
    void theRouteOfAnotherCanaryHoldsNobodyUp() throws InterruptedException {
        wrote(APEX, "primary", 1);
        now = now.plusSeconds(60);
        writes.wrote(canary("2"), leading(APEX, "primary"), "2", Duration.ZERO);

        await();

        assertThat(waits).isEmpty();
    }

    @Test
    void aClockThatIsSetBackMakesNobodyWaitLonger() throws InterruptedException {
        wrote(APEX, "primary", 1);
        now = now.minusSeconds(3600);

        await();

        assertThat(waits).containsExactly(PATIENCE);
    }

    @Test
    void nothingIsKeptOfACanaryThatIsGone() throws InterruptedException {
        wrote(APEX, "primary", 1);
        now = now.plusSeconds(60);
        writes.forget("1");

        await();

        assertThat(waits).as("one of the same UID is unknown again").containsExactly(PATIENCE);
    }
}
