package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.replay.Replay;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.analysis.rules.FleetFile;
import dev.serinus.schemas.events.FleetRulesSeen;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A canary that freezes cover, in the real topology: who is told of what, and when. */
class FreezesTest {

    private static final CanaryKey CART = new CanaryKey("west", "test", "cart");

    /** Around the time at which the bench begins, and where it is some days later. */
    private static final String DAILY = "freezes: [{name: daily, cron: \"30 9 * * *\", for: 60m}]";

    private final Topics topics = new Topics(Bench.SETTINGS);
    private final AtomicReference<FleetConfig> config = new AtomicReference<>(FleetConfig.NONE);
    private final Bench bench = new Bench(new FleetRulesSource(config::get, true));
    private final PretendCluster cluster = new PretendCluster(CART, 10_000);
    private final List<JournalEntry> journal = new ArrayList<>();
    private RolloutState state = new RolloutState();

    @TempDir Path files;

    @BeforeEach
    void create() {
        bench.tell(cluster.created());
        pass(Duration.ofMinutes(5));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** Of the freeze that began while it rested it was not told before. */
    @Test
    void whoRestedIsHeldByTheFreezeOfTodayAndGoesOnByItselfAtItsEnd() {
        // Given
        config.set(fleet(DAILY));
        pass(Duration.ofMinutes(5));
        bench.advance(Duration.ofDays(3));

        // When
        bench.tell(cluster.released("b"));
        pass(Duration.ofSeconds(10));

        // Then
        assertThat(state.getPhase()).isEqualTo("Waiting");
        assertThat(state.getWaitingFor()).startsWith("the end of freeze daily at ");
        pass(Duration.ofHours(2));
        assertThat(state.getPhase()).isEqualTo("Succeeded");
        assertThat(told()).isEqualTo(2);
        assertThat(Replay.of(journal).mismatches()).isEmpty();
    }

    @Test
    void whoRestsIsNotToldOfEachFreezeThatComesAndGoes() {
        config.set(fleet(DAILY));

        for (int day = 0; day < 10; day++) {
            bench.advance(Duration.ofDays(1));
            pass(Duration.ofSeconds(10));
        }

        assertThat(told()).isZero();
    }

    @Test
    void aFreezeHoldsAlsoWhereNoTopicsForBudgetsAre() {
        bench.apart.add("west");
        config.set(fleet("budgets: [{name: shop, max: 1}]\n" + DAILY));
        bench.advance(Duration.ofDays(3));

        bench.tell(cluster.released("b"));
        pass(Duration.ofSeconds(10));

        assertThat(state.getWaitingFor()).startsWith("the end of freeze daily at ");
    }

    @Test
    void aFreezeHoldsAlsoWhileItIsNotKnownWhetherThereAreTopicsForBudgets() {
        bench.unsure.add("west");
        config.set(fleet("budgets: [{name: shop, max: 1}]\n" + DAILY));
        bench.advance(Duration.ofDays(3));

        bench.tell(cluster.released("b"));
        pass(Duration.ofSeconds(10));

        assertThat(state.getWaitingFor()).startsWith("the end of freeze daily at ");
        assertThat(lastTold().getBudgets()).isEmpty();
        bench.unsure.clear();
        pass(Duration.ofSeconds(10));
        assertThat(lastTold().getBudgets()).as("told once it is known").hasSize(1);
    }

    private FleetRulesSeen lastTold() {
        return journal.stream()
                .filter(entry -> entry.getInput() instanceof FleetRulesSeen)
                .map(entry -> (FleetRulesSeen) entry.getInput())
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    @Test
    void aFreezeThatIsTakenAwayKeepsNobodyWaiting() {
        config.set(fleet(DAILY));
        bench.advance(Duration.ofDays(3));
        bench.tell(cluster.released("b"));
        pass(Duration.ofSeconds(10));

        config.set(fleet("freezes: []"));
        pass(Duration.ofSeconds(6));

        assertThat(state.getPhase()).isEqualTo("Progressing");
    }

    private long told() {
        return journal.stream().filter(entry -> entry.getInput() instanceof FleetRulesSeen).count();
    }

    private FleetConfig fleet(String yaml) {
        try {
            return FleetFile.read(Files.writeString(files.resolve("fleet.yaml"), yaml));
        } catch (IOException ours) {
            throw new UncheckedIOException(ours);
        }
    }

    /** Lets the edges answer for some time. */
    private void pass(Duration time) {
        bench.settle(cluster, time);
        bench.read(topics.rollouts()).forEach(latest -> state = latest);
        journal.addAll(bench.read(topics.journal("west")));
    }
}
