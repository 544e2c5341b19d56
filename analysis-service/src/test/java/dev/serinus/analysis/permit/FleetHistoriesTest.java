package dev.serinus.analysis.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.permit.FleetEffect.Granted;
import dev.serinus.analysis.permit.FleetEvent.Asked;
import dev.serinus.analysis.permit.FleetEvent.Returned;
import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.analysis.rollout.gate.Claim;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What must always hold of permits, over random histories of ten canaries in two clusters: they
 * ask, ask again, end, are deleted and made again, are found at work, fall silent with their
 * cluster and speak again, at any moment.
 */
class FleetHistoriesTest {

    private static final long HISTORIES = Long.getLong("serinus.histories", 20_000) / 10;
    private static final int CANARIES = 10;

    @Test
    void whatMustAlwaysHoldHoldsInEveryHistory() {
        var broken =
                LongStream.range(0, HISTORIES)
                        .parallel()
                        .mapToObj(FleetHistoriesTest::broken)
                        .filter(each -> !each.isEmpty())
                        .limit(5)
                        .toList();

        assertThat(broken).isEmpty();
    }

    private static String broken(long seed) {
        try {
            new History(seed).walk();
            return "";
        } catch (AssertionError | RuntimeException found) {
            return "history %d: %s".formatted(seed, found.getMessage());
        }
    }

    /** One canary as its rollout knows itself. */
    private static final class Canary {
        final String name;
        final List<Claim> claims;
        int life = 1;
        long step;

        /** Step of what it asked for last and did not give back; 0 while it needs nothing. */
        long asked;

        /** It knows that it has its place. */
        boolean runs;

        boolean silent;
        Instant said = Instant.EPOCH;

        Canary(int number, Random chance) {
            String cluster = number % 2 == 0 ? "west" : "east";
            String namespace = number % 3 == 0 ? "cart" : "pay";
            name = "%s/%s/c%d".formatted(cluster, namespace, number);
            claims =
                    Stream.of(
                                    new Claim("all", "all", 3),
                                    new Claim("each", "each/" + cluster, 2),
                                    new Claim("one", "one/" + cluster + "/" + namespace, 1))
                            .filter(_ -> chance.nextInt(4) > 0)
                            .toList();
        }

        String uid() {
            return name + "-" + life;
        }
    }

    private static final class History {
        private final Random chance;
        private final List<Canary> canaries = new ArrayList<>();
        private final List<FleetEvent> said = new ArrayList<>();
        private final Map<String, Integer> grants = new HashMap<>();

        /** Those that did not wait, for whom there may have been no room. */
        private final Set<String> found = new HashSet<>();

        private Fleet fleet = Fleet.NOBODY;
        private Instant now = Instant.parse("2026-11-30T00:00:00Z");

        History(long seed) {
            chance = new Random(seed);
            for (int i = 0; i < CANARIES; i++) {
                canaries.add(new Canary(i, chance));
            }
        }

        void walk() {
            int moves = 20 + chance.nextInt(80);
            for (int i = 0; i < moves; i++) {
                pass();
                move(canaries.get(chance.nextInt(CANARIES)));
            }
            canaries.forEach(this::speakAgain);
            // Whoever runs ends, again and again: in the end everybody had a turn.
            for (int i = 0; !fleet.isEmpty(); i++) {
                assertThat(i).as("nobody waits for ever").isLessThan(3 * CANARIES);
                assertThat(fleet.running()).as("somebody runs while some wait").isNotEmpty();
                var first = fleet.running().getFirst();
                end(canary(first));
            }
            canaries.forEach(canary -> assertThat(canary.asked).isZero());
        }

        /** Mostly moments; sometimes nobody decides for long. */
        private void pass() {
            now =
                    now.plusSeconds(
                            switch (chance.nextInt(24)) {
                                case 0 -> chance.nextInt(5_000);
                                case 1, 2, 3, 4 -> chance.nextInt(900);
                                default -> chance.nextInt(60);
                            });
            canaries.stream().filter(it -> !it.silent).forEach(this::sayAgain);
        }

        private void move(Canary canary) {
            switch (chance.nextInt(12)) {
                case 0, 1, 2, 3 -> ask(canary, false);
                case 4 -> ask(canary, true);
                case 5, 6 -> end(canary);
                case 7 -> {
                    end(canary);
                    canary.life++;
                    canary.step = 0;
                }
                case 8 -> {
                    if (canary.asked > 0) {
                        // For its place, or since the answer got lost.
                        say(canary, beyond(canary));
                    }
                }
                case 9 -> canary.silent = true;
                case 10 -> speakAgain(canary);
                default -> {
                    if (!said.isEmpty()) {
                        takeAgain(said.get(chance.nextInt(said.size())));
                    }
                }
            }
        }

        private void ask(Canary canary, boolean running) {
            end(canary);
            canary.asked = ++canary.step;
            canary.runs = running;
            if (running) {
                found.add(canary.name);
            }
            say(canary, running);
        }

        private void say(Canary canary, boolean running) {
            canary.said = now;
            take(new Asked(now, canary.name, canary.uid(), canary.asked, canary.claims, running));
        }

        /** Whoever was taken for gone meanwhile counts at once, whether there is room or not. */
        private void speakAgain(Canary canary) {
            canary.silent = false;
            sayAgain(canary);
        }

