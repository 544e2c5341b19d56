package dev.serinus.analysis.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.permit.FleetEffect.Granted;
import dev.serinus.analysis.permit.FleetEffect.GroupFailed;
import dev.serinus.analysis.permit.FleetEffect.GroupOpened;
import dev.serinus.analysis.permit.FleetEffect.GroupWaits;
import dev.serinus.analysis.permit.FleetEffect.Placed;
import dev.serinus.analysis.permit.FleetEvent.Asked;
import dev.serinus.analysis.permit.FleetEvent.ClusterSilence;
import dev.serinus.analysis.permit.FleetEvent.JoinedGroup;
import dev.serinus.analysis.permit.FleetEvent.LeftGroup;
import dev.serinus.analysis.permit.FleetEvent.Returned;
import dev.serinus.analysis.permit.FleetEvent.StandingTold;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Standing;
import dev.serinus.analysis.rollout.gate.Standing.Kind;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is not known of a cluster that is cut off lets nobody go on, and takes nothing away. */
class SilentClustersTest {

    private static final String CART = "eu/shop/cart";
    private static final String PAY = "us/shop/pay";
    private static final String OTHER = "asia/other/web";
    private static final Instant START = Instant.parse("2026-11-30T00:00:00Z");
    private static final List<Claim> ONE = List.of(new Claim("all", "all", 1));

    private Instant now = START;
    private Fleet fleet = Fleet.NOBODY;
    private final List<FleetEffect> told = new ArrayList<>();
    private final List<Holder> dropped = new ArrayList<>();

    // ---- groups

    @Test
    void whatIsReadyInASilentClusterLetsNobodyThroughUntilTheClusterIsHeardAgain() {
        join(CART, GroupState.RUNS, PAY);
        join(PAY, GroupState.READY, CART);
        silent("us");
        told.clear();

        join(CART, GroupState.READY, PAY);

        assertThat(told)
                .containsExactly(
                        waits(
                                CART,
                                "cluster us was last heard of at 2026-11-30T00:00:00Z, and how far"
                                        + " us/shop/pay is there is not known"));
        told.clear();

        heard("us");

        assertThat(told)
                .filteredOn(GroupOpened.class::isInstance)
                .extracting(FleetEffect::canary)
                .containsExactly(CART, PAY);
    }

    @Test
    void whoIsReadyInASilentClusterLearnsThatItIsItsOwn() {
        join(CART, GroupState.RUNS, PAY);
        join(PAY, GroupState.READY, CART);
        told.clear();

        silent("us");

        assertThat(told)
                .containsExactly(
                        waits(
                                PAY,
                                "cluster us was last heard of at 2026-11-30T00:00:00Z, which is"
                                        + " its own"));
    }

    @Test
    void thatOneHadNothingNewBeforeItsClusterFellSilentIsNotKnownAnyMore() {
        join(CART, GroupState.READY, PAY);
        tell(PAY, Kind.RESTS);
        silent("us");
        now = now.plus(Duration.ofMinutes(11));

        tell(PAY, Kind.RESTS);

        assertThat(told).noneMatch(GroupOpened.class::isInstance);
        assertThat(told)
                .filteredOn(GroupWaits.class::isInstance)
                .last()
                .isEqualTo(
                        waits(
                                CART,
                                "cluster us was last heard of at 2026-11-30T00:00:00Z, and how far"
                                        + " us/shop/pay is there is not known"));
        heard("us");
        assertThat(told).contains(new GroupOpened(CART, "uid-" + CART, 1));
    }

    @Test
    void oneThatFailsWhileItsClusterIsSilentTakesTheOthersBack() {
        join(CART, GroupState.READY, PAY);
        join(PAY, GroupState.RUNS, CART);
        silent("us");

        take(new LeftGroup(now, PAY, "uid-" + PAY, 1, true));

        assertThat(told).contains(new GroupFailed(CART, "uid-" + CART, 1, PAY));
    }

