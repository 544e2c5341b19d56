package dev.serinus.analysis.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.permit.FleetEffect.AskStanding;
import dev.serinus.analysis.permit.FleetEffect.GroupFailed;
import dev.serinus.analysis.permit.FleetEffect.GroupOpened;
import dev.serinus.analysis.permit.FleetEffect.GroupWaits;
import dev.serinus.analysis.permit.FleetEvent.JoinedGroup;
import dev.serinus.analysis.permit.FleetEvent.LeftGroup;
import dev.serinus.analysis.permit.FleetEvent.StandingTold;
import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Standing;
import dev.serinus.analysis.rollout.gate.Standing.Kind;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Canaries that are promoted together or not at all. */
class GroupsTest {

    private static final String CART = "eu/shop/cart";
    private static final String PAY = "us/shop/pay";
    private static final String MAIL = "eu/mail/mail";
    private static final Instant START = Instant.parse("2026-11-30T00:00:00Z");

    private Instant now = START;
    private Fleet fleet = Fleet.NOBODY;
    private final List<FleetEffect> told = new ArrayList<>();

    @Test
    void allAreLetThroughOnceTheLastIsReady() {
        join(CART, GroupState.READY, PAY, MAIL);
        join(PAY, GroupState.READY, CART, MAIL);
        join(MAIL, GroupState.RUNS, CART, PAY);
        assertThat(told).noneMatch(GroupOpened.class::isInstance);
        assertThat(told)
                .last()
                .isEqualTo(waits(PAY, "eu/mail/mail is not ready to be promoted yet", null));

        join(MAIL, GroupState.READY, CART, PAY);

        assertThat(told)
                .filteredOn(GroupOpened.class::isInstance)
                .extracting(FleetEffect::canary)
                .containsExactly(CART, PAY, MAIL);
    }

    @Test
    void whoAsksAgainIsAnsweredAgain() {
        join(CART, GroupState.READY, PAY);
        join(PAY, GroupState.READY, CART);
        told.clear();

        join(CART, GroupState.READY, PAY);

        assertThat(told).containsExactly(new GroupOpened(CART, "uid-" + CART, 1));
    }

    @Test
    void oneThatFailsTakesBackAllThatWaitOrRunWithIt() {
        join(CART, GroupState.READY, PAY);
        join(PAY, GroupState.RUNS, CART, MAIL);
        join(MAIL, GroupState.RUNS, PAY);
        told.clear();

        leave(MAIL, 1, true);

        assertThat(told)
                .filteredOn(effect -> !(effect instanceof AskStanding))
                .containsExactly(
                        new GroupFailed(PAY, "uid-" + PAY, 1, MAIL),
                        new GroupFailed(CART, "uid-" + CART, 1, MAIL));
        told.clear();
        leave(PAY, 1, true);
        assertThat(told)
                .as("who was taken back takes nobody back")
                .noneMatch(GroupFailed.class::isInstance);
        told.clear();
        join(CART, GroupState.READY, PAY);
        assertThat(told).containsExactly(new GroupFailed(CART, "uid-" + CART, 1, MAIL));
    }

    @Test
    void oneThatFailsWithWhatCameBeforeTakesNoNewerRunBack() {
        join(PAY, GroupState.RUNS, CART);
        now = START.plus(Duration.ofMinutes(30));
        take(
                new JoinedGroup(
                        now,
                        CART,
                        "uid-" + CART,
                        1,
                        "checkout",
                        List.of(PAY),
                        GroupState.READY,
                        now));

        leave(PAY, 1, true);
        tell(PAY, Kind.FAILED);
        now = now.plus(Duration.ofMinutes(20));
        tell(PAY, Kind.FAILED);

        assertThat(told)
                .noneMatch(GroupFailed.class::isInstance)
                .noneMatch(GroupOpened.class::isInstance);
        take(joined(PAY, 2, GroupState.READY, CART));
        assertThat(told).contains(new GroupOpened(CART, "uid-" + CART, 1));
    }

