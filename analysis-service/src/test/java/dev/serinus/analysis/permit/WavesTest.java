package dev.serinus.analysis.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.permit.FleetEffect.AskStanding;
import dev.serinus.analysis.permit.FleetEffect.Granted;
import dev.serinus.analysis.permit.FleetEffect.Placed;
import dev.serinus.analysis.permit.FleetEvent.Asked;
import dev.serinus.analysis.permit.FleetEvent.Returned;
import dev.serinus.analysis.permit.FleetEvent.StandingTold;
import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion.Allowance;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.Standing;
import dev.serinus.analysis.rollout.gate.Standing.Kind;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Whoever names others in spec.after begins once these were promoted with the same release. */
class WavesTest {

    private static final String US = "us/shop/api";
    private static final String EU = "eu/shop/api";
    private static final Duration SOAK = Duration.ofMinutes(10);
    private static final Instant START = Instant.parse("2026-11-30T00:00:00Z");

    private Instant now = START;
    private Fleet fleet = Fleet.NOBODY;
    private final List<FleetEffect> told = new ArrayList<>();

    @Test
    void itWaitsForAnotherOfWhichNothingIsKnownAndHasThatAsked() {
        ask(EU, 1, after(US, "v2"));

        assertThat(told)
                .containsExactly(
                        new AskStanding(US),
                        placed(
                                EU,
                                1,
                                "us/shop/api to be promoted with this release: nothing is known of"
                                        + " it yet"));
        assertThat(fleet.running()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    RESTS  | v1 | : it has not begun with it (it shows v1, this one v2)
                    RUNS   | v2 | : it is Progressing at 20 %
                    RUNS   | v1 | : it is Progressing at 20 % with another one (it shows v1, this one v2)
                    RESTS  | '' | : which release it shows is not known, since its watcher is older or its target shows no images
                    RUNS   | '' | : which release it shows is not known, since its watcher is older or its target shows no images
                    FAILED | v2 | . The wave stopped: us/shop/api failed; it goes on when that is promoted after all
                    FAILED | v1 | : it has not begun with it (it shows v1, this one v2)
                    GONE   | v2 | : there is no such Canary any more
                    """)
    void itSaysWhatTheOtherDoesAndWaits(Kind kind, String release, String doing) {
        ask(EU, 1, after(US, "v2"));
        told.clear();

        tell(US, standing(kind, release, "v1", START));

        assertThat(told)
                .containsExactly(
                        placed(EU, 1, "us/shop/api to be promoted with this release" + doing));
    }

    @Test
    void onceTheOtherWasPromotedItBegins() {
        ask(EU, 1, after(US, "v2"));
        tell(US, standing(Kind.RUNS, "v2", "v1", START));
        told.clear();

        tell(US, standing(Kind.RESTS, "v2", "v2", now));

        assertThat(told).containsExactly(new Granted(EU, "uid-" + EU, 1));
        assertThat(fleet.waves()).as("nothing is kept of who is waited for no more").isNull();
    }

    @Test
    void whatThatDidBeforeIsEnough() {
        ask(EU, 1, after(US, "v2"));

        tell(US, standing(Kind.RUNS, "v3", "v2", START));

        assertThat(told).last().isEqualTo(new Granted(EU, "uid-" + EU, 1));
    }

    @Test
    void aFailedOneThatIsPromotedAfterAllLetsItBegin() {
        ask(EU, 1, after(US, "v2"));
        tell(US, standing(Kind.FAILED, "v2", "v1", START));
        tell(US, standing(Kind.RUNS, "v2", "v1", START));

        tell(US, standing(Kind.RESTS, "v2", "v2", now));

        assertThat(told).last().isEqualTo(new Granted(EU, "uid-" + EU, 1));
    }

    @Test
    void theSoakIsWaitedForAndAskedAboutWhenItIsOver() {
        ask(EU, 1, new AwaitedPromotion(US, "v2", null, SOAK));
        told.clear();

        tell(US, standing(Kind.RESTS, "v2", "v2", START));

        var over = START.plus(SOAK);
        assertThat(told)
                .containsExactly(
                        new Placed(
                                EU,
                                "uid-" + EU,
                                1,
                                1,
                                "the soak of us/shop/api, which was promoted with this release,"
                                        + " until 2026-11-30T00:10:00Z",
                                US,
                                over));
        now = over;
        told.clear();
        ask(EU, 1, new AwaitedPromotion(US, "v2", null, SOAK));
        assertThat(told).contains(new Granted(EU, "uid-" + EU, 1));
    }

    @Test
    void theSoakOfAPromotionOfWhichNobodyKnowsTheTimeBeginsWhenItIsHeardOf() {
        ask(EU, 1, new AwaitedPromotion(US, "v2", null, SOAK));
        pass(Duration.ofMinutes(1));
        tell(US, standing(Kind.RESTS, "v2", "v2", null));
        pass(Duration.ofMinutes(5));
        told.clear();

        tell(US, standing(Kind.RESTS, "v2", "v2", null));
        ask(EU, 1, new AwaitedPromotion(US, "v2", null, SOAK));

        assertThat(told)
                .filteredOn(Placed.class::isInstance)
                .extracting(effect -> ((Placed) effect).until())
                .containsExactly(START.plusSeconds(60).plus(SOAK));
    }

    /** A freeze, a hook or a pause at the start takes the one that waits away for a while. */
    @Test
    void theSoakOfSuchAPromotionGoesOnWhileNobodyWaitsForIt() {
        // Given
        var standing = new Standing(Kind.RESTS, "v2", "v2", null, START.plusSeconds(60), "", null);
        ask(EU, 1, new AwaitedPromotion(US, "v2", null, SOAK));
        pass(Duration.ofMinutes(1));
        tell(US, standing);
        take(new Returned(now, EU, "uid-" + EU, 1));
        pass(Duration.ofMinutes(5));
        told.clear();
        // When
        ask(EU, 2, new AwaitedPromotion(US, "v2", null, SOAK));
        tell(US, standing);
        // Then
        assertThat(told)
                .filteredOn(Placed.class::isInstance)
                .extracting(effect -> ((Placed) effect).until())
                .contains(START.plusSeconds(60).plus(SOAK));
    }

    @Test
    void theSameImagesWithOtherSettingsAreToBePromotedLater() {
        var later = START.plus(Duration.ofHours(1));
        ask(EU, 1, new AwaitedPromotion(US, "v2", later, Duration.ZERO));
        told.clear();

        tell(US, standing(Kind.RESTS, "v2", "v2", START));

        assertThat(told)
                .containsExactly(
                        placed(
                                EU,
                                1,
                                "us/shop/api to be promoted with these settings, later than"
                                        + " 2026-11-30T01:00:00Z: it has not begun with it; where"
                                        + " this one alone was changed, let it begin by approve"));
        now = later.plusSeconds(1);
        tell(US, standing(Kind.RESTS, "v2", "v2", now));
        assertThat(told).last().isEqualTo(new Granted(EU, "uid-" + EU, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    RUNS   | : it is Progressing at 20 %
                    FAILED | . The wave stopped: us/shop/api failed; it goes on when that is promoted after all
                    """)
    void otherSettingsOfTheSameImagesAreWaitedForAsLongAsTheyAreNotPromoted(
            Kind kind, String doing) {
        ask(EU, 1, after(US, "v2"));

        tell(US, standing(kind, "v2", "v2", START));

        assertThat(told)
                .last()
                .isEqualTo(placed(EU, 1, "us/shop/api to be promoted with this release" + doing));
        tell(US, standing(Kind.RESTS, "v2", "v2", now));
        assertThat(told).last().isEqualTo(new Granted(EU, "uid-" + EU, 1));
    }

    @Test
    void allThatAreNamedAreWaitedFor() {
        ask(EU, 1, after(US, "v2"), after("ap/shop/api", "v2"));
        tell(US, standing(Kind.RESTS, "v2", "v2", now));
        assertThat(told).noneMatch(Granted.class::isInstance);

        tell("ap/shop/api", standing(Kind.RESTS, "v2", "v2", now));

        assertThat(told).last().isEqualTo(new Granted(EU, "uid-" + EU, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    FAILED | v2 | v1
                    RUNS   | v2 | v1
                    RESTS  | v2 | v2
                    GONE   | '' | v1
                    """)
    void ofAnotherNamespaceItLearnsNoMoreThanWhatItNamed(
            Kind kind, String release, String promoted) {
        ask(EU, 1, new AwaitedPromotion("us/pay/api", "v2", null, SOAK));
        assertThat(because(told.getLast()))
                .isEqualTo(
                        "us/pay/api to be promoted with this release, which has to name this"
                                + " namespace in spec.awaitedBy, and of which no more is said in"
                                + " another namespace");
        told.clear();

        tell("us/pay/api", standing(kind, release, promoted, START));
        pass(Duration.ofMinutes(9));
        ask(EU, 1, new AwaitedPromotion("us/pay/api", "v2", null, SOAK));

        assertThat(told)
                .filteredOn(Placed.class::isInstance)
                .isNotEmpty()
                .allMatch(effect -> because(effect).endsWith("is said in another namespace"));
    }

    @Test
    void oneOfAnotherNamespaceIsWaitedForWhereThatOneNamesIt() {
        ask(EU, 1, after("us/pay/api", "v2"));
        tell("us/pay/api", standing(Kind.RESTS, "v2", "v2", START));
        assertThat(told).noneMatch(Granted.class::isInstance);

        for (String namespaces : List.of("cart", "shop")) {
            tell(
                    "us/pay/api",
                    new Standing(Kind.RESTS, "v2", "v2", START, null, "", List.of(namespaces)));
            assertThat(told)
                    .filteredOn(Granted.class::isInstance)
                    .hasSize(namespaces.equals("shop") ? 1 : 0);
        }
    }

    @Test
    void oneThatFailedIsWaitedForNoMoreWhereThatIsSaid() {
        ask(EU, 1, new AwaitedPromotion(US, "v2", null, SOAK, new Allowance(true, false)));
        tell(US, standing(Kind.FAILED, "v1", "v1", START));
        tell(US, standing(Kind.RUNS, "v2", "v1", START));
        assertThat(told).noneMatch(Granted.class::isInstance);

        tell(US, standing(Kind.FAILED, "v2", "v1", START));

        assertThat(told).last().isEqualTo(new Granted(EU, "uid-" + EU, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    eu.example.com/shop/app:2         | us.example.com:5000/shop/app:2     | true
                    eu.example.com/app:2,z.io/side:1  | us.example.com/side:1,a.io/app:2   | true
                    app:2                             | localhost/app:2                    | true
                    shop/app:2                        | other/app:2                        | false
                    eu.example.com/app:2              | us.example.com/app:3               | false
                    """)
    void theSameImageOfAnotherRegistryIsTheSameReleaseWhereThatIsSaid(
            String here, String there, boolean same) {
        ask("eu/shop/strict", 1, after(US, here));
        ask(EU, 1, new AwaitedPromotion(US, here, null, Duration.ZERO, new Allowance(false, true)));

        tell(US, standing(Kind.RESTS, there, there, START));

        assertThat(told)
                .filteredOn(Granted.class::isInstance)
                .extracting(FleetEffect::canary)
                .isEqualTo(same ? List.of(EU) : List.of());
    }

    @Test
    void otherSettingsOfTheSameImagesHaveTimeToBeSeenInTheOtherRegion() {
        var shown = START.plus(Duration.ofMinutes(10));
        var awaited = new AwaitedPromotion(US, "v2", START.minusSeconds(60), Duration.ZERO);
        ask(EU, 1, awaited);
        told.clear();

        tell(US, standing(Kind.RESTS, "v2", "v2", START.minusSeconds(1)));

        assertThat(told)
                .containsExactly(
                        new Placed(
                                EU,
                                "uid-" + EU,
                                1,
                                1,
                                "us/shop/api to show these settings as well, if they are for it,"
                                        + " until 2026-11-30T00:10:00Z",
                                US,
                                shown));
        now = shown;
        ask(EU, 1, awaited);
        assertThat(told).last().isEqualTo(new Granted(EU, "uid-" + EU, 1));
    }

    @Test
    void aTargetThatDoesNotSayWhatItIsOfNeverBegins() {
        ask(EU, 1, after(US, ""));
        told.clear();

        tell(US, standing(Kind.RESTS, "", "", START));
        ask(EU, 1, after(US, ""));

        assertThat(told)
                .singleElement()
                .extracting(effect -> ((Placed) effect).because())
                .asString()
                .contains("is not known")
                .contains("serinus.dev/release");
    }

    @Test
    void whoSaysNothingForLongIsNotKnownAnyMore() {
        ask(EU, 1, new AwaitedPromotion(US, "v2", null, Duration.ofHours(2)));
        tell(US, standing(Kind.RESTS, "v2", "v2", START));

        for (int i = 0; i < 13; i++) {
            pass(Duration.ofMinutes(10));
            told.clear();
            ask(EU, 1, new AwaitedPromotion(US, "v2", null, Duration.ofHours(2)));
        }

        assertThat(told)
                .containsExactly(
                        new AskStanding(US),
                        placed(
                                EU,
                                1,
                                "us/shop/api to be promoted with this release: nothing was heard of"
                                        + " it since 2026-11-30T00:00:00Z"));
    }

    @Test
    void manyThatWaitForOneHaveItAskedOnce() {
        for (int i = 0; i < 20; i++) {
            ask("eu/shop/c" + i, 1, after(US, "v2"));
        }

        assertThat(told).filteredOn(AskStanding.class::isInstance).hasSize(1);
        told.clear();
        tell(US, standing(Kind.RUNS, "v2", "v1", START));
        assertThat(told).as("those in front learn each step").hasSize(10);
        told.clear();
        tell(US, standing(Kind.RESTS, "v2", "v2", START));
        assertThat(told).filteredOn(Granted.class::isInstance).hasSize(20);
    }

    @Test
    void whoNamesEachOtherLearnsThatItIsACircle() {
        ask(EU, 1, after(US, "v2"));
        told.clear();

        ask(US, 1, after("ap/shop/api", "v2"));
        assertThat(told).noneMatch(effect -> because(effect).contains("circle"));
        ask("ap/shop/api", 1, after(EU, "v2"));

        assertThat(told)
                .filteredOn(effect -> because(effect).contains("circle"))
                .extracting(FleetEffect::canary)
                .containsExactlyInAnyOrder(EU, US, "ap/shop/api");
        assertThat(because(told.getLast()))
                .isEqualTo(
                        "itself, since spec.after leads in a circle: ap/shop/api, eu/shop/api,"
                                + " us/shop/api wait for each other; take one entry away, or"
                                + " approve one of them");
    }

    @Test
    void whoNamesItselfLearnsThatAsWell() {
        ask(EU, 1, after(EU, "v2"));

        assertThat(because(told.getLast())).contains("leads in a circle: eu/shop/api wait");
    }

    @Test
    void whoIsLetPassOutOfACircleLetsTheOthersGoOn() {
        ask(EU, 1, after(US, "v2"));
        ask(US, 1, after(EU, "v2"));
        told.clear();

        take(new Asked(now, EU, "uid-" + EU, 1, List.of(), List.of(after(US, "v2")), true));
        tell(EU, standing(Kind.RESTS, "v2", "v2", now));

        assertThat(told).contains(new Granted(US, "uid-" + US, 1));
    }

    @Test
    void whoWaitsForAPromotionStandsInNoBudgetsLine() {
        var one = List.of(new Claim("shop", "shop", 1));
        take(new Asked(now, EU, "uid-" + EU, 1, one, List.of(after(US, "v2")), false));

        take(new Asked(now, "eu/shop/cart", "uid-cart", 1, one, false));
        take(new Asked(now, "eu/shop/pay", "uid-pay", 1, one, false));
        tell(US, standing(Kind.RESTS, "v2", "v2", now));

        assertThat(told)
                .contains(new Granted("eu/shop/cart", "uid-cart", 1))
                .contains(new Placed(EU, "uid-" + EU, 1, 2, "1 of 1 in shop: eu/shop/cart"));
        assertThat(fleet.line()).extracting(Holder::canary).containsExactly("eu/shop/pay", EU);
    }

    @Test
    void anotherReleaseIsWaitedForAnew() {
        var one = List.of(new Claim("shop", "shop", 1));
        take(new Asked(now, "eu/shop/cart", "uid-cart", 1, one, false));
        take(new Asked(now, EU, "uid-" + EU, 1, one, List.of(after(US, "v2")), false));
        tell(US, standing(Kind.RESTS, "v2", "v2", now));
        assertThat(fleet.line()).extracting(Holder::canary).containsExactly(EU);

        take(new Asked(now, EU, "uid-" + EU, 1, one, List.of(after(US, "v3")), false));

        assertThat(fleet.line()).isEmpty();
        assertThat(fleet.behind().waiting()).extracting(Holder::canary).containsExactly(EU);
    }

    @Test
    void whoNamesTooManyTakesTheRoomOfItsOwnNamespaceOnly() {
        var many = new AwaitedPromotion[16];
        for (int i = 0; i < many.length; i++) {
            many[i] = after("us/shop/c" + i, "v".repeat(256));
        }
        for (int i = 0; i < 100; i++) {
            ask("eu/shop/c" + i, 1, many);
        }
        int kept = fleet.behind().waiting().size();
        assertThat(kept).isBetween(20, 45);
        assertThat(because(told.getLast()))
                .isEqualTo(
                        "others that wait for promotions already: there are too many of its"
                                + " namespace");
        told.clear();

        ask("eu/pay/api", 1, after("us/pay/api", "v2"));

        assertThat(fleet.behind().waiting()).hasSize(kept + 1);
        assertThat(RolloutJson.write(fleet).length).isLessThan(512 << 10);
    }

    @Test
    void aLongCircleIsToldInFewWords() {
        String ns = "eu/" + "n".repeat(63) + "/";
        for (int i = 0; i < 100; i++) {
            ask(ns + "c".repeat(60) + i, 1, after(ns + "c".repeat(60) + (i + 1) % 100, "v2"));
        }

        assertThat(because(told.getLast())).contains("circle").hasSizeLessThan(700);
        assertThat(because(told.getLast())).contains("97 more of this namespace wait for each");
        assertThat(RolloutJson.write(fleet).length).isLessThan(WavesRoom.MOST_OF_ONE);
    }

    @Test
    void whoHasPassedAWaveTakesNoRoomForIt() {
        var one = List.of(new Claim("shop", "shop", 1));
        var many = new ArrayList<AwaitedPromotion>();
        for (int i = 0; i < 16; i++) {
            many.add(after("us/shop/c" + i, "v".repeat(256)));
        }
        for (int i = 0; i < 100; i++) {
            take(new Asked(now, "eu/shop/c" + i, "uid", 1, one, many, false));
            many.forEach(
                    each -> tell(each.canary(), standing(Kind.RESTS, "", each.release(), now)));
        }

        assertThat(fleet.running()).hasSize(1);
        assertThat(fleet.line()).hasSize(99);
        assertThat(RolloutJson.write(fleet).length).isLessThan(100 << 10);
        var before = fleet;
        take(new Asked(now, "eu/shop/c50", "uid", 1, one, many, false));
        assertThat(fleet.line()).as("it does not wait anew").hasSameSizeAs(before.line());
    }

    @Test
    void ofManyNamespacesThoseOfTheLargestGoFirst() {
        var many = new AwaitedPromotion[16];
        for (int i = 0; i < many.length; i++) {
            many[i] = after("us/shop/c" + i, "v".repeat(256));
        }
        for (String namespace : List.of("shop", "shop2", "shop3", "shop4")) {
            for (int i = 0; i < 60; i++) {
                ask("eu/" + namespace + "/c" + i, 1, many);
                ask("us/" + namespace + "/c" + i, 1, many);
            }
        }
        assertThat(RolloutJson.write(fleet).length).isLessThan(WavesRoom.MOST_OF_ALL);
        told.clear();

        ask("eu/pay/api", 1, many);

        assertThat(fleet.behind().waiting()).extracting(Holder::canary).contains("eu/pay/api");
        assertThat(told)
                .filteredOn(effect -> because(effect).contains("too many of its namespace"))
                .allMatch(effect -> effect.canary().contains("/shop"));
    }

    @Test
    void whatIsCountedIsNoLessThanWhatIsWritten() {
        var at = Instant.parse("2026-11-30T00:00:00.123456789Z");
        var holder =
                new Holder(
                        "eu/shop/\"ä\u0001",
                        "uid",
                        Long.MAX_VALUE,
                        List.of(new Claim("b", "s", Integer.MAX_VALUE)),
                        at,
                        at,
                        new Holder.Told(Integer.MAX_VALUE, "b", US, at),
                        List.of(
                                new AwaitedPromotion(
                                        US,
                                        "€",
                                        at,
                                        Duration.ofNanos(1L << 60),
                                        new Allowance(false, false))),
                        "digest");
        var failed =
                new Standing(
                        Kind.FAILED, "v", "w", at, at, "Failed", List.of("a".repeat(63), "*", "b"));
        var seen = new Waves.Seen(US, at, at, failed, at);

        assertThat(WavesRoom.of(holder)).isGreaterThan(RolloutJson.write(holder).length);
        assertThat(WavesRoom.of(seen)).isGreaterThan(RolloutJson.write(seen).length);
    }

    @Test
    void whatAnotherClusterTellsOfItselfHasASize() {
        ask(EU, 1, after(US, "v2"));
        told.clear();

        tell(US, standing(Kind.RESTS, "v".repeat(100_000), "v2", START));

        assertThat(told).isEmpty();
    }

    @Test
    void allNamespacesThatOneMayNameFitWithThoseOfItsGroup() {
        ask(EU, 1, after(US, "v2"));
        var names = IntStream.range(0, 64 + 16).mapToObj(i -> "n".repeat(61) + (i + 10)).toList();

        tell(US, new Standing(Kind.RESTS, "v2", "v2", START, null, "Succeeded", names));

        assertThat(fleet.behind().waiting()).isEmpty();
    }

    @Test
    void whoIsDeletedWhileItWaitsIsForgotten() {
        ask(EU, 1, after(US, "v2"));

        take(new Returned(now, EU, "uid-" + EU, 1));

        assertThat(fleet.isEmpty()).isTrue();
        assertThat(fleet.waves()).isNull();
    }

    @Test
    void whoIsSilentWhileItWaitsIsTakenForGone() {
        ask(EU, 1, after(US, "v2"));
        for (int i = 0; i < 7; i++) {
            pass(Duration.ofMinutes(10));
            ask("eu/shop/cart", 1 + i);
        }

        assertThat(fleet.behind().waiting()).isEmpty();
    }

    private static AwaitedPromotion after(String canary, String release) {
        return new AwaitedPromotion(canary, release, null, Duration.ZERO);
    }

    private static Standing standing(
            Kind kind, String release, String promoted, @Nullable Instant at) {
        String words = kind == Kind.RUNS ? "Progressing at 20 %" : kind.name();
        return new Standing(kind, release, promoted, at, words);
    }

    private static Placed placed(String canary, long step, String because) {
        return new Placed(canary, "uid-" + canary, step, 1, because, US, null);
    }

    private static String because(FleetEffect effect) {
        return effect instanceof Placed placed ? placed.because() : "";
    }

    private void ask(String canary, long step, AwaitedPromotion... after) {
        take(new Asked(now, canary, "uid-" + canary, step, List.of(), List.of(after), false));
    }

    private void tell(String canary, Standing standing) {
        take(new StandingTold(now, canary, "uid-" + canary, standing));
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private void take(FleetEvent event) {
        var next = FleetMachine.next(fleet, event);
        fleet = next.state();
        told.addAll(next.effects());
    }
}