    /** Also of those that are promoted together: nobody else's word is as if heard now. */
    @Test
    void onceTheClusterIsHeardAgainThoseOfItsGroupsHaveAllTheirTimeToSpeak() {
        join(CART, GroupState.RUNS, PAY);
        join(PAY, GroupState.RUNS, CART);
        silent("us");
        groupSpeaksFor(Duration.ofHours(5), CART);

        heard("us");
        groupSpeaksFor(Duration.ofMinutes(50), CART);

        assertThat(fleet.together().members())
                .extracting(Groups.Member::canary)
                .containsExactlyInAnyOrder(CART, PAY);
        groupSpeaksFor(Duration.ofMinutes(20), CART);
        assertThat(fleet.together().members())
                .extracting(Groups.Member::canary)
                .containsExactly(CART);
    }

    private void groupSpeaksFor(Duration time, String canary) {
        var end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(Claim.SAID_AGAIN_AFTER);
            join(canary, GroupState.RUNS, PAY);
        }
    }

    // ---- budgets

    @Test
    void aPlaceInASilentClusterIsKeptForADayAndToldToThoseThatWait() {
        ask(PAY, 1, ONE);
        ask(CART, 1, ONE);
        told.clear();
        silent("us");

        assertThat(told)
                .containsExactly(
                        placed(
                                CART,
                                "1 of 1 in all: 1 of other namespaces, 1 of these in clusters"
                                        + " from which nothing comes"));
        told.clear();
        speakFor(Duration.ofHours(23), CART);

        assertThat(dropped).isEmpty();
        assertThat(told).noneMatch(Granted.class::isInstance);

        speakFor(Duration.ofHours(2), CART);

        assertThat(dropped).extracting(Holder::canary).containsExactly(PAY);
        assertThat(told).contains(new Granted(CART, "uid-" + CART, 1));
    }

    @Test
    void onceTheClusterIsHeardAgainItsRolloutsHaveAllTheirTimeToSpeak() {
        ask(PAY, 1, ONE);
        ask(CART, 1, ONE);
        silent("us");
        speakFor(Duration.ofHours(5), CART);

        heard("us");
        speakFor(Duration.ofMinutes(50), CART);

        assertThat(dropped).isEmpty();
        speakFor(Duration.ofMinutes(20), CART);
        assertThat(dropped).extracting(Holder::canary).containsExactly(PAY);
    }

    @Test
    void aPlaceThatGetsFreeGoesToWhoeverMayBeginAndNotToASilentCluster() {
        ask(OTHER, 1, ONE);
        ask(PAY, 1, ONE);
        ask(CART, 1, ONE);
        silent("us");
        told.clear();

        giveBack(OTHER);

        assertThat(told).contains(new Granted(CART, "uid-" + CART, 1));
        giveBack(CART);
        assertThat(fleet.line()).extracting(Holder::canary).containsExactly(PAY);
        told.clear();
        ask(PAY, 1, ONE);
        assertThat(told)
                .containsExactly(
                        placed(
                                PAY,
                                "cluster us was last heard of at 2026-11-30T00:00:00Z, and it may"
                                        + " begin once that is heard again"));
        told.clear();

        heard("us");

        assertThat(told).containsExactly(new Granted(PAY, "uid-" + PAY, 1));
    }

    @Test
    void thoseThatWaitInASilentClusterHaveTheirPlacesAmongEachOther() {
        silentBeside("us");
        told.clear();

        ask(PAY, 1, ONE);
        ask("us/shop/mail", 1, ONE);

        assertThat(told)
                .filteredOn(Placed.class::isInstance)
                .extracting(effect -> ((Placed) effect).place())
                .containsExactly(1, 2);
    }

    @Test
    void ofTwoSilentClustersEachIsHeardAgainByItself() {
        silentBeside("us");
        silent("eu");

        heard("eu");

        assertThat(fleet.silentClusters()).containsExactly(new SilentCluster("us", START));
    }

    /** While another runs, without a budget. */
    private void silentBeside(String cluster) {
        ask(OTHER, 1, List.of());
        silent(cluster);
    }

    // ---- waves

    @Test
    void aPromotionInASilentClusterIsWaitedForAndSaidSo() {
        take(
                new Asked(
                        now,
                        CART,
                        "uid-" + CART,
                        1,
                        List.of(),
                        List.of(new AwaitedPromotion(PAY, "v2", null, Duration.ofMinutes(10))),
                        false));
        tell(PAY, Kind.RESTS);
        told.clear();

        silent("us");

        assertThat(told)
                .containsExactly(
                        new Placed(
                                CART,
                                "uid-" + CART,
                                1,
                                1,
                                "us/shop/pay to be promoted with this release: cluster us was last"
                                        + " heard of at 2026-11-30T00:00:00Z, and what it does"
                                        + " there is not known",
                                PAY,
                                null));
        now = now.plus(Duration.ofMinutes(11));
        tell(PAY, Kind.RESTS);
        assertThat(told).noneMatch(Granted.class::isInstance);

        heard("us");

        assertThat(told).contains(new Granted(CART, "uid-" + CART, 1));
    }

    @Test
    void ofAnotherNamespaceItIsNotSaidToWhomNothingIsSaid() {
        take(
                new Asked(
                        now,
                        OTHER,
                        "uid-" + OTHER,
                        1,
                        List.of(),
                        List.of(new AwaitedPromotion(PAY, "v2", null, Duration.ZERO)),
                        false));
        tell(PAY, Kind.RESTS);
        told.clear();

        silent("us");

        assertThat(told).isEmpty();
    }

    // ---- what is kept

    @Test
    void whereNobodyIsLeftNothingIsKeptOfClusters() {
        ask(PAY, 1, ONE);
        silent("eu");
        assertThat(fleet.silentClusters()).containsExactly(new SilentCluster("eu", START));

        giveBack(PAY);

        assertThat(fleet.silent()).isNull();
    }

    @Test
    void toldTwiceItChangesNothing() {
        join(CART, GroupState.READY, PAY);
        silent("us");
        var before = fleet;
        told.clear();

        silent("us");

        assertThat(fleet).isEqualTo(before);
        assertThat(told).isEmpty();
    }

    private static GroupWaits waits(String canary, String because) {
        return new GroupWaits(canary, "uid-" + canary, 1, because, null);
    }

    private static Placed placed(String canary, String because) {
        return new Placed(canary, "uid-" + canary, 1, 1, because);
    }

    private void silent(String cluster) {
        silence(cluster, START);
    }

    private void heard(String cluster) {
        silence(cluster, null);
    }

    private void silence(String cluster, @Nullable Instant heard) {
        take(new ClusterSilence(now, cluster, heard));
    }

    private void join(String canary, GroupState state, String... others) {
        take(
                new JoinedGroup(
                        now,
                        canary,
                        "uid-" + canary,
                        1,
                        "checkout",
                        List.of(others),
                        state,
                        START));
    }

    private void tell(String canary, Kind kind) {
        take(
                new StandingTold(
                        now,
                        canary,
                        "uid-" + canary,
                        new Standing(kind, "v2", "v2", START, null, "words", List.of())));
    }

    private void ask(String canary, long step, List<Claim> claims) {
        take(new Asked(now, canary, "uid-" + canary, step, claims, false));
    }

    private void giveBack(String canary) {
        take(new Returned(now, canary, "uid-" + canary, 1));
    }

    private void speakFor(Duration time, String canary) {
        var end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(Claim.SAID_AGAIN_AFTER);
            ask(canary, 1, ONE);
        }
    }

    private void take(FleetEvent event) {
        var next = FleetMachine.next(fleet, event);
        fleet = next.state();
        told.addAll(next.effects());
        dropped.addAll(next.unheard());
    }
}
