package dev.serinus.analysis.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.permit.FleetEffect.Granted;
import dev.serinus.analysis.permit.FleetEffect.GroupFailed;
import dev.serinus.analysis.permit.FleetEffect.GroupOpened;
import dev.serinus.analysis.permit.FleetEvent.Asked;
import dev.serinus.analysis.permit.FleetEvent.ClusterSilence;
import dev.serinus.analysis.permit.FleetEvent.JoinedGroup;
import dev.serinus.analysis.permit.FleetEvent.LeftGroup;
import dev.serinus.analysis.permit.FleetEvent.Returned;
import dev.serinus.analysis.permit.FleetEvent.StandingTold;
import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion.Allowance;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Standing;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What must always hold of permits, over random histories of ten canaries in two clusters: they
 * ask, ask again, end, are deleted and made again, are found at work, fall silent with their
 * cluster and speak again, at any moment; and wait for each other's promotions. Whole clusters are
 * cut off, and come back.
 */
class FleetHistoriesTest {

    private static final long HISTORIES = Long.getLong("serinus.histories", 20_000) / 10;
    private static final int CANARIES = 10;
    private static final List<String> RELEASES = List.of("r1", "r2");
    private static final List<List<String>> AWAITED_BY =
            List.of(List.of(), List.of("pay"), List.of("*"));

    /** In which one commit comes to all regions. */
    private static final Duration SHOWN_WITHIN = Duration.ofMinutes(10);

    /** Of whom nothing was heard for so long nothing is known. */
    private static final Duration KNOWN = Claim.SAID_AGAIN_AFTER.multipliedBy(3);

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

        /** Promotions of others that it waits for; another release each time it asks. */
        List<AwaitedPromotion> after = List.of();

        int life = 1;
        long step;

        /** Step of what it asked for last and did not give back; 0 while it needs nothing. */
        long asked;

        /** It knows that it has its place. */
        boolean runs;

        /** Those that it is promoted with; the last one is named by nobody. */
        final List<String> others;

        /** Step with which it takes part in its group; 0 where it does not. */
        long joined;

        GroupState state = GroupState.RUNS;

        /** It was told that another failed, and is taken back. */
        boolean failed;

        Instant begun = Instant.EPOCH;

        /** When the run began of which this one took the place; null where it took none. */
        @Nullable Instant earlier;

        boolean silent;
        Instant said = Instant.EPOCH;
        Instant saidToGroup = Instant.EPOCH;

        Canary(int number, Random chance) {
            name = name(number);
            String cluster = name.substring(0, 4);
            String namespace = name.split("/", -1)[1];
            others =
                    IntStream.range(0, CANARIES - 1)
                            .filter(other -> other / 3 == (number % (CANARIES - 1)) / 3)
                            .filter(other -> other != number)
                            .mapToObj(Canary::name)
                            .toList();
            claims =
                    Stream.of(
                                    new Claim("all", "all", 3),
                                    new Claim("each", "each/" + cluster, 2),
                                    new Claim("one", "one/" + cluster + "/" + namespace, 1))
                            .filter(_ -> chance.nextInt(4) > 0)
                            .toList();
        }

        static String name(int number) {
            return "%s/%s/c%d"
                    .formatted(
                            number % 2 == 0 ? "west" : "east",
                            number % 3 == 0 ? "cart" : "pay",
                            number);
        }

        /** Also of itself, and of who waits for it. */
        void waits(Random chance, Instant now) {
            var before = now.minus(KNOWN).minusSeconds(1 + chance.nextInt(600));
            after =
                    chance.nextInt(3) > 0
                            ? List.of()
                            : IntStream.range(0, 1 + chance.nextInt(2))
                                    .mapToObj(
                                            _ ->
                                                    new AwaitedPromotion(
                                                            name(chance.nextInt(CANARIES)),
                                                            RELEASES.get(chance.nextInt(2)),
                                                            chance.nextBoolean() ? null : before,
                                                            Duration.ofSeconds(
                                                                    chance.nextInt(2) * 300L),
                                                            chance.nextBoolean()
                                                                    ? null
                                                                    : new Allowance(true, false)))
                                    .toList();
        }

        String uid() {
            return name + "-" + life;
        }

