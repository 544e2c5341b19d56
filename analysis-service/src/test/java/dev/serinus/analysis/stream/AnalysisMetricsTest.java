package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.records.Inputs;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.PriorStatus;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.search.Search;

import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the metrics say of rollouts as they run. */
class AnalysisMetricsTest {

    private static final CanaryKey PODINFO = new CanaryKey("west", "test", "podinfo");
    private static final Duration ANSWERED_AFTER = Duration.ofMillis(700);

    private final Topics topics = new Topics(Bench.SETTINGS);
    private final Bench bench = new Bench();
    private final PretendCluster cluster = new PretendCluster(PODINFO, 10_000);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void theDurationIsThatOfAChecksQuestionsNotOfOurDecisionsNorOfTheIntervals() {
        tell(cluster.created());
        settle();
        assertThat(find("flagger.canary.duration").timer()).isNull();

        tell(cluster.released("b"));
        settle();

        var checks = find("flagger.canary.duration").timer();
        assertThat(checks).isNotNull();
        assertThat(checks.count()).isPositive();
        // Metrics, then perhaps the shift: one answer or two of them.
        assertThat(checks.mean(TimeUnit.MILLISECONDS)).isBetween(700.0, 1400.0);
        assertThat(checks.max(TimeUnit.MILLISECONDS)).isBetween(700.0, 1400.0);
    }

    @Test
    void endsAreCountedButNotThoseThatWereFound() {
        var created = (Change) cluster.created().getFirst().value();
        var prior =
                PriorStatus.newBuilder()
                        .setPhase("Succeeded")
                        .setCanaryWeight(0)
                        .setFailedChecks(0)
                        .setIterations(0)
                        .build();
        var found =
                Change.newBuilder(created)
                        .setBody(
                                CanaryObserved.newBuilder((CanaryObserved) created.getBody())
                                        .setPrior(prior)
                                        .build())
                        .build();

        bench.send(topics.changes("west"), PODINFO, found);
        tell(cluster.created().subList(1, 2));
        settle();
        assertThat(find("flagger.canary.successes").counter()).isNull();

        tell(cluster.released("b"));
        settle();
        assertThat(find("flagger.canary.successes").counter().count()).isEqualTo(1);
    }

    private Search find(String name) {
        return bench.registry.find(name);
    }

    private void tell(List<PretendCluster.Fact> facts) {
        facts.forEach(
                fact ->
                        bench.send(
                                fact.kind().name("west"),
                                Inputs.canary(fact.value()).orElseThrow().getBytes(UTF_8),
                                Bench.SETTINGS.values().serializer().serialize("", fact.value())));
    }

    private void settle() {
        for (int second = 0; second < 600; second++) {
            List<SpecificRecord> commands = commands();
            while (!commands.isEmpty()) {
                bench.advance(ANSWERED_AFTER);
                commands.forEach(command -> tell(cluster.answer(command)));
                commands = commands();
            }
            bench.advance(Duration.ofSeconds(1));
        }
    }

    private List<SpecificRecord> commands() {
        List<SpecificRecord> commands = new ArrayList<>(bench.read(topics.routerCommands("west")));
        commands.addAll(bench.read(topics.metricQueries("west")));
        return commands;
    }
}
