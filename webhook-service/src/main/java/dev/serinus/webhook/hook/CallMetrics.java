package dev.serinus.webhook.hook;

import dev.serinus.schemas.events.HookType;

import io.micrometer.core.instrument.MeterRegistry;

import java.time.Duration;
import java.util.Locale;

/** Counts and times calls as {@code serinus_webhook_call_seconds}, by type and outcome. */
public record CallMetrics(MeterRegistry registry) {

    void record(HookType type, boolean passed, Duration took) {
        registry.timer(
                        "serinus.webhook.call",
                        "type",
                        type.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        "outcome",
                        passed ? "passed" : "failed")
                .record(took);
    }
}