        String cluster() {
            return name.substring(0, 4);
        }
    }

    private static final class History {
        private final Random chance;
        private final List<Canary> canaries = new ArrayList<>();
        private final List<FleetEvent.OfRollout> said = new ArrayList<>();

        /** Clusters that are cut off, and since when. */
        private final Map<String, Instant> cutOff = new TreeMap<>();

        /** Those of which the scope was told. */
        private final Set<String> silent = new HashSet<>();

        private final Map<String, Integer> grants = new HashMap<>();

        /** Those that did not wait, for whom there may have been no room. */
        private final Set<String> found = new HashSet<>();

        /** What was told last of those that were waited for then. */
        private final Map<String, StandingTold> standings = new HashMap<>();

        /** What was told last of each. */
        private final Map<String, StandingTold> all = new HashMap<>();

        private final Map<String, Integer> opened = new HashMap<>();
        private final Set<String> takenBack = new HashSet<>();

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
            cutOff.clear();
            tellOfClusters();
            canaries.forEach(this::speakAgain);
            canaries.forEach(canary -> leave(canary, false));
            assertThat(fleet.groups()).as("all have left their groups").isNull();
            // Whoever runs ends, again and again: in the end everybody had a turn.
            for (int i = 0; !fleet.isEmpty(); i++) {
                assertThat(i).as("nobody waits for ever").isLessThan(3 * CANARIES);
                if (fleet.running().isEmpty()) {
                    promoteWhatIsWaitedFor();
                }
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

        private void promoteWhatIsWaitedFor() {
            assertThat(fleet.line()).as("nobody runs, and some wait").isEmpty();
            for (var awaited : fleet.behind().waiting().getFirst().awaited()) {
                take(promoted(awaited.canary(), awaited.release(), now.minus(KNOWN)));
            }
            if (!fleet.running().isEmpty()) {
                return;
            }
            // One that waits for two releases of the same canary is let pass by people.
            var first = canary(fleet.behind().waiting().getFirst());
            first.runs = true;
            found.add(first.name);
            say(first, true);
        }

        private StandingTold promoted(String canary, String release, Instant at) {
            return new StandingTold(
                    now,
                    canary,
                    canary,
                    new Standing(
                            Standing.Kind.RESTS, release, release, at, null, "", List.of("*")));
        }

        private void tell(Canary canary) {
            var kinds = Standing.Kind.values();
            var standing =
                    new Standing(
                            kinds[chance.nextInt(kinds.length)],
                            RELEASES.get(chance.nextInt(2)),
                            chance.nextInt(4) == 0 ? null : RELEASES.get(chance.nextInt(2)),
                            now.minus(KNOWN.multipliedBy(chance.nextInt(2)))
                                    .minusSeconds(chance.nextInt(600)),
                            null,
                            "",
                            AWAITED_BY.get(chance.nextInt(AWAITED_BY.size())));
            take(new StandingTold(now, canary.name, canary.uid(), standing));
        }

        private void move(Canary canary) {
            switch (chance.nextInt(26)) {
                case 24 -> cutOff.putIfAbsent(canary.cluster(), now);
                case 25 -> {
                    if (chance.nextInt(3) > 0) {
                        cutOff.remove(canary.cluster());
                    }
                }
                case 12, 13, 14 -> tell(canary);
                case 15, 16 -> join(canary);
                case 17, 18, 19, 20 -> ready(canary);
                case 21 -> leave(canary, chance.nextBoolean());
                case 22, 23 -> {
                    if (canary.joined > 0) {
                        sayToGroup(canary); // again, or since it is ready no more
                    }
                }
                case 0, 1, 2, 3 -> ask(canary, false);
                case 4 -> ask(canary, true);
                case 5, 6 -> end(canary);
                case 7 -> {
                    end(canary);
                    leave(canary, false);
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

        private void join(Canary canary) {
            canary.earlier = canary.joined > 0 && chance.nextBoolean() ? canary.begun : null;
            leave(canary, false);
            canary.joined = ++canary.step;
            canary.state = GroupState.RUNS;
            canary.failed = false;
            canary.begun = now;
            sayToGroup(canary);
        }

        private void ready(Canary canary) {
            if (canary.joined > 0 && canary.state != GroupState.OPEN) {
                boolean people = chance.nextInt(20) == 0;
                canary.state =
                        people
                                ? GroupState.OPEN
                                : chance.nextInt(6) == 0 ? GroupState.RUNS : GroupState.READY;
                sayToGroup(canary);
            }
        }

        private void leave(Canary canary, boolean failed) {
            if (canary.joined > 0) {
                take(new LeftGroup(now, canary.name, canary.uid(), canary.joined, failed));
                canary.joined = 0;
            }
        }

        private void sayToGroup(Canary canary) {
            if (canary.failed) {
                leave(canary, true);
                return;
            }
            canary.saidToGroup = now;
            take(
                    new JoinedGroup(
                            now,
                            canary.name,
                            canary.uid(),
                            canary.joined,
                            "g",
                            canary.others,
                            canary.state,
                            canary.begun,
                            canary.earlier));
        }

        private void ask(Canary canary, boolean running) {
            end(canary);
            canary.waits(chance, now);
            canary.asked = ++canary.step;
            canary.runs = running;
            if (running) {
                found.add(canary.name);
            }
            say(canary, running);
        }

        private void say(Canary canary, boolean running) {
            canary.said = now;
            take(
                    new Asked(
                            now,
                            canary.name,
                            canary.uid(),
                            canary.asked,
                            canary.claims,
                            canary.after,
                            running));
        }

        /** Whoever was taken for gone meanwhile counts at once, whether there is room or not. */
        private void speakAgain(Canary canary) {
            canary.silent = false;
            sayAgain(canary);
        }

        /** It was taken for gone: others may have its place. */
        private boolean beyond(Canary canary) {
            tellOfClusters();
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
            if (canary.joined > 0
                    && canary.saidToGroup.plus(Claim.SAID_AGAIN_AFTER).isBefore(now)) {
                sayToGroup(canary);
            }
        }

        private void end(Canary canary) {
            canary.step++;
            if (canary.asked > 0) {
                take(new Returned(now, canary.name, canary.uid(), canary.asked));
                found.remove(canary.name);
                canary.asked = 0;
                canary.runs = false;
            }
        }

        /** What is long past, or was taken already, lets nobody else begin. */
        private void takeAgain(FleetEvent.OfRollout old) {
            tellOfClusters();
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
                        case StandingTold _, JoinedGroup _, LeftGroup _ -> false;
                    };
            // Time lets a soak end, whatever is said.
            boolean waves = !fleet.behind().waiting().isEmpty();
            if (present && !unheard && !waves) {
                var before = fleet;
                if (!take(old).isEmpty()) {
                    return; // its time let others begin
                }
                assertThat(names(fleet.running())).isEqualTo(names(before.running()));
                assertThat(names(fleet.line())).isEqualTo(names(before.line()));
            }
        }

        /** What is known of clusters is told before, and where there was nobody, after it. */
        private List<Holder> take(FleetEvent.OfRollout said) {
            tellOfClusters();
            var dropped = step(now(said));
            this.said.add(said);
            tellOfClusters();
            return dropped;
        }

        private void tellOfClusters() {
            if (fleet.isEmpty()) {
                assertThat(fleet.silent()).as("kept of nobody").isNull();
                silent.clear();
                return;
            }
            for (String cluster : List.of("east", "west")) {
                if (cutOff.containsKey(cluster) != silent.contains(cluster)) {
                    if (!silent.remove(cluster)) {
                        silent.add(cluster);
                    }
                    step(new ClusterSilence(now, cluster, cutOff.get(cluster)));
                }
            }
        }

        private boolean isCutOff(String canary) {
            return silent.contains(canary.substring(0, 4));
        }

        private List<Holder> step(FleetEvent event) {
            var before = fleet;
            var next = FleetMachine.next(before, event);
            assertThat(FleetMachine.next(before, event)).isEqualTo(next);
            fleet = next.state();
            if (event instanceof StandingTold told
                    && before.behind().of(told.canary()).isPresent()) {
                standings.put(told.canary(), told);
            }
            if (event instanceof StandingTold told) {
                all.put(told.canary(), told);
            }
            waves(before, event);
            groups(before, event, next.effects());
            if (chance.nextInt(10) == 0) {
                var kept =
                        RolloutJson.read(RolloutJson.tree(RolloutJson.write(fleet)), Fleet.class);
                assertThat(kept).as("kept over a restart").isEqualTo(fleet);
            }
            next.effects().forEach(effect -> look(before, event, effect));
            assertThat(fleet.silentClusters())
                    .extracting(SilentCluster::cluster)
                    .as("clusters that are known to be silent")
                    .isSubsetOf(silent);
            nobodyBeyondTheBudget();
            nobodyWaitsWithRoom();
            assertThat(fleet.all()).extracting(Holder::canary).doesNotHaveDuplicates();
            assertThat(next.unheard())
                    .as("taken for gone")
                    .allMatch(holder -> canary(holder).silent);
            return next.unheard();
        }

        private FleetEvent now(FleetEvent.OfRollout event) {
            return switch (event) {
                case Asked it ->
                        new Asked(
                                now,
                                it.canary(),
                                it.uid(),
                                it.step(),
                                it.claims(),
                                it.after(),
                                it.running());
                case Returned it -> new Returned(now, it.canary(), it.uid(), it.step());
                case StandingTold it -> new StandingTold(now, it.canary(), it.uid(), it.standing());
                case JoinedGroup it ->
                        new JoinedGroup(
                                now,
                                it.canary(),
                                it.uid(),
                                it.step(),
                                it.group(),
                                it.others(),
                                it.state(),
                                it.since(),
                                it.earlier());
                case LeftGroup it ->
                        new LeftGroup(now, it.canary(), it.uid(), it.step(), it.failed());
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
            boolean known =
                    before.running().stream().anyMatch(it -> it.is(holder.canary(), holder.uid()));
            assertThat(isCutOff(holder.canary()) && !known)
                    .as("begins where nothing comes from: %s", holder)
                    .isFalse();
            boolean again = event instanceof Asked asked && asked.canary().equals(granted.canary());
            int times = grants.merge(granted.uid() + " " + granted.step(), 1, Integer::sum);
            assertThat(times == 1 || again).as("granted twice").isTrue();
            var same =
                    before.line().stream()
                            .takeWhile(other -> !other.canary().equals(holder.canary()))
                            .filter(other -> other.claims().equals(holder.claims()))
                            .filter(other -> !isCutOff(other.canary()))
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

        /**
         * Nobody of a group is let through before all of it that run are ready, nor after one of it
         * failed, and nobody twice; who fails takes back all that wait for it.
         */
        private void groups(Fleet before, FleetEvent event, List<FleetEffect> effects) {
            var open =
                    effects.stream()
                            .filter(GroupOpened.class::isInstance)
                            .map(GroupOpened.class::cast)
                            .toList();
            for (var one : open) {
                var canary = canary(one.canary());
                assertThat(canary.joined).as("let through who takes part").isEqualTo(one.step());
                assertThat(takenBack).as("let through and taken back").doesNotContain(key(one));
                boolean again = event instanceof JoinedGroup it && it.canary().equals(one.canary());
                int times = opened.merge(key(one), 1, Integer::sum);
                assertThat(times == 1 || again).as("let through twice").isTrue();
                if (times > 1) {
                    continue;
                }
                assertThat(canary.state).as("ready: %s", one).isEqualTo(GroupState.READY);
                assertThat(isCutOff(one.canary())).as("let through unseen: %s", one).isFalse();
                canary.state = GroupState.OPEN;
            }
            for (var one : open) {
                if (opened.getOrDefault(key(one), 0) == 1) {
                    canary(one.canary())
                            .others
                            .forEach(other -> assertThat(isTogether(one, other)).isTrue());
                }
            }
            var taken =
                    effects.stream()
                            .filter(GroupFailed.class::isInstance)
                            .map(GroupFailed.class::cast)
                            .toList();
            for (var one : taken) {
                assertThat(opened).as("taken back and let through").doesNotContainKey(key(one));
                takenBack.add(key(one));
                canary(one.canary()).failed = true;
            }
            if (event instanceof LeftGroup left && left.failed()) {
                var who = before.together().of(left.canary()).orElse(null);
                if (who != null
                        && who.step() <= left.step()
                        && who.uid().equals(left.uid())
                        && who.failed() == null
                        && !who.isThrough()) {
                    assertThat(fleet.together().members())
                            .filteredOn(who::isWith)
                            .filteredOn(one -> one.state() != GroupState.OPEN)
                            .filteredOn(one -> !isNewer(one, who))
                            .as("taken back with %s", who)
                            .allMatch(one -> one.failed() != null);
                }
            }
        }

        private static boolean isNewer(Groups.Member one, Groups.Member failed) {
            long since = seconds(failed.since(), one.since());
            var earlier = one.earlier();
            return since > SHOWN_WITHIN.toSeconds()
                    || (earlier != null
                            && since > 0
                            && Math.abs(seconds(failed.since(), earlier))
                                    < Math.min(since, SHOWN_WITHIN.toSeconds() + 1));
        }

        private static long seconds(Instant from, Instant to) {
            return Duration.between(from, to).toSeconds();
        }

        private static String key(FleetEffect effect) {
            return effect.uid() + " " + effect.step();
        }

        /** It is let through as well, or was before, or is known to have nothing new. */
        private boolean isTogether(GroupOpened one, String other) {
            var member = fleet.together().of(other).orElse(null);
            if (member != null && member.others().contains(one.canary())) {
                return member.isThrough();
            }
            var told = all.get(other);
            return told != null
                    && !isCutOff(other)
                    && told.standing().kind() != Standing.Kind.RUNS
                    && told.standing().kind() != Standing.Kind.FAILED
                    && !told.at().plus(KNOWN).isBefore(now)
                    && !canary(one.canary()).begun.plus(SHOWN_WITHIN).isAfter(now);
        }

        private Canary canary(String name) {
            return canaries.stream().filter(it -> it.name.equals(name)).findFirst().orElseThrow();
        }

        /** Whoever waits for promotions goes on when all were made, and no sooner. */
        private void waves(Fleet before, FleetEvent event) {
            for (Holder holder : fleet.behind().waiting()) {
                assertThat(holder.awaited())
                        .as("waits for what was done: %s", holder)
                        .anyMatch(one -> !isDone(holder, one));
            }
            var awaited =
                    fleet.behind().waiting().stream()
                            .flatMap(holder -> holder.awaited().stream())
                            .map(AwaitedPromotion::canary)
                            .collect(Collectors.toSet());
            assertThat(fleet.behind().seen())
                    .extracting(Waves.Seen::canary)
                    .containsExactlyInAnyOrderElementsOf(awaited);
            standings.keySet().retainAll(awaited);
            boolean letPass = event instanceof Asked asked && asked.running();
            Stream.concat(fleet.running().stream(), fleet.line().stream())
                    .filter(holder -> !letPass || !holder.canary().equals(((Asked) event).canary()))
                    .filter(holder -> isBehind(before, holder))
                    .forEach(
                            holder ->
                                    assertThat(before.behind().waiting().size())
                                            .as("went on before its turn: %s", holder)
                                            .isPositive()
                                            .matches(_ -> passes(before, holder, event)));
        }

        private static boolean isBehind(Fleet before, Holder holder) {
            return before.behind().waiting().stream()
                    .anyMatch(
                            it ->
                                    it.is(holder.canary(), holder.uid())
                                            && it.step() == holder.step());
        }

        private boolean passes(Fleet before, Holder holder, FleetEvent event) {
            var waited =
                    before.behind().waiting().stream()
                            .filter(it -> it.is(holder.canary(), holder.uid()))
                            .findFirst()
                            .orElseThrow();
            return waited.awaited().stream()
                    .allMatch(
                            one -> {
                                var seen = before.behind().of(one.canary()).orElseThrow();
                                boolean news =
                                        event instanceof StandingTold told
                                                && told.canary().equals(one.canary());
                                var standing =
                                        news ? ((StandingTold) event).standing() : seen.standing();
                                return standing != null
                                        && !isCutOff(one.canary())
                                        && isPromoted(waited, standing, one);
                            });
        }

        private boolean isDone(Holder holder, AwaitedPromotion one) {
            var told = standings.get(one.canary());
            return told != null
                    && !isCutOff(one.canary())
                    && !told.at().plus(KNOWN).isBefore(now)
                    && isPromoted(holder, told.standing(), one);
        }

        private boolean isPromoted(Holder holder, Standing standing, AwaitedPromotion one) {
            String namespace = holder.canary().split("/", -1)[1];
            boolean says =
                    one.canary().split("/", -1)[1].equals(namespace)
                            || (standing.awaitedBy() != null
                                    && (standing.awaitedBy().contains(namespace)
                                            || standing.awaitedBy().contains("*")));
            if (!says) {
                return false;
            }
            if (one.allowance() != null
                    && standing.kind() == Standing.Kind.FAILED
                    && one.release().equals(standing.release())) {
                return true;
            }
            boolean shown = one.later() == null || !holder.since().plus(SHOWN_WITHIN).isAfter(now);
            boolean anew =
                    one.release().equals(standing.release())
                            && (standing.kind() == Standing.Kind.RUNS
                                    || standing.kind() == Standing.Kind.FAILED);
            return one.release().equals(standing.promoted())
                    && !anew
                    && shown
                    && standing.promotedAt() != null
                    && (one.later() == null || standing.promotedAt().isAfter(one.later()))
                    && !standing.promotedAt().plus(one.soak()).isAfter(now);
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
                assertThat(
                                fleet.isSilent(holder.canary())
                                        || holder.claims().stream()
                                                .anyMatch(it -> used(it.scope()) >= it.most()))
                        .as("waits with room: %s", holder)
                        .isTrue();
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
