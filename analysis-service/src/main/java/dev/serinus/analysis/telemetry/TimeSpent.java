package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.WaitingOn;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * {@code serinus_rollout_spent_seconds_total}: what rollouts of each namespace have spent their
 * time on since this process began, the present wait included: {@code active}, {@code person} or
 * {@code fleet}. While a canary rests it spends none.
 */
final class TimeSpent {

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
    private record Shown(Set<CanaryKey> canaries, Map<On, Sum> sums, List<Meter> meters) {
        Sum sum(On on) {
            return Objects.requireNonNull(sums.get(on), "all of them are there");
        }
    }

    private final MeterRegistry registry;
    private final InstantSource time;
    private final Map<Namespace, Shown> shown = new HashMap<>(); // guarded by this
    private final Map<CanaryKey, Spending> current = new HashMap<>(); // guarded by this

    TimeSpent(MeterRegistry registry, InstantSource time) {
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

    private Shown register(Namespace namespace) {
        Map<On, Sum> sums = new EnumMap<>(On.class);
        List<Meter> meters = new ArrayList<>();
        for (On on : On.values()) {
            var sum = new Sum();
            sums.put(on, sum);
            meters.add(
                    FunctionCounter.builder(
                                    "serinus.rollout.spent.seconds",
                                    sum,
                                    it -> it.seconds(time.millis()))
                            .description("What rollouts spent their time on.")
                            .tags(
                                    Tags.of(
                                            "cluster", namespace.cluster(),
                                            "namespace", namespace.name(),
                                            "on", on.name().toLowerCase(Locale.ROOT)))
                            .register(registry));
        }
        return new Shown(new HashSet<>(), sums, meters);
    }
}
