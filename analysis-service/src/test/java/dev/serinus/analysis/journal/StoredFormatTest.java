package dev.serinus.analysis.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.analysis.Samples;
import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.analysis.rollout.Awaited;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.TimerFired;
import dev.serinus.schemas.topic.CanaryKey;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What is kept is read back, also what an earlier release kept. */
class StoredFormatTest {

    private static final String AT = "2026-01-01T00:00:00Z";

    @Property(tries = 300)
    void whatIsKeptIsReadBackAsItWas(@ForAll long seed) {
        StoredRollout kept = new Samples(seed, true).of(StoredRollout.class);

        assertThat(StoredFormat.read(StoredFormat.write(kept))).isEqualTo(kept);
    }

    /** One of each stage of the release before forms had a version, and one that is held. */
    static Stream<String> keptBefore() {
        return lines("kept.jsonl");
    }

    @ParameterizedTest
    @MethodSource("keptBefore")
    void whatWasKeptBeforeFormsHadAVersionIsReadAndGoesOn(String line) {
        var before = RolloutJson.tree(line.getBytes(UTF_8));
        var old = before.path("rollout");
        var await = old.path("await");

        StoredRollout kept = StoredFormat.read(line.getBytes(UTF_8));

        var rollout = kept.rollout();
        assertThat(kept.number()).isEqualTo(before.path("number").asLong());
        assertThat(rollout.uid()).isEqualTo(old.path("uid").asText());
        assertThat(rollout.phase().name()).isEqualTo(old.path("phase").asText());
        assertThat(rollout.traffic().canaryWeight())
                .isEqualTo(Weight.percent(old.path("traffic").path("canaryWeight").asInt()));
        assertThat(rollout.run().reached()).isEqualTo(old.path("run").path("stop").asInt() + 1);
        if (await.has("due")) {
            assertThat(rollout.due()).contains(Instant.parse(await.path("due").asText()));
            assertThat(rollout.timerStep()).isEqualTo(await.path("step").asLong());
        }
        // And the machine takes it from there.
        rollout.due()
                .ifPresent(
                        due ->
                                assertThat(
                                                Decision.on(
                                                                kept,
                                                                new TimerFired(
                                                                        rollout.timerStep(), due),
                                                                due)
                                                        .matters())
                                        .isTrue());
    }

    @Test
    void aJournalOfTheReleaseBeforeIsReadAndComesToTheSameEnds() {
        Map<CanaryKey, StoredRollout> kept = new HashMap<>();

        lines("journal.jsonl")
                .map(StoredFormatTest::entry)
                .forEach(
                        entry -> {
                            var canary = CanaryKey.parse(entry.getCanary());
                            var before = kept.getOrDefault(canary, StoredRollout.nothing(canary));
                            kept.put(
                                    canary,
                                    Decision.on(
                                                    before,
                                                    (SpecificRecord) entry.getInput(),
                                                    entry.getAt())
                                            .after());
                        });

        assertThat(kept).hasSizeGreaterThan(5);
        assertThat(kept.values()).allMatch(each -> each.number() > 5);
    }

    @Test
    void onlyWeightsBetweenWholePercentsAreRefusedByAReleaseWithoutThem() {
        byte[] whole =
                StoredFormat.write(StoredRollout.nothing(new CanaryKey("east", "shop", "cart")));
        var tree = RolloutJson.tree(whole);
        tree.withObject("/rollout/traffic/split").put("canaryWeight", 0.5);
        var fine = StoredFormat.read(RolloutJson.write(tree));

        assertThat(tree.path("version").asInt()).isEqualTo(1);
        assertThat(fine.rollout().traffic().canaryWeight()).isEqualTo(Weight.nearest(0.5));
        assertThat(RolloutJson.tree(StoredFormat.write(fine)).path("version").asInt()).isEqualTo(2);
    }

