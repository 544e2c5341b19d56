package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class CallSlotsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<CanaryKey> entered = new CopyOnWriteArrayList<>();

    @Test
    void namespacesAreLetInInTurnHoweverManyOfOneWait() throws Exception {
        var slots = new CallSlots(1, 1, 1);
        var holder = canary("first", "holder");
        slots.enter(holder, LONG);
        for (int i = 0; i < 5; i++) {
            queue(slots, canary("greedy", "c" + i));
        }
        queue(slots, canary("modest", "c"));

        slots.leave(holder);
        await().until(() -> slots.waiting() == 0);

        assertThat(entered.indexOf(canary("modest", "c"))).isEqualTo(1);
        assertThat(slots.under()).isZero();
    }

    @Test
    void whoHasItsShareLetsOthersPass() throws Exception {
        var slots = new CallSlots(10, 2, 1);
        slots.enter(canary("a", "one"), LONG);

        assertThat(slots.enter(canary("a", "one"), Duration.ofMillis(1))).isFalse();
        assertThat(slots.enter(canary("a", "two"), LONG)).isTrue();
        assertThat(slots.enter(canary("a", "three"), Duration.ofMillis(1))).isFalse();
        assertThat(slots.enter(canary("b", "one"), LONG)).isTrue();
        assertThat(slots.waiting()).isZero();
    }

    @Test
    void whoIsInterruptedWhileWaitingKeepsNoPlace() throws Exception {
        var slots = new CallSlots(1, 1, 1);
        var holder = canary("a", "holder");
        slots.enter(holder, LONG);
        Thread waiting = queue(slots, canary("b", "c"));

        waiting.interrupt();
        waiting.join();
        slots.leave(holder);

        assertThat(slots.under()).isZero();
        assertThat(slots.enter(holder, Duration.ofMillis(1))).isTrue();
    }

    @Test
    void nothingIsRememberedOfThoseThatHaveLeft() throws Exception {
        var quota = new Quota(100, 100, 100);
        List<CanaryKey> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(canary("n" + i, "c"));
        }
        many.forEach(one -> quota.take(one, 2));
        many.forEach(one -> quota.give(one, 2));

        assertThat(quota.taken()).isZero();
        assertThat(quota.take(canary("n", "c"), 100)).isTrue();
    }

    private Thread queue(CallSlots slots, CanaryKey owner) {
        int before = slots.waiting();
        Thread thread =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                if (slots.enter(owner, LONG)) {
                                    entered.add(owner);
                                    slots.leave(owner);
                                }
                            } catch (InterruptedException stop) {
                                Thread.currentThread().interrupt();
                            }
                        });
        await().until(() -> slots.waiting() == before + 1);
        return thread;
    }

    private static CanaryKey canary(String namespace, String name) {
        return new CanaryKey("lab", namespace, name);
    }
}
