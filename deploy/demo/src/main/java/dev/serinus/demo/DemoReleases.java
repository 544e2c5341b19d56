package dev.serinus.demo;

import static dev.serinus.demo.World.APP;
import static dev.serinus.demo.World.NAMESPACE;

import dev.serinus.demo.screen.Screen;
import dev.serinus.demo.traffic.AnswerCounts;
import dev.serinus.schemas.events.ComparisonEvidence;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.hook.TestReport;
import dev.serinus.schemas.telemetry.EventLine;
import dev.serinus.schemas.wire.TestReports;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;

/**
 * The three acts. Each does what a user would do, waits for what Serinus makes of it, and checks.
 */
final class DemoReleases {

    private static final Set<String> ENDS =
            Set.of("Promoted", "RolledBack", "PromotionFailed", "Rejected");
    private static final Set<String> REASONS =
            Set.of("RollingBack", "PromotionFailed", "Rejected", "InitializationFailed");
    private static final Duration SETTLING = Duration.ofSeconds(10);

    private final BinaryOperator<String> manifests;
    private final World world;
    private final RolloutEvents events;
    private final Screen screen;
    private final Duration patience;

    /**
     * @param manifests gives a manifest by its name and text as it has to be here
     * @param patience how long one act may take
     */
    DemoReleases(
            BinaryOperator<String> manifests,
            World world,
            RolloutEvents events,
            Screen screen,
            Duration patience) {
        this.manifests = manifests;
        this.world = world;
        this.events = events;
        this.screen = screen;
        this.patience = patience;
    }

    /** The application is there, and is now put into Serinus' care. */
    ReleaseDemo initialise(String canary) throws InterruptedException {
        var act = new Notes("podinfo 1.0.0 is put into Serinus' care");
        screen.heading("1 · An application is put into Serinus' care");
        for (String manifest :
                List.of("namespace.yaml", "gateway.yaml", "deployment.yaml", canary)) {
            screen.say("  Applied: deploy/demo/manifests/" + manifest);
            world.user
                    .load(Manifests.open(manifest, manifests))
                    .resources()
                    .forEach(r -> r.create());
        }
        screen.say(
                "  Serinus makes a second Deployment, podinfo-primary, that serves the users;"
                    + " podinfo itself is scaled to zero and is from now on where new versions are"
                    + " put.");
        var end = events.await(0, e -> e.getType().equals("Initialized"), patience);
        if (end.isEmpty()) {
            act.wrong("the Canary was not initialised within " + patience.toSeconds() + " s");
            return act.end();
        }
        act.expect(
                "all traffic goes to podinfo-primary",
                () -> weight("podinfo-primary") == 100 && weight("podinfo-canary") == 0);
        act.expect("podinfo is scaled to zero", () -> replicas(APP) == 0);
        act.expect("podinfo-primary runs 1.0.0", () -> runs("1.0.0"));
        return act.end();
    }

    /** A good version: it must be promoted, step by step. */
    ReleaseDemo releaseGood(boolean compared, boolean tested) throws InterruptedException {
        var act = new Notes("the good release 2.0.0 is promoted");
        screen.heading("2 · A good release: podinfo 2.0.0");
        int mark = events.mark();
        long badBefore = world.tally.total().bad();
        release("2.0.0");
        screen.say(
                "  A fifth more of the users gets it %s, while at least 99 %% of its answers are good and 99 %% of them come within 250 ms."
                        .formatted(
                                tested
                                        ? "at each check, which comes three seconds after the last"
                                                + " and takes as long as its load test"
                                        : "every three seconds"));
        if (compared) {
            screen.say(
                    "  Each time it waits until there are fifteen samples of two seconds from both"
                        + " versions: the mean of the new one's durations must not be shown to be"
                        + " more than a twentieth above the old one's.");
        }
        var end = events.await(mark, e -> ENDS.contains(e.getType()), patience);
        if (!act.endedWith("Promoted", end, events.since(mark))) {
            return act.end();
        }
        act.expect("podinfo-primary runs 2.0.0", () -> runs("2.0.0"));
        act.expect("all traffic goes to podinfo-primary", () -> weight("podinfo-primary") == 100);
        act.expect("podinfo is scaled to zero", () -> replicas(APP) == 0);
        act.sequence(events.since(mark));
        var weights = weights(mark);
        act.check(
                weights.size() >= 3 && weights.equals(weights.stream().sorted().toList()),
                "users were moved step by step: " + percents(weights));
        if (tested) {
            List<TestReport> reports = reports(mark);
            act.check(reports.size() >= 3, reports.size() + " load tests are in the history");
            reports.forEach(
                    report ->
                            act.check(
                                    report.requests() != null && report.requests() > 0,
                                    report.words()));
        }
        long bad = world.tally.total().bad() - badBefore;
        act.check(bad == 0, bad + " requests failed");
        return act.end();
    }

