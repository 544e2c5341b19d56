package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serinus.analysis.forecast.Course;
import dev.serinus.analysis.forecast.Forecast;
import dev.serinus.analysis.records.Inputs;
import dev.serinus.analysis.rollout.Effect.AskMetrics;
import dev.serinus.analysis.rollout.Effect.CallHook;
import dev.serinus.analysis.rollout.Effect.Route;
import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.admission.Admissions;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.MissionManifests;
import dev.serinus.schemas.canary.MissionManifests.Document;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.hook.HookType.Meaning;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What becomes of a release by each manifest of the guides that platform teams come with: promoted
 * where all is well, taken back where it is not, with every hook in its place. Without the folder
 * this is skipped. It stands here since analysis itself has nothing that reads manifests.
 */
class MissionReleasesTest {

    private static final Duration LONG = Duration.ofDays(30);

    private static final Path TABLE = Path.of("..", "..", "analysis-service", "docs", "guides.md");

    /** The canary's weights, and when each is reached, of the guides that say so. */
    private static final Map<String, String> TIMES =
            Map.of(
                    "02",
                    "0s 5, 60s 10, 120s 15, 180s 20, 240s 25, 300s 30, 360s 35, 420s 40, 480s 45,"
                            + " 540s 50, 600s 0",
                    "38",
                    "0s 5, 300s 10, 600s 15, 900s 20, 1200s 25, 1500s 30, 1800s 35, 2100s 40, 2400s"
                            + " 45, 2700s 50, 6000s 0",
                    "39",
                    "0s 20, 60s 40, 120s 60, 180s 80, 300s 0",
                    "50",
                    "0s 20, 30s 40, 60s 60, 90s 80, 120s 100, 150s 0");

    /**
     * What is called and done in a release that is promoted, each time that it is something else,
     * of the guides that say where a hook stands.
     */
    private static final Map<String, String> ORDERS =
            Map.of(
                    "04", "smoke-tests traffic smoke-tests promote",
                    "24", "traffic load-test acceptance-test confirm-promotion promote",
                    "26",
                            "db-migration smoke-tests integration-tests traffic smoke-tests"
                                    + " integration-tests promote db-cleanup",
                    "28b", "check-us-east-status traffic promote",
                    "33", "traffic promote notify-secondary-cluster",
                    "33b", "wait-for-primary traffic promote",
                    "34", "enable-feature-flag traffic test-feature-flag promote",
                    "41", "integration-test traffic promote");

