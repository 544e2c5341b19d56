package dev.serinus.analysis.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.permit.FleetEffect.Granted;
import dev.serinus.analysis.permit.FleetEffect.Placed;
import dev.serinus.analysis.permit.FleetEvent.Asked;
import dev.serinus.analysis.permit.FleetEvent.Returned;
import dev.serinus.analysis.rollout.gate.Claim;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class FleetMachineTest {

    private static final List<Claim> ONE = List.of(new Claim("shop", "shop", 1));

    private Instant now = Instant.parse("2026-11-30T00:00:00Z");
    private Fleet fleet = Fleet.NOBODY;
    private final List<FleetEffect> told = new ArrayList<>();
    private final List<Holder> silent = new ArrayList<>();

    @Test
    void whoeverFindsRoomBeginsAndTheNextLearnsItsPlace() {
        ask("a", 1, ONE);
        ask("b", 1, ONE);
        ask("c", 1, ONE);

        assertThat(told)
                .containsExactly(
                        new Granted("a", "uid-a", 1),
                        new Placed("b", "uid-b", 1, 1, "1 of 1 in shop: a"),
                        new Placed("c", "uid-c", 1, 2, "1 of 1 in shop: a"));
    }

    @Test
    void aPlaceThatIsGivenBackGoesToTheFirstInTheLineAndTheOthersMoveUp() {
        ask("a", 1, ONE);
        ask("b", 1, ONE);
        ask("c", 1, ONE);
        told.clear();

        giveBack("a", 1);

        assertThat(told)
                .containsExactly(
                        new Granted("b", "uid-b", 1),
                        new Placed("c", "uid-c", 1, 1, "1 of 1 in shop: b"));
    }

    @Test
    void whatIsGivenBackTwiceIsGrantedOnce() {
        ask("a", 1, ONE);
        ask("b", 1, ONE);
        ask("c", 1, ONE);
        giveBack("a", 1);
        told.clear();

        giveBack("a", 1);

        assertThat(told).isEmpty();
    }

    @Test
    void askedAgainItIsAnsweredTheSameAndKeepsItsPlace() {
        ask("a", 1, ONE);
        ask("b", 1, ONE);
        ask("c", 1, ONE);
        told.clear();

        ask("a", 1, ONE);
        ask("b", 1, ONE);

        assertThat(told)
                .containsExactly(
                        new Granted("a", "uid-a", 1),
                        new Placed("b", "uid-b", 1, 1, "1 of 1 in shop: a"));
        assertThat(fleet.line()).extracting(Holder::canary).containsExactly("b", "c");
    }

    @Test
    void anotherRunStandsAtTheEndOfTheLine() {
        ask("a", 1, ONE);
        ask("b", 1, ONE);
        told.clear();

        ask("a", 7, ONE);

        assertThat(told)
                .containsExactly(
                        new Granted("b", "uid-b", 1),
                        new Placed("a", "uid-a", 7, 1, "1 of 1 in shop: b"));
    }

    @Test
    void whatWasGivenBackLateOfAnEarlierRunLeavesTheLaterOneAlone() {
        ask("a", 7, ONE);

        giveBack("a", 1);

        assertThat(fleet.running()).hasSize(1);
    }

    @Test
    void aFullBudgetOfOneNamespaceHoldsUpNoOther() {
        ask("a", 1, in("cart"));
        ask("b", 1, in("cart"));
        ask("c", 1, in("pay"));

        assertThat(fleet.running()).extracting(Holder::canary).containsExactly("a", "c");
        assertThat(told).contains(new Placed("b", "uid-b", 1, 1, "1 of 1 in each/cart: a"));
    }

    @Test
    void whoIsUnderWayCountsAndDoesNotWait() {
        ask("a", 1, ONE);
        fleet = FleetMachine.next(fleet, new Asked(now, "b", "uid-b", 1, ONE, true)).state();
        told.clear();

        ask("c", 1, ONE);
        giveBack("a", 1);

        assertThat(told)
                .containsExactly(
                        new Placed("c", "uid-c", 1, 1, "2 of 1 in shop: a, b"),
                        new Placed("c", "uid-c", 1, 1, "1 of 1 in shop: b"));
    }

    @Test
    void aLargerBudgetIsUsedAsSoonAsSomebodySaysSo() {
        ask("a", 1, ONE);
        ask("b", 1, ONE);
        told.clear();

        ask("b", 1, List.of(new Claim("shop", "shop", 2)));

        assertThat(told).containsExactly(new Granted("b", "uid-b", 1));
    }

    @Test
    void aCanaryThatWasMadeAgainTakesThePlaceOfTheOneBefore() {
        ask("a", 9, ONE);

        var next = FleetMachine.next(fleet, new Asked(now, "a", "uid-other", 1, ONE, false));

        assertThat(next.state().running()).extracting(Holder::uid).containsExactly("uid-other");
    }

    @Test
    void thoseFarBehindAreToldTheirPlaceWhenTheyAskAndNotAtEachStep() {
        ask("first", 1, ONE);
        for (int i = 0; i < 30; i++) {
            ask("c" + i, 1, ONE);
        }
        told.clear();

        giveBack("first", 1);

        assertThat(told).hasSize(1 + WaitingTold.FIRST);
        ask("c29", 1, ONE);
        assertThat(told.getLast())
                .isEqualTo(new Placed("c29", "uid-c29", 1, 29, "1 of 1 in shop: c0"));
    }

    @Test
    void ofManyThatRunTheFirstAreNamed() {
        var five = List.of(new Claim("shop", "shop", 5));
        for (int i = 0; i < 6; i++) {
            ask("c" + i, 1, five);
        }

        assertThat(told.getLast())
                .isEqualTo(
                        new Placed(
                                "c5",
                                "uid-c5",
                                1,
                                1,
                                "5 of 5 in shop: c0, c1, c2, 2 more of this namespace"));
    }

    @Test
    void ofThoseThatRunOnlyTheOnesOfTheNamespaceOfWhoWaitsAreNamed() {
        var three = List.of(new Claim("shop", "shop", 3));
        ask("eu/shop/a", 1, three);
        ask("us/shop/b", 1, three);
        ask("eu/pay/c", 1, three);

        ask("eu/shop/d", 1, three);
        ask("eu/cart/e", 1, three);

        assertThat(told)
                .contains(
                        new Placed(
                                "eu/shop/d",
                                "uid-eu/shop/d",
                                1,
                                1,
                                "3 of 3 in shop: eu/shop/a, 2 of other namespaces"),
                        new Placed(
                                "eu/cart/e",
                                "uid-eu/cart/e",
                                1,
                                2,
                                "3 of 3 in shop: 3 of other namespaces"));
    }

    @Test
    void whoIsSilentForAnHourWhileOthersSpeakIsTakenForGone() {
        ask("a", 1, ONE);
        ask("b", 1, ONE);
        ask("c", 1, ONE);
        told.clear();

        for (int i = 0; i < 6; i++) {
            pass(Duration.ofMinutes(10));
            ask("c", 1, ONE);
        }
        assertThat(fleet.running()).extracting(Holder::canary).containsExactly("a");
        assertThat(silent).isEmpty();
        pass(Duration.ofMinutes(10));
        ask("c", 1, ONE);

        // b, which waited, was silent as well.
        assertThat(silent).extracting(Holder::canary).containsExactly("a", "b");
        assertThat(told).contains(new Granted("c", "uid-c", 1));
        assertThat(fleet.running()).extracting(Holder::canary).containsExactly("c");
    }

    @Test
    void whoeverSaysThatItIsThereKeepsItsPlace() {
        ask("a", 1, ONE);
        ask("b", 1, ONE);

        for (int i = 0; i < 30; i++) {
            pass(Duration.ofMinutes(10));
            runs("a");
            ask("b", 1, ONE);
        }

        assertThat(silent).isEmpty();
        assertThat(fleet.running()).extracting(Holder::canary).containsExactly("a");
    }

    @Test
    void whoWasTakenForGoneAndSpeaksAgainCountsAtOnce() {
        ask("a", 1, ONE);
        ask("b", 1, ONE);
        for (int i = 0; i < 7; i++) {
            pass(Duration.ofMinutes(10));
            ask("b", 1, ONE);
        }

        runs("a");
        ask("c", 1, ONE);

        assertThat(told.getLast())
                .isEqualTo(new Placed("c", "uid-c", 1, 1, "2 of 1 in shop: b, a"));
    }

    @Test
    void timeInWhichNobodyDecidedMakesNobodySilent() {
        ask("a", 1, ONE);
        ask("b", 1, ONE);
        told.clear();

        pass(Duration.ofHours(9));
        ask("b", 1, ONE);
        pass(Duration.ofMinutes(10));
        ask("b", 1, ONE);

        assertThat(silent).isEmpty();
        assertThat(told).containsOnly(new Placed("b", "uid-b", 1, 1, "1 of 1 in shop: a"));
    }

    @Test
    void threeOfItsNamespaceAreNamedAndNobodyElseIsCounted() {
        var three = List.of(new Claim("shop", "shop", 3));
        ask("other", 1, List.of(new Claim("all", "all", 9)));
        ask("a", 1, three);
        ask("b", 1, three);
        ask("c", 1, three);

        ask("d", 1, three);

        assertThat(told.getLast())
                .isEqualTo(new Placed("d", "uid-d", 1, 1, "3 of 3 in shop: a, b, c"));
    }

    private static List<Claim> in(String namespace) {
        return List.of(new Claim("all", "all", 10), new Claim("each", "each/" + namespace, 1));
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /** What one that has its place says from time to time. */
    private void runs(String canary) {
        take(new Asked(now, canary, "uid-" + canary, 1, ONE, true));
    }

    private void ask(String canary, long step, List<Claim> claims) {
        take(new Asked(now, canary, "uid-" + canary, step, claims, false));
    }

    private void giveBack(String canary, long step) {
        take(new Returned(now, canary, "uid-" + canary, step));
    }

    private void take(FleetEvent event) {
        var next = FleetMachine.next(fleet, event);
        fleet = next.state();
        told.addAll(next.effects());
        silent.addAll(next.unheard());
    }
}
