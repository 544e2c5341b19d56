package dev.serinus.analysis.replay;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.AvroSamples;
import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.schemas.events.CanaryGone;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.TimerFired;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class ReplayTest {

    private static final CanaryKey PODINFO = new CanaryKey("west", "test", "podinfo");
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void theSameJournalGivesTheSameDecisions() {
        List<JournalEntry> journal = journal();

        Replay replay = Replay.of(journal);

        assertThat(replay.mismatches()).isEmpty();
        assertThat(replay.replayed()).isEqualTo(journal.size());
    }

    @Test
    void aDecisionThatCameOutOtherwiseIsNamed() {
        List<JournalEntry> journal = new ArrayList<>(journal());
        journal.set(1, JournalEntry.newBuilder(journal.get(1)).setDecision("another").build());

        assertThat(Replay.of(journal).mismatches())
                .singleElement()
                .satisfies(
                        mismatch -> {
                            assertThat(mismatch.canary()).isEqualTo(PODINFO);
                            assertThat(mismatch.number()).isEqualTo(2);
                            assertThat(mismatch.because()).contains("another");
                        });
    }

    @Test
    void anInputThatDiffersGivesAnotherDecision() {
        List<JournalEntry> journal = new ArrayList<>(journal());
        journal.set(
                0,
                JournalEntry.newBuilder(journal.getFirst())
                        .setInput(change(new AvroSamples().of(CanaryGone.class)))
                        .build());

        assertThat(Replay.of(journal).mismatches()).isNotEmpty();
    }

    @Test
    void aMissingEntryIsNoticed() {
        List<JournalEntry> journal = new ArrayList<>(journal());
        journal.remove(1);

        assertThat(Replay.of(journal).mismatches())
                .singleElement()
                .extracting(Replay.Mismatch::because)
                .asString()
                .contains("missing");
    }

    @Test
    void aCanaryWhoseBeginningIsNoLongerKeptIsPassedOverUntilItsNextLife() {
        List<JournalEntry> journal = new ArrayList<>(journal().subList(1, 3));
        journal.addAll(journal());

        Replay replay = Replay.of(journal);

        assertThat(replay.mismatches()).isEmpty();
        assertThat(replay.passedOver()).isEqualTo(2);
        assertThat(replay.replayed()).isEqualTo(3);
    }

    @Test
    void itSaysHowItIsCalled() throws IOException {
        var out = new ByteArrayOutputStream();

        int code = ReplayJournal.run(List.of("--nonsense", "x"), new PrintStream(out, true, UTF_8));

        assertThat(code).isEqualTo(2);
        assertThat(out.toString(UTF_8)).contains("--bootstrap-servers");
    }

    private static List<JournalEntry> journal() {
        List<SpecificRecord> inputs =
                List.of(
                        change(new AvroSamples().of(CanaryObserved.class)),
                        change(new AvroSamples().of(WorkloadObserved.class)),
                        new AvroSamples().of(TimerFired.class));
        List<JournalEntry> journal = new ArrayList<>();
        StoredRollout kept = StoredRollout.nothing(PODINFO);
        for (SpecificRecord input : inputs) {
            Decision decision = Decision.on(kept, input, START.plusSeconds(journal.size()));
            journal.add(decision.entry());
            kept = decision.after();
        }
        return journal;
    }

    private static Change change(SpecificRecord body) {
        return Change.newBuilder(new AvroSamples().of(Change.class))
                .setCanary(PODINFO.toString())
                .setBody(body)
                .build();
    }
}