    @Test
    void areThere() {
        assumeThat(MissionManifests.areThere()).as("shared/mission beside the repository").isTrue();
        assertThat(canaries())
                .extracting(Document::number)
                .containsAll(TIMES.keySet())
                .containsAll(ORDERS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> whereAllIsWellItIsPromotedWithEveryHookInItsPlace() {
        return each(MissionReleasesTest::promoted);
    }

    @TestFactory
    Stream<DynamicTest> whereAMetricFailsItIsTakenBackAfterAsManyChecksAsTheThreshold() {
        return each(MissionReleasesTest::takenBackByItsMetrics);
    }

    @TestFactory
    Stream<DynamicTest> whereATestFailsItIsTakenBackAndNobodyMeetsMoreOfIt() {
        return each(MissionReleasesTest::takenBackByItsTests);
    }

    @TestFactory
    Stream<DynamicTest> whereAQuestionForARollbackIsAnsweredByYesItIsTakenBackAtOnce() {
        return each(MissionReleasesTest::takenBackByAnAnswer);
    }

    @TestFactory
    Stream<DynamicTest> whatIsForecastOfItEnds() {
        return each(MissionReleasesTest::forecast);
    }

    /** With {@code -Dserinus.docs=write} it is written. */
    @Test
    void theTableSaysWhatBecomesOfEachOfThem() throws IOException {
        assumeThat(MissionManifests.areThere()).as("shared/mission beside the repository").isTrue();
        String table = GuideTable.of(MissionManifests.all(), MissionReleasesTest::becomes);
        if (Objects.equals(System.getProperty("serinus.docs"), "write")) {
            Files.writeString(TABLE, table);
        }

        assertThat(Files.readString(TABLE)).isEqualTo(table);
    }

    private static String becomes(Document document) {
        var canary =
                MissionManifests.canaries().stream()
                        .filter(one -> one.toString().equals(document.toString()))
                        .findFirst()
                        .orElseThrow();
        var spec = admitted(canary).orElse(null);
        if (spec == null) {
            return "refused, with the path and what does it instead";
        }
        var best = Forecast.of(SimulatedCluster.CANARY, spec, Course.SOONEST);
        var failing = Forecast.of(SimulatedCluster.CANARY, spec, Course.FAILING);
        var own = spec(canary);
        var order = firsts(order(play(own, _ -> true, hook -> !demandsRollback(hook))), own);
        return "%s: promoted after %s at best; %s"
                .formatted(
                        String.join(", ", order),
                        written(best.lasts()),
                        failing.promotes()
                                ? "nothing is checked"
                                : "taken back after %s of failing checks"
                                        .formatted(written(failing.lasts())));
    }

    /** 1h30m. */
    private static String written(Duration time) {
        return time.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    private static Stream<DynamicTest> each(Consumer<Document> test) {
        return canaries().stream()
                .map(
                        canary ->
                                DynamicTest.dynamicTest(
                                        canary.toString(), () -> test.accept(canary)));
    }

    /** Those that are admitted. */
    private static List<Document> canaries() {
        return MissionManifests.canaries().stream()
                .filter(canary -> admitted(canary).isPresent())
                .toList();
    }

    private static void promoted(Document canary) {
        var spec = spec(canary);
        var cluster = play(spec, _ -> true, hook -> !demandsRollback(hook));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("b");
        var order = order(cluster);
        for (Spec.Hook hook : spec.hooks()) {
            var calls = places(order, hook.name());
            switch (hook.type().meaning()) {
                case Meaning.BeforeTraffic _ ->
                        assertThat(calls)
                                .as("before the first request, once")
                                .singleElement()
                                .matches(place -> place < order.indexOf("traffic"));
                case Meaning.Confirms _ ->
                        assertThat(calls)
                                .as("a gate, before the promotion")
                                .isNotEmpty()
                                .allMatch(place -> place < order.indexOf("promote"));
                case Meaning.AfterTheEnd _ ->
                        assertThat(calls)
                                .as("after the promotion, once")
                                .singleElement()
                                .matches(place -> place > order.indexOf("promote"));
                case Meaning.Check _, Meaning.DemandsRollback _ ->
                        assertThat(calls)
                                .as("at each check, never after the promotion")
                                .isNotEmpty()
                                .allMatch(place -> place < order.indexOf("promote"));
                case Meaning.IsTold _ -> assertThat(calls).isNotEmpty();
            }
        }
        if (ORDERS.containsKey(canary.number())) {
            assertThat(String.join(" ", firsts(order, spec)))
                    .isEqualTo(ORDERS.get(canary.number()));
        }
    }

    private static void takenBackByItsMetrics(Document canary) {
        var spec = spec(canary);
        assumeThat(spec.checks())
                .as("metrics with a bound")
                .anyMatch(check -> check.range() != null);
        var cluster = play(spec, revision -> !revision.equals("b"), it -> !demandsRollback(it));

        takenBack(cluster);
        assertThat(
                        effects(cluster)
                                .filter(AskMetrics.class::isInstance)
                                .map(AskMetrics.class::cast)
                                .filter(ask -> !ask.availabilityOnly()))
                .hasSize(Math.max(1, spec.threshold()));
    }

    private static void takenBackByItsTests(Document canary) {
        var spec = spec(canary);
        Predicate<Spec.Hook> test =
                hook ->
                        hook.type().meaning() instanceof Meaning.Check
                                || hook.type().meaning() instanceof Meaning.BeforeTraffic;
        assumeThat(spec.hooks()).as("tests").anyMatch(test);
        var cluster = play(spec, _ -> true, hook -> !demandsRollback(hook) && !test.test(hook));

        takenBack(cluster);
        boolean isTestedBefore =
                spec.hooks().stream()
                        .anyMatch(it -> it.type().meaning() instanceof Meaning.BeforeTraffic);
        if (isTestedBefore) {
            assertThat(order(cluster)).doesNotContain("traffic");
        }
    }

    private static void takenBackByAnAnswer(Document canary) {
        var spec = spec(canary);
        assumeThat(spec.hooks()).as("questions").anyMatch(MissionReleasesTest::demandsRollback);
        var cluster = play(spec, _ -> true, _ -> true);

        takenBack(cluster);
        assertThat(order(cluster)).doesNotContain("traffic", "promote");
    }

    private static void takenBack(SimulatedCluster cluster) {
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.rollout.traffic().split().canaryWeight().isAny()).isFalse();
        assertThat(order(cluster)).doesNotContain("promote");
    }

    private static void forecast(Document canary) {
        var spec = admitted(canary).orElseThrow();
        var best = Forecast.of(SimulatedCluster.CANARY, spec, Course.SOONEST);
        var worst = Forecast.of(SimulatedCluster.CANARY, spec, Course.LATEST);
        var failing = Forecast.of(SimulatedCluster.CANARY, spec, Course.FAILING);

        assertThat(best.end()).isEqualTo("Succeeded");
        assertThat(worst.end()).isEqualTo("Succeeded");
        assertThat(worst.lasts()).isGreaterThan(best.lasts());
        boolean isChecked =
                !spec.getMetrics().isEmpty()
                        || spec(canary).hooks().stream()
                                .anyMatch(it -> it.type().meaning() instanceof Meaning.Check);
        if (isChecked) {
            assertThat(failing.end()).isEqualTo("Failed");
        }
        if (TIMES.containsKey(canary.number())) {
            assertThat(weights(best)).isEqualTo(TIMES.get(canary.number()));
        }
    }

    private static String weights(Forecast forecast) {
        var reached = new LinkedHashMap<String, String>();
        forecast.steps().stream()
                .filter(step -> step.message().matches("The (canary|primary) has .*"))
                .forEach(
                        step ->
                                reached.putIfAbsent(
                                        String.valueOf(step.canaryWeight()),
                                        step.after().toSeconds() + "s " + step.canaryWeight()));
        return String.join(", ", reached.values());
    }

    private static Optional<RolloutSpec> admitted(Document canary) {
        return switch (Admissions.admit(
                CanaryReader.read(canary.content()).resource(), Installation.named("prod"))) {
            case Admission.Admitted(var spec, _, _) -> Optional.of(spec);
            case Admission.Refused _ -> Optional.empty();
        };
    }

    private static Spec spec(Document canary) {
        var seen =
                Inputs.event(
                        Change.newBuilder()
                                .setCanary(SimulatedCluster.CANARY.toString())
                                .setUid(SimulatedCluster.UID)
                                .setObservedAt(Instant.EPOCH)
                                .setBody(
                                        CanaryObserved.newBuilder()
                                                .setGeneration(1)
                                                .setSpec(admitted(canary).orElseThrow())
                                                .setDeleting(false)
                                                .setClaimed(true)
                                                .build())
                                .build(),
                        Instant.EPOCH);
        return ((RolloutEvent.CanarySeen) seen).spec();
    }

    /** Releases revision b. */
    private static SimulatedCluster play(
            Spec spec, Predicate<String> isGood, Predicate<Spec.Hook> passes) {
        var cluster = new SimulatedCluster(spec);
        cluster.metrics = (name, revision) -> value(spec, name, isGood.test(revision));
        cluster.hooks =
                (name, _) ->
                        spec.hooks().stream()
                                .filter(hook -> hook.name().equals(name))
                                .allMatch(passes);
        cluster.create();
        cluster.run(Duration.ofMinutes(30));
        cluster.decisions.clear();
        cluster.image("b");
        return cluster.run(LONG);
    }

    private static boolean demandsRollback(Spec.Hook hook) {
        return hook.type().meaning() instanceof Meaning.DemandsRollback;
    }

    /** What is just within the bounds of a metric, or beyond them; without any, 0 is. */
    private static Double value(Spec spec, String name, boolean good) {
        var range =
                spec.checks().stream()
                        .filter(check -> check.name().equals(name))
                        .map(Check::range)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(new Check.Range(null, 0.0));
        Double min = range.min();
        if (min != null) {
            return good ? min : min - 1;
        }
        double max = Objects.requireNonNullElse(range.max(), 0.0);
        return good ? max : max + 1;
    }

    private static Stream<Effect> effects(SimulatedCluster cluster) {
        return cluster.decisions.stream().flatMap(decision -> decision.effects().stream());
    }

    /**
     * Hooks by name, when somebody first met the canary or had requests copied to it, and so on.
     */
    private static List<String> order(SimulatedCluster cluster) {
        return effects(cluster)
                .map(
                        effect ->
                                switch (effect) {
                                    case CallHook call -> call.name();
                                    case Route route when route.action() == RouteAction.PROMOTE ->
                                            "promote";
                                    case Route route
                                            when route.action() == RouteAction.SHIFT
                                                    && (route.split().canaryWeight().isAny()
                                                            || route.split().mirrored()) ->
                                            "traffic";
                                    default -> "";
                                })
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static List<Integer> places(List<String> order, String word) {
        return IntStream.range(0, order.size())
                .filter(place -> order.get(place).equals(word))
                .boxed()
                .toList();
    }

    /** Without questions for a rollback, events, and what was there before at the same traffic. */
    private static List<String> firsts(List<String> order, Spec spec) {
        var left = new ArrayList<String>();
        var quiet =
                spec.hooks().stream()
                        .filter(
                                hook ->
                                        demandsRollback(hook)
                                                || hook.type().meaning() instanceof Meaning.IsTold)
                        .map(Spec.Hook::name)
                        .toList();
        boolean met = false;
        var seen = new ArrayList<String>();
        for (String word : order) {
            if (quiet.contains(word) || (word.equals("traffic") && met)) {
                continue;
            }
            if (word.equals("traffic")) {
                met = true;
                seen.clear();
            }
            if (!seen.contains(word)) {
                seen.add(word);
                left.add(word);
            }
        }
        return left;
    }
}
