package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.WaitingOn;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code serinus_rollout_spent_seconds_total}: what rollouts of each namespace have spent their
 * time on since this process began, the present wait included: {@code active}, {@code person} or
 * {@code fleet}; while a canary rests it spends none. And {@code serinus_rollout_duration_seconds},
 * how long runs took, by how they ended. The series of a namespace are there, with zero, from its
 * first canary on, so that an increase sees the first release, and go with its last.
 */
final class RolloutTimes {

    /** What people tell apart: who could have made it faster. */
    private enum On {
        ACTIVE,
        PERSON,
        FLEET;

        static @Nullable On of(WaitingOn waiting) {
            return switch (waiting) {
                case NOBODY -> null;
                case PERSON -> PERSON;
                case FLEET -> FLEET;
                case PODS, TIME, ANSWER -> ACTIVE;
            };
        }
    }

    private record Namespace(String cluster, String name) {}

    private record Spending(On on, long since) {}

    /** Of one namespace and kind: what is over, and what goes on. All in milliseconds. */
    private static final class Sum {
        private long over;
        private long going;
        private long beginnings;
        private long told;
        private @Nullable Meter meter;

        /** Never less than before, also where a clock is set back. */
        synchronized double seconds(long now) {
            told = Math.max(told, over + going * now - beginnings);
            return told / 1000.0;
        }

        synchronized void begin(long now) {
            going++;
            beginnings += now;
        }

        synchronized void end(long since, long now) {
            going--;
            beginnings -= since;
            over += Math.max(0, now - since);
        }
    }

    /** A namespace and its canaries that this process decides for. */
    private record Shown(Set<CanaryKey> canaries, Map<On, Sum> sums, Timer promoted, Timer failed) {

        Sum sum(On on) {
            return Objects.requireNonNull(sums.get(on), "all of them are there");
        }

        Stream<Meter> meters() {
            return Stream.concat(
                    sums.values().stream().map(sum -> Objects.requireNonNull(sum.meter)),
                    Stream.of(promoted, failed));
        }
    }

    private final MeterRegistry registry;
    private final InstantSource time;
    private final Map<Namespace, Shown> shown = new HashMap<>(); // guarded by this
    private final Map<CanaryKey, Spending> current = new HashMap<>(); // guarded by this

    RolloutTimes(MeterRegistry registry, InstantSource time) {
        this.registry = registry;
        this.time = time;
    }

    /** A canary of this process, as it is now. */
    synchronized void show(Rollout rollout) {
        CanaryKey canary = rollout.canary();
        Shown known = shown.computeIfAbsent(namespace(canary), this::register);
        known.canaries().add(canary);
        spend(canary, known, On.of(rollout.waitingOn()));
    }

    /** A canary that is gone, or decided for elsewhere. The series go with a namespace's last. */
    synchronized void hide(CanaryKey canary) {
        Shown known = shown.get(namespace(canary));
        if (known != null && known.canaries().remove(canary)) {
            spend(canary, known, null);
            if (known.canaries().isEmpty()) {
                shown.remove(namespace(canary));
                known.meters().forEach(registry::remove);
            }
        }
    }

    private void spend(CanaryKey canary, Shown known, @Nullable On on) {
        var before = current.get(canary);
        if (before == null ? on == null : before.on() == on) {
            return;
        }
        long now = time.millis();
        if (before != null) {
            current.remove(canary);
            known.sum(before.on()).end(before.since(), now);
        }
        if (on != null) {
            current.put(canary, new Spending(on, now));
            known.sum(on).begin(now);
        }
    }

    private static Namespace namespace(CanaryKey canary) {
        return new Namespace(canary.cluster(), canary.namespace());
    }

    /** A run came to its end; it took as long as it did, whatever it waited for. */
    synchronized void ended(Rollout rollout) {
        Instant began = rollout.run().startedAt();
        Shown known = shown.get(namespace(rollout.canary()));
        if (began != null && known != null) {
            (rollout.shown() == Phase.SUCCEEDED ? known.promoted() : known.failed())
                    .record(Duration.between(began, rollout.at()));
        }
    }

    private Shown register(Namespace namespace) {
        var tags = Tags.of("cluster", namespace.cluster(), "namespace", namespace.name());
        Map<On, Sum> sums = new EnumMap<>(On.class);
        for (On on : On.values()) {
            var sum = new Sum();
            sum.meter =
                    FunctionCounter.builder(
                                    "serinus.rollout.spent.seconds",
                                    sum,
                                    it -> it.seconds(time.millis()))
                            .description("What rollouts spent their time on.")
                            .tags(tags.and("on", on.name().toLowerCase(Locale.ROOT)))
                            .register(registry);
            sums.put(on, sum);
        }
        return new Shown(
                new HashSet<>(), sums, duration(tags, "promoted"), duration(tags, "failed"));
    }

    private Timer duration(Tags tags, String outcome) {
        return Timer.builder("serinus.rollout.duration")
                .description("From the start of a run to its end.")
                .tags(tags.and("outcome", outcome))
                .serviceLevelObjectives(
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(15),
                        Duration.ofHours(1),
                        Duration.ofHours(4),
                        Duration.ofDays(1))
                .register(registry);
    }
}