    /** A bad version: it must be found out and taken back. */
    ReleaseDemo releaseBad(boolean tested) throws InterruptedException {
        var act = new Notes("the bad release 3.0.0 is taken back");
        screen.heading("3 · A bad release: podinfo 3.0.0 answers 500 to three requests of ten");
        int mark = events.mark();
        release("3.0.0");
        screen.say(
                "  Nobody has told Serinus that it is bad. A fifth of the users gets it; two failed"
                        + " checks in all, and it is taken back.");
        if (tested) {
            screen.say(
                    "  The load test fails nothing by itself: it says what it met. The metric"
                            + " decides, and counts the load test's requests to the new version"
                            + " with those of the users.");
        }
        if (!isTakenBack(act, mark)) {
            return act.end();
        }
        int most = weights(mark).stream().mapToInt(w -> w).max().orElse(0);
        act.check(most == 20, "at most " + most + " % of the users got 3.0.0");
        var met = world.tally.byVersion().getOrDefault("3.0.0", new AnswerCounts.Count(0, 0));
        act.check(
                met.bad() > 0,
                "%d requests of users met 3.0.0, %d of them failed, before it was taken back%s"
                        .formatted(
                                met.all(),
                                met.bad(),
                                tested ? "; those of the load test come on top" : ""));
        if (tested) {
            List<TestReport> reports = reports(mark);
            act.check(!reports.isEmpty(), reports.size() + " load tests are in the history");
            reports.forEach(
                    report ->
                            act.check(
                                    report.errors() != null && report.errors() > 0,
                                    report.words()));
        }
        return act.end();
    }

    /** A slower version, within all thresholds: the primary shows that it is slower. */
    ReleaseDemo releaseSlow() throws InterruptedException {
        var act = new Notes("the slower release 2.1.0 is taken back because 2.0.0 is faster");
        screen.heading("3 · A slower release: podinfo 2.1.0 takes a fifth longer for each request");
        int mark = events.mark();
        release("2.1.0");
        screen.say(
                "  No threshold sees that: all its answers are good, and they come in 12 ms where"
                        + " 250 ms are allowed. But the primary answers the same users at the same"
                        + " time in 10 ms.");
        if (!isTakenBack(act, mark)) {
            return act.end();
        }
        int most = weights(mark).stream().mapToInt(w -> w).max().orElse(0);
        act.check(most <= 40, "at most " + most + " % of the users got 2.1.0");
        var met = world.tally.byVersion().getOrDefault("2.1.0", new AnswerCounts.Count(0, 0));
        act.check(met.bad() == 0, met.all() + " requests met 2.1.0, all were answered well");
        act.check(withinAll(mark), "every value was within its threshold all the time");
        comparison(mark)
                .ifPresentOrElse(
                        found -> act.check(found.getClassification().equals("HIGH"), told(found)),
                        () -> act.wrong("no check failed by a comparison"));
        return act.end();
    }

    /** Waits for the end, which has to be a rollback to 2.0.0, and looks at what it left. */
    private boolean isTakenBack(Notes act, int mark) throws InterruptedException {
        var end = events.await(mark, e -> ENDS.contains(e.getType()), patience);
        if (!act.endedWith("RolledBack", end, events.since(mark))) {
            return false;
        }
        act.expect("all traffic goes to podinfo-primary", () -> weight("podinfo-primary") == 100);
        act.expect("podinfo is scaled to zero", () -> replicas(APP) == 0);
        act.expect("podinfo-primary still runs 2.0.0", () -> runs("2.0.0"));
        act.sequence(events.since(mark));
        return true;
    }

    private boolean withinAll(int mark) {
        return events.since(mark).stream()
                .flatMap(event -> event.getEvidence().stream())
                .filter(evidence -> evidence.getValue() != null)
                .allMatch(
                        evidence ->
                                (evidence.getMin() == null
                                                || evidence.getValue() >= evidence.getMin())
                                        && (evidence.getMax() == null
                                                || evidence.getValue() <= evidence.getMax()));
    }