    /** Runs of one commit: pay at 0:00, cart at 0:01. A fix of it begins at cart at 0:04. */
    @Test
    void aRunThatTookThePlaceOfOneWithTheOneThatFailedIsLeft() {
        take(joinedAt(PAY, 1, Duration.ZERO, null, CART));
        take(joinedAt(CART, 1, Duration.ofMinutes(1), null, PAY));
        leave(CART, 1, false);
        take(joinedAt(CART, 2, Duration.ofMinutes(4), Duration.ofMinutes(1), PAY));
        told.clear();

        leave(PAY, 1, true);

        assertThat(told).noneMatch(GroupFailed.class::isInstance);
        take(joined(CART, 2, GroupState.READY, PAY));
        tell(PAY, Kind.FAILED);
        assertThat(told).noneMatch(GroupOpened.class::isInstance);
        take(joinedAt(PAY, 2, Duration.ofMinutes(6), Duration.ZERO, CART));
        take(joined(PAY, 2, GroupState.READY, CART));
        assertThat(told).contains(new GroupOpened(CART, "uid-" + CART, 2));
    }

    /** Both show the fix when one of them fails with it. */
    @Test
    void aRunOfTheSameFixIsTakenBackWithTheOneThatFailedWithIt() {
        take(joinedAt(PAY, 2, Duration.ofMinutes(6), Duration.ZERO, CART));
        take(joinedAt(CART, 2, Duration.ofMinutes(7), Duration.ofMinutes(1), PAY));

        leave(PAY, 2, true);

        assertThat(told).contains(new GroupFailed(CART, "uid-" + CART, 2, PAY));
    }

    /** Cart was released alone shortly before, and shows what is for both a moment later. */
    @Test
    void aRunThatBeganNearerToTheOneThatFailedThanWhatItReplacedIsTakenBack() {
        take(joinedAt(CART, 1, Duration.ZERO, null, PAY));
        take(joinedAt(PAY, 1, Duration.ofMinutes(5), null, CART));
        leave(CART, 1, false);
        take(joinedAt(CART, 2, Duration.ofMinutes(6), Duration.ZERO, PAY));

        leave(PAY, 1, true);

        assertThat(told).contains(new GroupFailed(CART, "uid-" + CART, 2, PAY));
    }

    @Test
    void oneOfWhichNobodyKnowsWhenItBeganTakesAllBack() {
        join(CART, GroupState.RUNS, PAY);
        take(
                new JoinedGroup(
                        now,
                        PAY,
                        "uid-" + PAY,
                        1,
                        "checkout",
                        List.of(CART),
                        GroupState.RUNS,
                        Instant.EPOCH));

        leave(PAY, 1, true);

        assertThat(told).contains(new GroupFailed(CART, "uid-" + CART, 1, PAY));
    }

    @Test
    void oneThatFailsAfterAllWereLetThroughTakesNobodyBack() {
        join(CART, GroupState.READY, PAY);
        join(PAY, GroupState.READY, CART);
        told.clear();

        leave(PAY, 1, true);

        assertThat(told).noneMatch(GroupFailed.class::isInstance);
    }

