package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What is told to a listener that reads as slowly as a test wants. */
@Timeout(30)
class ChangeStreamTest {

    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey TILL = new CanaryKey("west", "shop", "till");

    private final FleetView fleet = new FleetView(3);
    private final Eyes eyes = new Eyes();
    private final Door door = new Door();
    private final Reader reader = new Reader();

    @AfterEach
    void leave() {
        reader.subscription().cancel();
    }

    @Test
    void whoReadsSlowlyIsToldOfEachPartWhatItIsWhenItIsSent() throws Exception {
        fleet.state(CART, state(CART, "Progressing"));
        fleet.state(TILL, state(TILL, "Progressing"));
        for (int number = 0; number < 500; number++) {
            var canary = new CanaryKey("west", "shop", "failed-" + number);
            fleet.state(canary, state(canary, "Failed"));
        }
        listen(Duration.ofHours(1));
        reader.takes("retry", "event: reset", "event: rollouts");
        // It is asked again, for the second part, which has the two that do not ask for people.
        fleet.state(CART, null);
        fleet.state(TILL, state(TILL, "Promoting"));

        String second = reader.takes("event: rollouts");

        assertThat(second).contains("Promoting").doesNotContain("cart");
    }

    @Test
    void aLoginThatIsOverIsNoticedBetweenTwoParts() throws Exception {
        for (int number = 0; number < 501; number++) {
            var canary = new CanaryKey("west", "shop", "app-" + number);
            fleet.state(canary, state(canary, "Progressing"));
        }
        listen(Duration.ZERO);
        reader.takes("retry", "event: reset", "event: rollouts");

        eyes.over = "the login is over";

        assertThat(reader.takes("event: over")).contains("the login is over");
        assertThat(reader.end()).isEqualTo("complete");
    }

    @Test
    void whatOthersDoIsNotHeard() throws Exception {
        fleet.state(CART, state(CART, "Progressing"));
        eyes.closedTo.add(TILL);
        listen(Duration.ofHours(1));
        reader.takes("retry", "event: reset", "event: rollouts", "event: current");
        fleet.state(TILL, state(TILL, "Progressing"));
        eyes.looked.await();

        fleet.state(CART, state(CART, "Failed"));

        reader.takes("event: rollout\n");
    }

    @Test
    void aMistakeEndsItAndItsPlaceIsFree() throws Exception {
        eyes.mistake = true;
        fleet.state(CART, state(CART, "Progressing"));

        listen(Duration.ofHours(1));
        reader.subscription().request(10);

        assertThat(reader.end()).isEqualTo("boom");
        door.left.await();
    }

    @Test
    void whoLeavesBeforeItBeginsKeepsNoPlace() throws Exception {
        reader.leavesAtOnce = true;

        listen(Duration.ofHours(1));

        door.left.await();
        assertThat(reader.texts).isEmpty();
    }

    @Test
    void whereThereIsNoPlaceItEndsAtOnce() throws Exception {
        door.full = true;

        listen(Duration.ofHours(1));

        assertThat(reader.end()).isEqualTo("complete");
        assertThat(door.left.getCount()).isEqualTo(1);
    }

    private void listen(Duration beat) {
        new ChangeStream(fleet, eyes, null, "", beat, door).subscribe(reader);
    }

    private static final class Eyes implements ChangeStream.Sight {

        private final Set<CanaryKey> closedTo = ConcurrentHashMap.newKeySet();
        private final CountDownLatch looked = new CountDownLatch(1);
        private volatile String over = "";
        private volatile boolean mistake;

        @Override
        public String over() {
            return over;
        }

        @Override
        public int version() {
            return 0;
        }

        @Override
        public boolean shows(CanaryKey canary) {
            if (mistake) {
                throw new IllegalStateException("boom");
            }
            if (closedTo.contains(canary)) {
                looked.countDown();
                return false;
            }
            return true;
        }
    }

    private static final class Door implements ChangeStream.Listeners {

        private final CountDownLatch left = new CountDownLatch(1);
        private boolean full;

        @Override
        public boolean came() {
            return !full;
        }

        @Override
        public void left() {
            left.countDown();
        }
    }

    private static final class Reader implements Subscriber<byte[]> {

        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        private boolean leavesAtOnce;
        private @Nullable Subscription subscription;

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            if (leavesAtOnce) {
                given.cancel();
            }
        }

        @Override
        public void onNext(byte[] text) {
            texts.add(new String(text, StandardCharsets.UTF_8));
        }

        @Override
        public void onError(Throwable mistake) {
            ends.add(String.valueOf(mistake.getMessage()));
        }

        @Override
        public void onComplete() {
            ends.add("complete");
        }

        Subscription subscription() {
            return Objects.requireNonNull(subscription);
        }

        /** Takes one text after the other, which begin so; the last of them. */
        String takes(String... beginnings) throws InterruptedException {
            String text = "";
            for (String beginning : beginnings) {
                subscription().request(1);
                text = Objects.requireNonNull(texts.poll(20, TimeUnit.SECONDS), beginning);
                assertThat(text).startsWith(beginning);
            }
            return text;
        }

        String end() throws InterruptedException {
            return Objects.requireNonNull(ends.poll(20, TimeUnit.SECONDS), "it did not end");
        }
    }

    private static RolloutState state(CanaryKey canary, String phase) {
        return RolloutState.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid")
                .setRun(1)
                .setPhase(phase)
                .setRevision("b")
                .setPromotedRevision("a")
                .setCanaryWeight(0)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(4)
                .setSequence(1)
                .setWaitingFor("")
                .setProvider("")
                .setHeld(false)
                .setUpdatedAt(Instant.parse("2026-11-22T10:00:00Z"))
                .build();
    }
}
