package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.replay.OtherManifest;
import dev.serinus.analysis.replay.OtherRun;
import dev.serinus.analysis.replay.OtherRun.How;
import dev.serinus.analysis.replay.OtherRuns;
import dev.serinus.cli.RecordedWeek.Release;
import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.admission.Admissions;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What plan says of four Canaries, and replay of a week, as a page. With {@code
 * -Dserinus.docs=write} it is written.
 */
class PlanAndReplayTest {

    private static final Path PAGE =
            Path.of("..", "..", "analysis-service", "docs", "plan-and-replay.md");

    private static final long SEED = 2;
    private static final Instant MONDAY = Instant.parse("2026-11-23T08:00:00Z");

    private static final String METRICS =
            """
                metrics:
                - {name: request-success-rate, interval: 1m, thresholdRange: {min: 99}}
                - {name: request-duration, interval: 1m, thresholdRange: {max: 500}}
            """;

    private static final String WEIGHTS =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: cart, namespace: shop}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
              service: {port: 80}
              analysis:
                interval: 1m
                threshold: 5
                stepWeight: 10
                maxWeight: 50
            """
                    + METRICS;

    private static final String HOOKED =
            WEIGHTS
                    + """
                        webhooks:
                        - {name: load-test, url: "http://flagger-loadtester.test/", metadata: {cmd: "hey -z 1m -q 10 http://cart-canary.shop/"}}
                        alerts:
                        - {name: on-call, severity: error, providerRef: {name: pager}}
                    """;

    private static final String MATCHED =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: cart, namespace: shop}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
              service: {port: 80}
              analysis:
                interval: 1h
                threshold: 3
                iterations: 168
                match:
                - headers: {x-beta: {exact: "yes"}}
            """
                    + METRICS
                    + """
                        webhooks:
                        - {name: report, type: event, url: "http://reports.shop/"}
                    """;

    private static final String BESIDE =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: users, namespace: shop}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: users}
              service: {port: 80}
              analysis:
                interval: 1m
                iterations: 10
            """
                    + METRICS
                    + """
                        webhooks:
                        - {name: migrate, type: pre-rollout, url: "http://migrations.shop/up", timeout: 5m}
                        - {name: undo, type: rollback, url: "http://migrations.shop/down"}
                    """;

    private static final String BY_PODS =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: cart, namespace: shop}
            spec:
              provider: kubernetes
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
              service: {port: 80}
              analysis:
                interval: 1m
                threshold: 2
                replicas: weighted
                stepWeights: [10, 30, 50]
            """
                    + METRICS;

    @TempDir Path folder;

    @Test
    void thePageSaysWhatBothSay() throws IOException {
        String page = page();
        if (Objects.equals(System.getProperty("serinus.docs"), "write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    /** What the page's own sentences claim. */
    @Test
    void aLowerThresholdTakesGoodReleasesBackAndALowerBoundFindsTheSlowOne() {
        var was = otherwise(List.of());
        var threshold = otherwise(List.of("threshold=2"));
        var duration = otherwise(List.of("request-duration.max=300"));

        assertThat(was).hasSize(10).noneMatch(OtherRun::endsOtherwise);
        assertThat(revisions(was.stream().filter(run -> run.was().how() == How.ROLLED_BACK)))
                .containsExactly("shop/till v4", "shop/cart v5");
        assertThat(revisions(threshold.stream().filter(OtherRun::endsOtherwise)))
                .containsExactly("shop/cart v3", "shop/till v3");
        assertThat(revisions(duration.stream().filter(OtherRun::endsOtherwise)))
                .containsExactly("shop/cart v4");
        assertThat(duration).noneMatch(run -> run.would().how() == How.NOT_KNOWN);
    }

    private static List<String> revisions(Stream<OtherRun> runs) {
        return runs.map(
                        run ->
                                run.canary().namespace()
                                        + "/"
                                        + run.canary().name()
                                        + " "
                                        + run.revision())
                .toList();
    }

    private String page() throws IOException {
        return """
        # What plan and replay say

        Generated by `PlanAndReplayTest`: the command's own output, by the machine that decides in production. What each flag does is in the [README of the command](../../deploy/cli/README.md#manifests).

        ## plan

        ### Weights, with a load test

        %s
        To read: `AT WORST` is a release that is promoted all the same. The canary gets all of its pods when it begins, so they are waited for once, and the primary's once more.

        ### An A/B test of a week

        %s
        To read: there is no share here. Whoever sends `x-beta: yes` meets the canary, from the first hour on, and a bad release is theirs until it is taken back. The event hook is called for every event.

        ### Blue/Green, with a hook that undoes a migration

        %s
        To read: nobody meets the canary for ten minutes. But `undo` is asked at each check, and does its work when it is asked: whatever it answers with 2xx ends the release. `threshold` is not written, and counts.

        ### Shares by pods, without a mesh

        %s
        To read: the canary's pods grow with its share, so each step may wait for its own until just before the deadline; and everybody is with the canary while the primary gets the new revision.

        ## replay

        A week of two Canaries, both with the weights and metrics of the first one above: ten releases, with what they measured drawn by a seed. Every decision is that of the machine; time is virtual.

        ### As it was

        %s
        ### With a lower threshold

        %s
        To read: the two bad releases would have been taken back three minutes sooner, and so would two that were at the edge of 99 %% now and then, and went well with five. That is what `threshold` buys, and what it costs.

        ### With a tighter bound

        %s
        To read: one release that took 380 ms where others take 180 was promoted, as 500 ms were allowed. With 300 ms it would have been found out at its first weight, and no other release would have been taken back.
        """
                .formatted(
                        plan(HOOKED),
                        plan(MATCHED),
                        plan(BESIDE),
                        plan(BY_PODS),
                        replay(List.of()),
                        replay(List.of("threshold=2")),
                        replay(List.of("request-duration.max=300")));
    }

    private String plan(String manifest) throws IOException {
        Path file = Files.writeString(folder.resolve("canary.yaml"), manifest);
        var out = new StringWriter();
        var line = new CommandLine(new Main()).setOut(new PrintWriter(out, true));

        assertThat(line.execute("plan", file.toString())).isZero();

        return "```yaml\n%s```\n\n```\n$ deploy/serinus plan canary.yaml\n%s\n```\n"
                .formatted(
                        manifest,
                        out.toString()
                                .replace(file.toString(), file.getFileName().toString())
                                .strip());
    }

    private static String replay(List<String> settings) {
        var out = new StringWriter();
        List<OtherRun> runs = new ArrayList<>();
        var taken = taken(settings, runs);
        new ReplayText(runs, taken.replayed(), settings).print(new PrintWriter(out, true));
        return "```\n$ deploy/serinus replay%s\n%s```\n"
                .formatted(
                        String.join("", settings.stream().map(each -> " --set " + each).toList()),
                        out);
    }

    private static List<OtherRun> otherwise(List<String> settings) {
        List<OtherRun> runs = new ArrayList<>();
        assertThat(taken(settings, runs).replayed().mismatches()).isEmpty();
        return runs;
    }

    private static OtherRuns taken(List<String> settings, List<OtherRun> runs) {
        var other = new OtherRuns(OtherManifest.of(settings), runs::add);
        week().forEach(other::take);
        other.end();
        runs.sort(Comparator.comparing(OtherRun::began));
        return other;
    }

    private static List<JournalEntry> week() {
        List<JournalEntry> journal = new ArrayList<>();
        journal.addAll(
                week(
                        "cart",
                        SEED,
                        new Release("v2", at(0, 9), 100, 0.5, 180),
                        new Release("v3", at(1, 10), 99.7, 1, 180),
                        new Release("v4", at(2, 9), 100, 0.5, 380),
                        new Release("v5", at(3, 14), 97, 4, 200),
                        new Release("v6", at(4, 9), 100, 0.5, 180)));
        journal.addAll(
                week(
                        "till",
                        SEED + 1,
                        new Release("v2", at(0, 14), 100, 0.5, 160),
                        new Release("v3", at(1, 15), 99.7, 1, 170),
                        new Release("v4", at(2, 11), 92, 6, 160),
                        new Release("v5", at(3, 9), 100, 0.5, 160),
                        new Release("v6", at(4, 11), 100, 0.5, 165)));
        return journal;
    }

    private static Instant at(int day, int hour) {
        return MONDAY.plusSeconds(day * 86_400L + (hour - 8) * 3_600L);
    }

    private static List<JournalEntry> week(String name, long seed, Release... releases) {
        var canary = new CanaryKey("production", "shop", name);
        Map<String, Object> written = new Yaml().load(WEIGHTS.replace("cart", name));
        var admitted =
                (Admission.Admitted)
                        Admissions.admit(
                                CanaryReader.read(new ObjectMapper().valueToTree(written))
                                        .resource(),
                                Installation.named("production"));
        return new RecordedWeek(canary, admitted.spec(), seed, MONDAY).journal(List.of(releases));
    }
}