    /** Nothing is known but a manifest with everything in it, but for a baseline. */
    private static ObjectNode withManifest() {
        var samples = new Samples(1, false).of(StoredRollout.class);
        var tree = RolloutJson.tree(StoredFormat.write(samples));
        var plain =
                RolloutJson.tree(
                        StoredFormat.write(
                                StoredRollout.nothing(new CanaryKey("east", "shop", "cart"))));
        plain.withObject("/rollout").set("manifest", tree.at("/rollout/manifest"));
        plain.withObject("/rollout/manifest").putNull("tried");
        plain.withObject("/rollout/manifest/spec")
                .put("baseline", false)
                .put("dryRun", false)
                .putNull("rules");
        plain.at("/rollout/manifest/spec/hooks")
                .forEach(hook -> ((ObjectNode) hook).putNull("limit"));
        plain.withObject("/rollout/manifest/spec/strategy").put("iterations", 0).putNull("copies");
        return plain;
    }

    @Test
    void onlyLimitsOfMetricsAreRefusedByAReleaseWithoutThem() {
        var plain = withManifest();
        var limited = StoredFormat.read(RolloutJson.write(plain));
        plain.at("/rollout/manifest/spec/checks")
                .forEach(check -> ((ObjectNode) check).remove(List.of("limits", "nan")));
        var unlimited = StoredFormat.read(RolloutJson.write(plain));

        assertThat(plain.at("/rollout/manifest/spec/checks").isEmpty()).isFalse();
        assertThat(RolloutJson.tree(StoredFormat.write(limited)).path("version").asInt())
                .isEqualTo(4);
        assertThat(RolloutJson.tree(StoredFormat.write(unlimited)).path("version").asInt())
                .isEqualTo(3);
    }

    @Test
    void onlyComparisonsAreRefusedByAReleaseWithoutThem() {
        var plain = withManifest();
        plain.at("/rollout/manifest/spec/checks")
                .forEach(check -> ((ObjectNode) check).remove(List.of("limits", "nan")));
        var compares = StoredFormat.read(RolloutJson.write(plain));

        assertThat(plain.path("version").asInt()).isEqualTo(1);
        assertThat(Objects.requireNonNull(compares.rollout().spec()).compares()).isTrue();
        assertThat(RolloutJson.tree(StoredFormat.write(compares)).path("version").asInt())
                .isEqualTo(3);
    }

    @Test
    void onlyBaselinesAreRefusedByAReleaseWithoutThem() {
        byte[] without =
                StoredFormat.write(StoredRollout.nothing(new CanaryKey("east", "shop", "cart")));
        var tree = RolloutJson.tree(without);
        tree.withObject("/rollout/traffic/split").put("canaryWeight", 10).put("baseline", 10);
        var beside = StoredFormat.read(RolloutJson.write(tree));

        assertThat(tree.path("version").asInt()).isEqualTo(1);
        assertThat(beside.rollout().traffic().split().baseline()).isEqualTo(Weight.percent(10));
        assertThat(RolloutJson.tree(StoredFormat.write(beside)).path("version").asInt())
                .isEqualTo(5);
    }

    /** Of a canary that waits; what for is yet to be said. */
    private static ObjectNode waiting() {
        var tree =
                RolloutJson.tree(
                        StoredFormat.write(
                                StoredRollout.nothing(new CanaryKey("east", "shop", "cart"))));
        var stage = tree.withObject("/rollout/stage");
        stage.removeAll();
        stage.put("is", "Waiting");
        stage.withObject("/timer").put("step", 4).put("since", AT).put("due", AT);
        return tree;
    }

    @Test
    void onlyAWaitForTheFirstStepIsRefusedByAReleaseWithoutIt() {
        var tree = waiting();
        tree.withObject("/rollout/stage/awaited").put("is", "FirstStep");
        var delayed = StoredFormat.read(RolloutJson.write(tree));

        assertThat(delayed.rollout().stage().awaited()).isInstanceOf(Awaited.FirstStep.class);
        assertThat(RolloutJson.tree(StoredFormat.write(delayed)).path("version").asInt())
                .isEqualTo(6);
    }

