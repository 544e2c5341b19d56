package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.WaitingOn;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code serinus_canary_waiting}: for each canary and each on whom or what one may wait, 1 for the
 * one it waits on now. An alert on a wait that is too long needs only this.
 */
final class WaitingCanaries {

    private final MeterRegistry registry;
    private final Map<CanaryKey, Shown> shown = new ConcurrentHashMap<>();

    private record Shown(AtomicReference<WaitingOn> now, List<Meter> meters) {}

    WaitingCanaries(MeterRegistry registry) {
        this.registry = registry;
    }

    void show(Rollout rollout) {
        shown.computeIfAbsent(rollout.canary(), this::register).now().set(rollout.waitingOn());
    }

    void hide(CanaryKey canary) {
        var known = shown.remove(canary);
        if (known != null) {
            known.meters().forEach(registry::remove);
        }
    }

    private Shown register(CanaryKey canary) {
        var now = new AtomicReference<>(WaitingOn.NOBODY);
        return new Shown(
                now,
                Arrays.stream(WaitingOn.values())
                        .filter(on -> on != WaitingOn.NOBODY)
                        .map(on -> gauge(canary, now, on))
                        .toList());
    }

    private Meter gauge(CanaryKey canary, AtomicReference<WaitingOn> now, WaitingOn on) {
        return Gauge.builder("serinus.canary.waiting", now, it -> it.get() == on ? 1 : 0)
                .description("1 for the one on whom or what the canary waits.")
                .tags(
                        Tags.of(
                                "cluster", canary.cluster(),
                                "namespace", canary.namespace(),
                                "canary", canary.name(),
                                "on", on.name().toLowerCase(Locale.ROOT)))
                .register(registry);
    }
}
