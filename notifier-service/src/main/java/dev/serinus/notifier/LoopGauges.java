package dev.serinus.notifier;

import dev.serinus.schemas.runtime.RecordLoop;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The message loop's counters as metrics {@code serinus_records_*}. */
final class LoopGauges {

    private LoopGauges() {}

    static void bind(MeterRegistry registry, RecordLoop<?> loop) {
        String name = "serinus.records.";
        FunctionCounter.builder(name + "handled", loop, l -> l.metrics().handled())
                .tag("service", NotifierService.GROUP)
                .description("Records handled to the end")
                .register(registry);
        FunctionCounter.builder(name + "set.aside", loop, l -> l.metrics().setAside())
                .tag("service", NotifierService.GROUP)
                .description("Records put on the dead-letter topic")
                .register(registry);
        Gauge.builder(name + "waiting", loop, l -> l.metrics().inFlight())
                .tag("service", NotifierService.GROUP)
                .description("Records read and not handled yet")
                .register(registry);
    }
}
