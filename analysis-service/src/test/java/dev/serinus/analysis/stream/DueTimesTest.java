package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.topic.CanaryKey;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class DueTimesTest {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    /** Against the obvious model: a map that is searched. */
    @Property(tries = 200)
    void whatIsDueIsTakenOnceInTheOrderOfItsTimesHoweverItWasSet(@ForAll long seed) {
        Random random = new Random(seed);
        DueTimes due = new DueTimes();
        Map<CanaryKey, Instant> model = new HashMap<>();
        for (int turn = 0; turn < 200; turn++) {
            CanaryKey canary = canary(random.nextInt(20));
            if (random.nextInt(4) == 0) {
                due.set(canary, null);
                model.remove(canary);
            } else {
                Instant at = START.plusSeconds(random.nextInt(100));
                due.set(canary, at);
                model.put(canary, at);
            }
            if (random.nextInt(10) == 0) {
                Instant now = START.plusSeconds(random.nextInt(100));
                List<DueTimes.Due> expected = new ArrayList<>();
                model.forEach((key, at) -> expected.add(new DueTimes.Due(at, key)));
                expected.removeIf(each -> each.at().isAfter(now));
                expected.sort(null);
                assertThat(due.take(now)).isEqualTo(expected);
                expected.forEach(each -> model.remove(each.canary()));
            }
            assertThat(due.next()).isEqualTo(model.values().stream().min(Instant::compareTo));
            assertThat(due.size()).isEqualTo(model.size());
        }
    }

    @Test
    void aTimeThatWasMovedMeanwhileIsNotCleared() {
        DueTimes due = new DueTimes();
        due.set(canary(1), START);
        DueTimes.Due spent = due.take(START).getFirst();
        due.set(canary(1), START.plusSeconds(10));

        due.clear(spent);

        assertThat(due.next()).contains(START.plusSeconds(10));
    }

    private static CanaryKey canary(int number) {
        return new CanaryKey("west", "test", "canary-" + number);
    }
}