    @Test
    void oneThatEndsWithoutAFailureTakesNobodyBack() {
        join(CART, GroupState.READY, PAY);
        join(PAY, GroupState.RUNS, CART);
        told.clear();

        leave(PAY, 1, false);

        assertThat(told).noneMatch(GroupFailed.class::isInstance);
        assertThat(told).contains(waits(CART, "nothing is known of us/shop/pay yet", null));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"RESTS", "GONE"})
    void oneWithNothingNewIsNotWaitedForOnceItWouldShowIt(Kind kind) {
        join(CART, GroupState.READY, PAY);
        assertThat(told).contains(new AskStanding(PAY));

        tell(PAY, kind);

        assertThat(told)
                .last()
                .isEqualTo(
                        waits(
                                CART,
                                "us/shop/pay to show a new revision as well, if there is one,"
                                        + " until 2026-11-30T00:10:00Z",
                                START.plus(Duration.ofMinutes(10))));
        now = START.plus(Duration.ofMinutes(10));
        join(CART, GroupState.READY, PAY);
        assertThat(told).last().isEqualTo(new GroupOpened(CART, "uid-" + CART, 1));
    }

    @Test
    void oneThatFailedIsWaitedForUntilItIsTriedAgain() {
        join(CART, GroupState.READY, PAY);
        tell(PAY, Kind.FAILED);
        now = START.plus(Duration.ofMinutes(20));

        join(CART, GroupState.READY, PAY);

        assertThat(told).noneMatch(GroupOpened.class::isInstance);
        assertThat(told)
                .contains(
                        waits(
                                CART,
                                "us/shop/pay failed: retry it, or let this one go on without it by"
                                        + " approve",
                                null));
        join(PAY, GroupState.READY, CART);
        assertThat(told).contains(new GroupOpened(CART, "uid-" + CART, 1));
    }

    @Test
    void oneThatDoesNotNameItIsWaitedForAsLongAsItRuns() {
        join(CART, GroupState.READY, PAY);
        join(PAY, GroupState.READY, MAIL);
        now = START.plus(Duration.ofMinutes(20));

        assertThat(told)
                .contains(
                        waits(
                                CART,
                                "us/shop/pay runs, and does not name this one in its group",
                                null));
        leave(PAY, 1, true);
        assertThat(told).noneMatch(GroupFailed.class::isInstance);
    }

    @Test
    void ofOneInAnotherNamespaceThatDoesNotNameItNothingIsSaid() {
        join(CART, GroupState.READY, MAIL);
        var before = told.getLast();
        tell(MAIL, Kind.RESTS);
        join(CART, GroupState.READY, MAIL);

        assertThat(told.getLast()).isEqualTo(before);
        assertThat(before)
                .isEqualTo(
                        waits(CART, "eu/mail/mail, which has to name this one in its group", null));
    }

    @Test
    void aNewerRunIsNotReadyAndDoesNotFailTheOther() {
        join(CART, GroupState.READY, PAY);
        join(PAY, GroupState.RUNS, CART);
        take(joined(CART, 2, GroupState.RUNS, PAY));
        told.clear();

        join(PAY, GroupState.READY, CART);

        assertThat(told)
                .containsExactly(waits(PAY, "eu/shop/cart is not ready to be promoted yet", null));
    }

    @Test
    void oneThatPeopleLetThroughIsWaitedForUntilItIsPromoted() {
        join(CART, GroupState.OPEN, PAY);

        join(PAY, GroupState.READY, CART);

        assertThat(told)
                .last()
                .isEqualTo(
                        waits(
                                PAY,
                                "eu/shop/cart is let through by itself, and not promoted yet",
                                null));
        now = START.plus(Duration.ofMinutes(20));
        leave(CART, 1, false);
        tell(CART, Kind.RESTS);
        assertThat(told).last().isEqualTo(new GroupOpened(PAY, "uid-" + PAY, 1));
    }

    @Test
    void oneThatPeopleLetThroughTakesTheOthersBackWhereItFails() {
        join(CART, GroupState.OPEN, PAY);
        join(PAY, GroupState.READY, CART);

        leave(CART, 1, true);

        assertThat(told).contains(new GroupFailed(PAY, "uid-" + PAY, 1, CART));
    }

    @Test
    void oneThatFailsDoesNotTakeBackWhomPeopleLetThrough() {
        join(CART, GroupState.OPEN, PAY);
        join(PAY, GroupState.RUNS, CART);

        leave(PAY, 1, true);

        assertThat(told).noneMatch(GroupFailed.class::isInstance);
    }

    @Test
    void oneThatSaysNothingForLongHasNotFailedAndIsNotKnown() {
        join(PAY, GroupState.RUNS, CART);
        for (int i = 0; i < 8; i++) {
            now = now.plus(Duration.ofMinutes(10));
            join(CART, GroupState.READY, PAY);
        }

        assertThat(told).noneMatch(GroupFailed.class::isInstance);
        assertThat(told).noneMatch(GroupOpened.class::isInstance);
        assertThat(told).contains(waits(CART, "nothing is known of us/shop/pay yet", null));
    }

    @Test
    void theRoomOfANamespaceIsBoundedAndThatOfOthersIsNotTaken() {
        var others =
                IntStream.range(0, 16)
                        .mapToObj(i -> "eu/shop/" + "c".repeat(200) + i)
                        .toArray(String[]::new);
        for (int i = 0; i < 100; i++) {
            join("eu/shop/d" + i, GroupState.READY, others);
        }
        int kept = fleet.together().members().size();
        assertThat(kept).isBetween(1, 20);
        assertThat(((GroupWaits) told.getLast()).because()).contains("too many");
        assertThat(RolloutJson.write(fleet).length).isLessThan(64 << 10);

        join(PAY, GroupState.READY, MAIL);

        assertThat(fleet.together().of(PAY)).isPresent();
    }

    @Test
    void anEditThatNamesMoreFindsNoMoreRoomThanOneThatBegins() {
        for (int i = 0; i < 40; i++) {
            join("eu/shop/d" + i, GroupState.RUNS, "eu/shop/x");
        }
        for (int i = 0; i < 40; i++) {
            int each = i;
            join(
                    "eu/shop/d" + i,
                    GroupState.RUNS,
                    IntStream.range(0, 16)
                            .mapToObj(other -> "c".repeat(253) + "/shop/" + each + "-" + other)
                            .toArray(String[]::new));
            assertThat(RolloutJson.write(fleet).length).isLessThan(40 << 10);
        }
    }

    @Test
    void whatIsHeardOfThoseThatAreNamedTakesRoomAsWell() {
        for (int i = 0; i < 60; i++) {
            String namespace = "n".repeat(60) + i;
            join("eu/" + namespace + "/d", GroupState.RUNS, "us/shop/x", "us/shop/y");
        }

        tell("us/shop/x", Kind.RUNS, "*");
        tell("us/shop/y", Kind.RUNS, "*");

        assertThat(RolloutJson.write(fleet).length).isLessThan(GroupsRoom.MOST_OF_ALL);
        assertThat(fleet.together().members()).isNotEmpty();
    }

    @Test
    void manySmallOnesOfSixNamespacesLeaveRoomForAnother() {
        var others =
                IntStream.range(0, 16)
                        .mapToObj(i -> "eu/shop/" + "c".repeat(200) + i)
                        .toArray(String[]::new);
        for (int namespace = 0; namespace < 8; namespace++) {
            for (int i = 0; i < 20; i++) {
                join("eu/tenant" + namespace + "/d" + i, GroupState.RUNS, others);
            }
        }

        join(CART, GroupState.READY, PAY);
        join(PAY, GroupState.READY, CART);

        assertThat(told).contains(new GroupOpened(CART, "uid-" + CART, 1));
        assertThat(RolloutJson.write(fleet).length).isLessThan(GroupsRoom.MOST_OF_ALL);
    }

    private static GroupWaits waits(String canary, String because, @Nullable Instant until) {
        return new GroupWaits(canary, "uid-" + canary, 1, because, until);
    }

    private void join(String canary, GroupState state, String... others) {
        take(joined(canary, 1, state, others));
    }

    private JoinedGroup joined(String canary, long step, GroupState state, String... others) {
        return new JoinedGroup(
                now, canary, "uid-" + canary, step, "checkout", List.of(others), state, START);
    }

    private JoinedGroup joinedAt(
            String canary, long step, Duration since, @Nullable Duration earlier, String other) {
        return new JoinedGroup(
                now,
                canary,
                "uid-" + canary,
                step,
                "checkout",
                List.of(other),
                GroupState.RUNS,
                START.plus(since),
                earlier == null ? null : START.plus(earlier));
    }

    private void leave(String canary, long step, boolean failed) {
        take(new LeftGroup(now, canary, "uid-" + canary, step, failed));
    }

    private void tell(String canary, Kind kind, String... awaitedBy) {
        take(
                new StandingTold(
                        now,
                        canary,
                        "uid-" + canary,
                        new Standing(kind, "v1", "v1", START, null, "words", List.of(awaitedBy))));
    }

    private void take(FleetEvent event) {
        var next = FleetMachine.next(fleet, event);
        fleet = next.state();
        told.addAll(next.effects());
    }
}