    @Test
    void aFirstStepThatComesNextIsRefusedAsWell() {
        var tree = waiting();
        tree.withObject("/rollout/stage/awaited")
                .put("is", "Release")
                .withObject("/then")
                .put("is", "FirstStep");

        var held = StoredFormat.read(RolloutJson.write(tree));

        assertThat(RolloutJson.tree(StoredFormat.write(held)).path("version").asInt()).isEqualTo(6);
    }

    @Test
    void checksBesideWeightsAreRefusedByAReleaseThatWouldPlanSomethingElse() {
        var plain = withManifest();
        var strategy = plain.withObject("/rollout/manifest/spec/strategy");
        strategy.put("iterations", 12).put("stepWeight", 10);
        plain.at("/rollout/manifest/spec/checks")
                .forEach(check -> ((ObjectNode) check).remove(List.of("limits", "nan")));

        var beside = StoredFormat.read(RolloutJson.write(plain));

        assertThat(RolloutJson.tree(StoredFormat.write(beside)).path("version").asInt())
                .isEqualTo(6);
    }

    @Test
    void copiesThatGrowAreRefusedByAReleaseThatWouldCopyAsManyAsTheCanarySays() {
        var plain = withManifest();
        plain.withObject("/rollout/manifest/spec/strategy/copies")
                .put("from", 10)
                .put("step", 10)
                .put("most", 50);

        var growing = StoredFormat.read(RolloutJson.write(plain));

        assertThat(RolloutJson.tree(StoredFormat.write(growing)).path("version").asInt())
                .isEqualTo(7);
    }

    @Test
    void aDryRunIsRefusedByAReleaseThatWouldDoWhatIsOnlyTried() {
        var plain = withManifest();
        plain.withObject("/rollout/manifest/spec").put("dryRun", true);

        var tried = StoredFormat.read(RolloutJson.write(plain));

        assertThat(RolloutJson.tree(StoredFormat.write(tried)).path("version").asInt())
                .isEqualTo(8);
    }

    @Test
    void whatACanarySaysOfItsRunsIsRefusedByAReleaseThatWouldTakeBackWhatIsHeld() {
        var ruled = withManifest();
        ruled.withObject("/rollout/manifest/spec/rules")
                .put("holdsFailed", true)
                .put("holdTimeout", "PT2H");
        var gated = withManifest();
        ((ObjectNode) gated.at("/rollout/manifest/spec/hooks/0"))
                .withObject("/limit")
                .put("timeout", "PT1H")
                .put("onTimeout", "HOLD");
        var failed = withManifest();
        failed.withObject("/rollout/run/failure").put("because", "it failed").put("since", AT);

        assertThat(List.of(ruled, gated, failed))
                .map(tree -> StoredFormat.read(RolloutJson.write(tree)))
                .map(kept -> RolloutJson.tree(StoredFormat.write(kept)).path("version").asInt())
                .containsExactly(9, 9, 9);
    }

    @Test
    void aCanaryWithThePodsOfItsShareIsRefusedByAReleaseThatWouldSendItMore() {
        var sized = withManifest();
        sized.withObject("/rollout/manifest/spec/rules")
                .put("holdTimeout", "PT2H")
                .put("proportional", true);

        var kept = StoredFormat.read(RolloutJson.write(sized));

        assertThat(RolloutJson.tree(StoredFormat.write(kept)).path("version").asInt())
                .isEqualTo(13);
    }

    @Test
    void aCanaryWhoseShareIsThatOfItsPodsIsRefusedByAReleaseThatWouldGiveItNone() {
        var shared = withManifest();
        shared.withObject("/rollout/manifest/spec/rules")
                .put("holdTimeout", "PT2H")
                .put("proportional", true)
                .put("byReplicas", true);

        var kept = StoredFormat.read(RolloutJson.write(shared));
        byte[] written = StoredFormat.write(kept);

        assertThat(RolloutJson.tree(written).path("version").asInt()).isEqualTo(15);
        assertThat(StoredFormat.read(written)).isEqualTo(kept);
    }

