package dev.serinus.analysis.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serinus.schemas.events.AuditEntry;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What refusals leave in the audit, however many there are. */
class RepeatedRefusalsTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    private final RepeatedRefusals refusals = new RepeatedRefusals();

    @Test
    void theFirstIsKeptAtOnceAndTheOthersAsOneAfterAMinute() {
        assertThat(refusals.take(refused("ada", 0)).orElseThrow().getTimes()).isEqualTo(1);
        assertThat(refusals.take(refused("ada", 10))).isEmpty();
        assertThat(refusals.take(refused("ada", 20))).isEmpty();
        assertThat(refusals.take(refused("ben", 20))).isPresent();

        assertThat(refusals.due(AT.plusSeconds(59))).isEmpty();
        var due = refusals.due(AT.plusSeconds(90));

        assertThat(due)
                .singleElement()
                .satisfies(
                        it -> {
                            assertThat(it.getActor()).isEqualTo("ada");
                            assertThat(it.getTimes()).isEqualTo(2);
                            assertThat(it.getAt()).isEqualTo(AT.plusSeconds(20));
                        });
        assertThat(refusals.take(refused("ada", 95))).as("a minute later it is news").isPresent();
    }

    @Test
    void whatWasCountedIsKeptAtTheEnd() {
        refusals.take(refused("ada", 0));
        refusals.take(refused("ada", 10));
        refusals.take(refused("ben", 10));

        assertThat(refusals.rest())
                .extracting(AuditEntry::getActor, AuditEntry::getTimes)
                .containsExactly(tuple("ada", 1));
        assertThat(refusals.rest()).isEmpty();
    }

    @Test
    void whoInventsNamesWritesNoMoreThanTwoHundred() {
        List<AuditEntry> kept = new ArrayList<>();
        for (int n = 0; n < 10_000; n++) {
            refusals.take(refused("name-" + n, 0)).ifPresent(kept::add);
        }

        assertThat(kept).hasSize(201);
        assertThat(kept.getLast().getBecause()).startsWith("more kinds of refusals");
        assertThat(refusals.due(AT.plusSeconds(60)))
                .singleElement()
                .satisfies(it -> assertThat(it.getTimes()).isEqualTo(9_799));
    }

    @Test
    void nothingIsCountedForHoursWhereTheClockWasSetBack() {
        refusals.take(refused("ada", 0));
        refusals.take(refused("ada", 10));

        assertThat(refusals.due(AT.minusSeconds(7_200)))
                .singleElement()
                .satisfies(it -> assertThat(it.getActor()).isEqualTo("ada"));
    }

    @Test
    void nobodyTakesTheRoomOfOthers() {
        for (int n = 0; n < 10_000; n++) {
            refusals.take(about("", n));
            refusals.take(about("ada", n));
        }

        assertThat(refusals.take(refused("ben", 1)))
                .hasValueSatisfying(it -> assertThat(it.getCanary()).isEqualTo("west/shop/cart"));
        assertThat(refusals.due(AT.plusSeconds(60)))
                .extracting(AuditEntry::getActor, AuditEntry::getTimes)
                .containsExactlyInAnyOrder(tuple("", 9_949), tuple("ada", 9_949));
    }

    private static AuditEntry about(String actor, int n) {
        return AuditEntry.newBuilder(refused(actor, 0)).setTarget("/" + n).build();
    }

    private static AuditEntry refused(String actor, long second) {
        return AuditEntry.newBuilder()
                .setAt(AT.plusSeconds(second))
                .setActor(actor)
                .setAction("pause")
                .setOutcome("not-allowed")
                .setCanary("west/shop/cart")
                .setBecause("no rule allows it")
                .build();
    }
}