        /** It was taken for gone: others may have its place. */
        private boolean beyond(Canary canary) {
            boolean is = canary.runs && fleet.known(canary.name, canary.uid()).isEmpty();
            if (is) {
                found.add(canary.name);
            }
            return is;
        }

        private void sayAgain(Canary canary) {
            if (canary.asked > 0 && canary.said.plus(Claim.SAID_AGAIN_AFTER).isBefore(now)) {
                say(canary, beyond(canary) || canary.runs);
            }
        }

        private void end(Canary canary) {
            canary.step++;
            if (canary.asked > 0) {
                found.remove(canary.name);
                take(new Returned(now, canary.name, canary.uid(), canary.asked));
                canary.asked = 0;
                canary.runs = false;
            }
        }

        /** What is long past, or was taken already, lets nobody else begin. */
        private void takeAgain(FleetEvent old) {
            var canary =
                    canaries.stream()
                            .filter(it -> it.name.equals(old.canary()))
                            .findFirst()
                            .orElseThrow();
            boolean unheard = canary.asked > 0 && fleet.known(canary.name, canary.uid()).isEmpty();
            boolean present =
                    switch (old) {
                        case Asked asked ->
                                asked.uid().equals(canary.uid()) && asked.step() == canary.asked;
                        case Returned back ->
                                back.uid().equals(canary.uid())
                                        && (canary.asked == 0 || back.step() < canary.asked);
                    };
            if (present && !unheard) {
                var before = fleet;
                if (!take(old).isEmpty()) {
                    return; // its time let others begin
                }
                assertThat(names(fleet.running())).isEqualTo(names(before.running()));
                assertThat(names(fleet.line())).isEqualTo(names(before.line()));
            }
        }

        private List<Holder> take(FleetEvent said) {
            var event = now(said);
            var before = fleet;
            var next = FleetMachine.next(before, event);
            assertThat(FleetMachine.next(before, event)).isEqualTo(next);
            fleet = next.state();
            this.said.add(event);
            if (chance.nextInt(10) == 0) {
                var kept =
                        RolloutJson.read(RolloutJson.tree(RolloutJson.write(fleet)), Fleet.class);
                assertThat(kept).as("kept over a restart").isEqualTo(fleet);
            }
            next.effects().forEach(effect -> look(before, event, effect));
            nobodyBeyondTheBudget();
            nobodyWaitsWithRoom();
            assertThat(Stream.concat(fleet.running().stream(), fleet.line().stream()))
                    .extracting(Holder::canary)
                    .doesNotHaveDuplicates();
            assertThat(next.silent())
                    .as("taken for gone")
                    .allMatch(holder -> canary(holder).silent);
            return next.silent();
        }

        private FleetEvent now(FleetEvent event) {
            return switch (event) {
                case Asked it ->
                        new Asked(now, it.canary(), it.uid(), it.step(), it.claims(), it.running());
                case Returned it -> new Returned(now, it.canary(), it.uid(), it.step());
            };
        }

        private void look(Fleet before, FleetEvent event, FleetEffect effect) {
            if (!(effect instanceof Granted granted)) {
                return;
            }
            var holder = fleet.known(granted.canary(), granted.uid()).orElseThrow();
            assertThat(fleet.running()).contains(holder);
            assertThat(canary(holder).asked).as("granted to who asks").isEqualTo(granted.step());
            canary(holder).runs = true;
            boolean again = event instanceof Asked asked && asked.canary().equals(granted.canary());
            int times = grants.merge(granted.uid() + " " + granted.step(), 1, Integer::sum);
            assertThat(times == 1 || again).as("granted twice").isTrue();
            var same =
                    before.line().stream()
                            .takeWhile(other -> !other.canary().equals(holder.canary()))
                            .filter(other -> other.claims().equals(holder.claims()))
                            .filter(
                                    other ->
                                            fleet.line().stream()
                                                    .anyMatch(
                                                            it ->
                                                                    it.is(
                                                                                    other.canary(),
                                                                                    other.uid())
                                                                            && it.step()
                                                                                    == other
                                                                                            .step()))
                            .toList();
            boolean waited =
                    before.line().stream().anyMatch(it -> it.is(holder.canary(), holder.uid()));
            assertThat(waited && !same.isEmpty()).as("overtaken: %s", same).isFalse();
        }

        private void nobodyBeyondTheBudget() {
            for (Holder holder : fleet.running()) {
                for (Claim claim : holder.claims()) {
                    long waited =
                            fleet.running().stream()
                                    .filter(it -> it.claims(claim.scope()))
                                    .filter(it -> !found.contains(it.canary()))
                                    .count();
                    assertThat(waited).as(claim.scope()).isLessThanOrEqualTo(claim.most());
                }
            }
        }

        private void nobodyWaitsWithRoom() {
            for (Holder holder : fleet.line()) {
                assertThat(holder.claims())
                        .as("waits with room: %s", holder)
                        .anyMatch(claim -> used(claim.scope()) >= claim.most());
            }
        }

        private long used(String scope) {
            return fleet.running().stream().filter(it -> it.claims(scope)).count();
        }

        private Canary canary(Holder holder) {
            return canaries.stream()
                    .filter(it -> it.name.equals(holder.canary()))
                    .findFirst()
                    .orElseThrow();
        }

        private static List<String> names(List<Holder> holders) {
            return holders.stream().map(Holder::canary).toList();
        }
    }
}
