package dev.serinus.schemas.telemetry;

import dev.serinus.schemas.runtime.RecordLoop;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** A message loop's counters as metrics {@code serinus_records_*}. */
public final class LoopGauges {

    private LoopGauges() {}

    /** Registers them with this value of the label {@code service}. */
    public static void bind(MeterRegistry registry, RecordLoop<?> loop, String service) {
        String name = "serinus.records.";
        FunctionCounter.builder(name + "handled", loop, l -> l.metrics().handled())
                .tag("service", service)
                .description("Records handled to the end")
                .register(registry);
        FunctionCounter.builder(name + "set.aside", loop, l -> l.metrics().setAside())
                .tag("service", service)
                .description("Records put on the dead-letter topic")
                .register(registry);
        Gauge.builder(name + "waiting", loop, l -> l.metrics().inFlight())
                .tag("service", service)
                .description("Records read and not handled yet")
                .register(registry);
    }
}