    /** As many rows as it has checks would be a megabyte, written with each decision. */
    @Test
    void aPlanOfAWeekOfMinutesIsShortAndRefusedByAReleaseThatWouldTakeItForOneCheck() {
        var week = withChecks(10_080);

        var kept = StoredFormat.read(RolloutJson.write(week));
        byte[] written = StoredFormat.write(kept);

        assertThat(kept.rollout().run().stops()).hasSize(10_080);
        assertThat(kept.rollout().run().stops().getLast().iteration()).isEqualTo(10_080);
        assertThat(StoredFormat.read(written)).isEqualTo(kept);
        assertThat(written.length).isLessThan(RolloutJson.write(withChecks(1)).length + 50);
        assertThat(RolloutJson.tree(written).path("version").asInt()).isEqualTo(14);
    }

    @Test
    void aPlanThatNobodyMadeEndsNoProcess() {
        var endless = RolloutJson.write(withChecks(2_000_000_000));

        assertThatThrownBy(() -> StoredFormat.read(endless))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPlanThatIsNotLongIsKeptAsItAlwaysWas() {
        var kept = StoredFormat.read(RolloutJson.write(withChecks(1_000)));

        var tree = RolloutJson.tree(StoredFormat.write(kept));

        assertThat(tree.at("/rollout/run/stops")).hasSize(1000);
        assertThat(tree.path("version").asInt()).isEqualTo(1);
    }

    private static ObjectNode withChecks(int times) {
        var tree =
                RolloutJson.tree(
                        StoredFormat.write(
                                StoredRollout.nothing(new CanaryKey("east", "shop", "cart"))));
        var first = RolloutJson.tree(new Stop(Split.PRIMARY, 1, 1, Stop.Kind.ITERATION));
        tree.withObject("/rollout/run").putArray("stops").add(first.put("times", times));
        return tree;
    }

    @Test
    void endsOfWavesAreRefusedByAReleaseThatWouldWaitForEver() {
        var limited = withManifest();
        after(limited).withObject("/limit").put("timeout", "PT1H").put("onTimeout", "FAIL");
        var lenient = withManifest();
        after(lenient).withObject("/allowance").put("failed", true).put("otherRegistry", false);
        var named = withManifest();
        named.withObject("/rollout/manifest/spec/rules")
                .put("holdTimeout", "PT2H")
                .putArray("awaitedBy")
                .add("pay");
        var over = withManifest();
        after(over);
        over.withObject("/rollout/governed/waited")
                .put("run", 1)
                .put("release", "cart:2")
                .putArray("over")
                .add("us/shop/cart");
        var plain = withManifest();
        after(plain);

        assertThat(List.of(limited, lenient, named, over, plain))
                .map(tree -> StoredFormat.read(RolloutJson.write(tree)))
                .map(kept -> RolloutJson.tree(StoredFormat.write(kept)).path("version").asInt())
                .containsExactly(13, 13, 13, 13, 12);
    }

    private static ObjectNode after(ObjectNode kept) {
        return kept.withObject("/rollout/manifest/spec/rules")
                .put("holdTimeout", "PT2H")
                .putArray("after")
                .addObject()
                .put("cluster", "us")
                .put("name", "cart")
                .put("soak", "PT0S");
    }

    @Test
    void onlyWhoWaitsForOthersOrIsWaitedForIsRefusedByAReleaseThatWouldNot() {
        var waits =
                RolloutJson.tree(
                        StoredFormat.write(
                                StoredRollout.nothing(new CanaryKey("east", "shop", "cart"))));
        waits.withObject("/rollout/governed/permit")
                .put("progress", "ASKED")
                .put("step", 4)
                .put("place", 1)
                .put("because", "us/shop/cart to be promoted with this release")
                .put("behind", "us/shop/cart")
                .putArray("claims");
        waits.withObject("/rollout/governed/permit")
                .putArray("after")
                .addObject()
                .put("canary", "us/shop/cart")
                .put("release", "cart:2")
                .put("soak", "PT10M");
        var watched = waits.deepCopy();
        watched.withObject("/rollout/governed").remove("permit");
        watched.withObject("/rollout/governed/watch").put("until", AT);

        assertThat(List.of(waits, watched))
                .map(tree -> StoredFormat.read(RolloutJson.write(tree)))
                .map(kept -> RolloutJson.tree(StoredFormat.write(kept)).path("version").asInt())
                .containsExactly(12, 12);
    }

    @Test
    void onlyAWaitForTheEndOfAFreezeIsRefusedByAReleaseThatCouldNotReadIt() {
        var tree = waiting();
        var awaited = tree.withObject("/rollout/stage/awaited");
        awaited.put("is", "FreezeEnd").put("point", "START");
        awaited.withObject("/freeze")
                .put("name", "weekend")
                .put("reason", "")
                .put("from", AT)
                .put("until", AT)
                .put("ends", AT)
                .putArray("holds")
                .add("START");

        var frozen = StoredFormat.read(RolloutJson.write(tree));

        assertThat(frozen.rollout().stage().awaited()).isInstanceOf(Awaited.FreezeEnd.class);
        assertThat(RolloutJson.tree(StoredFormat.write(frozen)).path("version").asInt())
                .isEqualTo(11);
    }

    @Test
    void onlyAPlaceInABudgetIsRefusedByAReleaseThatWouldNeverGiveItBack() {
        var ruled =
                RolloutJson.tree(
                        StoredFormat.write(
                                StoredRollout.nothing(new CanaryKey("east", "shop", "cart"))));
        ruled.withObject("/rollout/governed/rules")
                .putArray("budgets")
                .addObject()
                .put("budget", "all")
                .put("scope", "all")
                .put("most", 3);
        ruled.withObject("/rollout/governed").putNull("permit");
        var running = ruled.deepCopy();
        running.withObject("/rollout/governed/permit")
                .put("progress", "HELD")
                .put("step", 4)
                .put("place", 0)
                .put("because", "")
                .putArray("claims");

        assertThat(List.of(ruled, running))
                .map(tree -> StoredFormat.read(RolloutJson.write(tree)))
                .map(kept -> RolloutJson.tree(StoredFormat.write(kept)).path("version").asInt())
                .containsExactly(1, 10);
    }

    @Test
    void whatALaterReleaseKeptIsRefusedAndSaysSo() {
        var tree =
                RolloutJson.tree(StoredFormat.write(new Samples(1, false).of(StoredRollout.class)));
        tree.put("version", StoredFormat.VERSION + 1);

        assertThatThrownBy(() -> StoredFormat.read(RolloutJson.write(tree)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this release reads up to " + StoredFormat.VERSION);
    }

    private static JournalEntry entry(String line) {
        try {
            var written =
                    new Schema.Parser().parse(lines("journal.avsc").findFirst().orElseThrow());
            return new SpecificDatumReader<JournalEntry>(written, JournalEntry.getClassSchema())
                    .read(null, DecoderFactory.get().jsonDecoder(written, line));
        } catch (IOException notOurs) {
            throw new UncheckedIOException(notOurs);
        }
    }

    private static Stream<String> lines(String name) {
        try (var in =
                Objects.requireNonNull(
                        StoredFormatTest.class.getResourceAsStream("/released/v0/" + name), name)) {
            return List.of(new String(in.readAllBytes(), UTF_8).split("\n")).stream();
        } catch (IOException notThere) {
            throw new UncheckedIOException(notThere);
        }
    }
}
