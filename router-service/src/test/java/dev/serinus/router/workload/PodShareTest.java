package dev.serinus.router.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.Weight;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodShareTest {

    @ParameterizedTest
    @CsvSource({
        "10, 1000, 1",
        "10, 1001, 2",
        "10, 3000, 3",
        "10, 10000, 10",
        "3, 1, 1",
        "1, 5000, 1",
        "0, 5000, 1",
        "1000000, 9999, 999900"
    })
    void aShareNeedsItsPartOfThePodsRoundedUp(int all, int basisPoints, int needed) {
        assertThat(PodShare.of(new Weight(basisPoints), all)).isEqualTo(needed);
    }

    @Test
    void whatAShareNeededTellsHowManyCarryAll() {
        assertThat(PodShare.whole(Weight.percent(90), 9)).isEqualTo(9);
        assertThat(PodShare.whole(Weight.percent(50), 5)).isEqualTo(9);
        assertThat(PodShare.whole(Weight.percent(1), 1)).isEqualTo(1);
        assertThat(PodShare.whole(Weight.NONE, 4)).isEqualTo(4);
        assertThat(PodShare.whole(Weight.percent(50), 0)).isZero();
    }

    @Test
    void itIsNeverMoreThanThereWere() {
        for (int all = 1; all < 60; all++) {
            for (int percent = 1; percent <= 100; percent++) {
                var share = Weight.percent(percent);
                int needed = PodShare.of(share, all);
                assertThat(PodShare.whole(share, needed)).isBetween(needed, all);
            }
        }
    }

    /** However many pods the canary has: it may have had more traffic before. */
    @Test
    void whatComesBackNeverMakesThePrimaryLargerThanItWasOrThanTheCanaryIs() {
        for (int before = 1; before < 60; before++) {
            for (int percent = 0; percent <= 100; percent++) {
                for (int leaving = 0; leaving < 80; leaving++) {
                    var share = Weight.percent(percent);
                    assertThat(PodShare.returning(share, leaving, before))
                            .isBetween(leaving, Math.max(before, leaving));
                }
            }
        }
    }

    @Test
    void itIsAsLargeAsThePodsOfTheCanaryTell() {
        assertThat(PodShare.returning(Weight.percent(50), 5, 10)).isEqualTo(9);
        assertThat(PodShare.returning(Weight.percent(5), 15, 30)).isEqualTo(30);
        assertThat(PodShare.returning(Weight.percent(5), 3, 3)).isEqualTo(3);
        assertThat(PodShare.returning(Weight.NONE, 4, 30)).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 1, 4, false",
        "10, 1, 3, true",
        "10, 2, 10, false",
        "10, 2, 2, true",
        "50, 1, 1, false",
        "50, 10, 3, true",
        "100, 10, 0, false"
    })
    void aShareMayBeTwiceWhatWasAskedForOrHalfOfTheRestMore(
            int percent, int pods, int others, boolean beyond) {
        assertThat(PodShare.isBeyond(Weight.percent(percent), pods, others)).isEqualTo(beyond);
    }

    @Test
    void moreThanThatIsOnlyEverTheFirstPod() {
        for (int percent = 1; percent <= 50; percent++) {
            var share = Weight.percent(percent);
            int fewest = PodShare.fewestBeside(share);
            for (int others = 1; others < 200; others++) {
                assertThat(PodShare.isBeyond(share, PodShare.beside(share, others), others))
                        .isEqualTo(others < fewest);
            }
        }
    }
}
