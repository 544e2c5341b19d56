package dev.serinus.analysis.records;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.serinus.analysis.Samples;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.Workload;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

class OutputsTest {

    private static final CanaryKey PODINFO = new CanaryKey("west", "test", "podinfo");

    /** The cluster's event API stamps events itself. */
    private static final Set<String> LEFT_BEHIND =
            Set.of(
                    "Announce.told.at",
                    // How the samples came, which says nothing of them.
                    "Happened.evidence[].comparison.sides.whole",
                    "Happened.evidence[].comparison.sides.late",
                    "Happened.evidence[].comparison.sides.asked");

    static Stream<Class<?>> effects() {
        return Stream.of(Effect.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("effects")
    void everyComponentOfAnEffectIsOnTheWire(Class<?> type) {
        Effect effect = (Effect) new Samples(1, false).of(type);
        SpecificRecord record = Outputs.record(PODINFO, "uid", effect);

        Samples.variants(effect)
                .forEach(
                        (path, variant) ->
                                assertThat(
                                                Outputs.record(PODINFO, "uid", (Effect) variant)
                                                        .equals(record))
                                        .as("%s.%s is lost", type.getSimpleName(), path)
                                        .isEqualTo(
                                                LEFT_BEHIND.contains(
                                                        type.getSimpleName() + "." + path)));
    }

    @ParameterizedTest
    @MethodSource("effects")
    void everyEffectBelongsToTheTopicOfItsRecord(Class<?> type) {
        Effect effect = (Effect) new Samples(1, false).of(type);

        assertThat(Outputs.topic(effect).value().orElseThrow())
                .isEqualTo(Outputs.record(PODINFO, "uid", effect).getClass());
    }

    @ParameterizedTest
    @MethodSource("effects")
    void absentPartsOfAnEffectAreAbsentOnTheWire(Class<?> type) {
        for (int seed = 0; seed < 50; seed++) {
            Effect effect = (Effect) new Samples(seed, true).of(type);

            assertThat(Outputs.record(PODINFO, "uid", effect)).isNotNull();
        }
    }

    @Test
    void thePublicStateSaysSomethingNewOnlyWhenMoreThanTheTimeChanged() {
        Rollout rollout = new Samples(3, false).of(Rollout.class);
        Instant later = Instant.parse("2026-11-22T10:00:00Z");

        assertThat(PublicState.changed(rollout, rollout, later)).isEmpty();
        assertThat(PublicState.of(rollout, later).getUpdatedAt()).isEqualTo(later);
        assertThat(PublicState.changed(Rollout.of(PODINFO), rollout, later))
                .hasValueSatisfying(
                        state -> assertThat(Phase.of(state.getPhase())).isEqualTo(rollout.shown()));
    }

    @Test
    void imagesArePublicBesideTheRevisionsThatTheyAreOf() {
        Rollout rollout = new Samples(3, false).of(Rollout.class);
        String promoted = requireNonNull(rollout.revisions().promoted());

        RolloutState shown =
                PublicState.of(
                        showing(
                                rollout,
                                workload(rollout.run().revision(), "web:2"),
                                workload(promoted, "web:1")),
                        Instant.EPOCH);

        assertThat(shown.getImages()).containsExactly("web:2");
        assertThat(shown.getPrimaryImages()).containsExactly("web:1");
    }

    @Test
    void imagesOfAnotherRevisionAreNotTold() {
        Rollout rollout = new Samples(3, false).of(Rollout.class);

        RolloutState shown =
                PublicState.of(
                        showing(rollout, workload("later", "web:3"), workload("other", "web:2")),
                        Instant.EPOCH);

        assertThat(shown.getImages()).isEmpty();
        assertThat(shown.getPrimaryImages()).isEmpty();
    }

    @Test
    void whereNobodySaidWhichImagesItHasNoneAreTold() {
        Rollout rollout = new Samples(3, false).of(Rollout.class);
        String promoted = requireNonNull(rollout.revisions().promoted());

        RolloutState shown =
                PublicState.of(
                        showing(rollout, workload(rollout.run().revision()), workload(promoted)),
                        Instant.EPOCH);

        assertThat(shown.getImages()).isEmpty();
        assertThat(shown.getPrimaryImages()).isEmpty();
    }

    private static Workload workload(String revision, String... images) {
        return new Workload(
                true,
                revision,
                null,
                List.of(),
                1,
                1,
                1,
                true,
                false,
                "",
                0,
                0,
                null,
                List.of(images));
    }

    private static Rollout showing(Rollout of, Workload target, Workload primary) {
        return new Rollout(
                of.canary(),
                of.manifest(),
                target,
                primary,
                of.baseline(),
                of.phase(),
                of.run(),
                of.traffic(),
                of.revisions(),
                of.stage(),
                of.counters(),
                of.pause(),
                of.cookies(),
                of.lastTold(),
                of.answered(),
                of.governed(),
                of.at());
    }

    @Test
    void nothingIsPublicOfACanaryNobodyKnows() {
        assertThat(PublicState.changed(Rollout.of(PODINFO), Rollout.of(PODINFO), Instant.EPOCH))
                .isEmpty();
    }
}