    /** What the last failed check was decided by. */
    private Optional<ComparisonEvidence> comparison(int mark) {
        return events.since(mark).stream()
                .filter(event -> event.getType().equals("CheckFailed"))
                .flatMap(event -> event.getEvidence().stream())
                .map(Evidence::getComparison)
                .filter(Objects::nonNull)
                .reduce((_, later) -> later);
    }

    /** What webhooks said of their tests. */
    private List<TestReport> reports(int mark) {
        return events.since(mark).stream()
                .filter(event -> event.getType().equals("TestReported"))
                .flatMap(event -> event.getEvidence().stream())
                .map(Evidence::getReport)
                .filter(Objects::nonNull)
                .map(TestReports::read)
                .toList();
    }

    private static String told(ComparisonEvidence found) {
        return "%s: %s [%s of %d and %d samples%s]"
                .formatted(
                        found.getClassification(),
                        found.getBecause(),
                        found.getJudge(),
                        found.getCanarySize(),
                        found.getOtherSize(),
                        found.getP() == null ? "" : ", p %.2g".formatted(found.getP()));
    }

    private void release(String version) {
        String file = "release-" + version + ".yaml";
        screen.say("  Patched: Deployment podinfo, with deploy/demo/manifests/" + file);
        world.user
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(APP)
                .patch(PatchContext.of(PatchType.JSON_MERGE), Manifests.json(file));
    }

    private List<Integer> weights(int mark) {
        return events.since(mark).stream()
                .filter(e -> e.getType().equals("WeightShifted"))
                .map(RolloutEvent::getCanaryWeight)
                .filter(weight -> weight > 0)
                .distinct()
                .toList();
    }

    private static String percents(List<Integer> weights) {
        return String.join(", ", weights.stream().map(w -> w + " %").toList());
    }

    private int weight(String service) {
        return world.entrance.weights().getOrDefault(service, 0);
    }

    private Optional<Deployment> deployment(String name) {
        KubernetesClient user = world.user;
        return Optional.ofNullable(
                user.apps().deployments().inNamespace(NAMESPACE).withName(name).get());
    }

    private int replicas(String name) {
        return deployment(name).map(d -> d.getSpec().getReplicas()).orElse(-1);
    }

    private boolean runs(String version) {
        return deployment(APP + "-primary")
                .map(d -> d.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage())
                .filter(image -> image.endsWith(":" + version))
                .isPresent();
    }

    /** What is found while an act is on. */
    private static final class Notes {
        private final String title;
        private final Instant began = Instant.now();
        private final List<String> found = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();

        Notes(String title) {
            this.title = title;
        }

        void wrong(String what) {
            wrong.add(what);
        }

        void check(boolean holds, String what) {
            (holds ? found : wrong).add(what);
        }

        /** The cluster is looked at until it is so, since events and objects travel apart. */
        void expect(String what, BooleanSupplier holds) throws InterruptedException {
            Instant deadline = Instant.now().plus(SETTLING);
            while (!holds.getAsBoolean() && Instant.now().isBefore(deadline)) {
                Thread.sleep(100);
            }
            check(holds.getAsBoolean(), what);
        }

        boolean endedWith(String type, Optional<RolloutEvent> end, List<RolloutEvent> events) {
            if (end.isEmpty()) {
                wrong("it did not end in time; the last that happened: " + last(events));
                return false;
            }
            boolean asExpected = end.get().getType().equals(type);
            if (!asExpected) {
                wrong("it ended with %s instead of %s".formatted(end.get().getType(), type));
                why(events).forEach(this::wrong);
            } else {
                found.addAll(why(events));
            }
            return asExpected;
        }

        /** What stood in the way, in the words of the events that tell it. */
        private static List<String> why(List<RolloutEvent> events) {
            return events.stream()
                    .filter(event -> REASONS.contains(event.getType()))
                    .map(event -> "because: " + EventLine.of(event))
                    .toList();
        }

        private static String last(List<RolloutEvent> events) {
            return events.isEmpty() ? "nothing" : EventLine.of(events.getLast());
        }

        void sequence(List<RolloutEvent> events) {
            long run = events.getLast().getRun();
            var numbers =
                    events.stream()
                            .filter(e -> e.getRun() == run)
                            .map(RolloutEvent::getSequence)
                            .toList();
            boolean whole = true;
            for (int i = 0; i < numbers.size(); i++) {
                whole &= numbers.get(i) == i + 1;
            }
            check(whole, numbers.size() + " events in serinus.rollout-events, without a gap");
        }

        ReleaseDemo end() {
            return new ReleaseDemo(title, Duration.between(began, Instant.now()), found, wrong);
        }
    }
}
