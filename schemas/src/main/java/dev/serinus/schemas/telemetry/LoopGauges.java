package dev.serinus.schemas.telemetry;

import dev.serinus.schemas.runtime.RecordLoop;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** A message loop's counters as metrics {@code serinus_records_*}. */
public final class LoopGauges {

    private LoopGauges() {}

    /**
     * Registers them.
     *
     * @param service its name, such as {@code router}
     * @param records what the loop reads, as its topic is called
     */
    public static void bind(
            MeterRegistry registry, RecordLoop<?> loop, String service, String records) {
        String name = "serinus.records.";
        var tags = Tags.of("service", service, "records", records);
        FunctionCounter.builder(name + "handled", loop, l -> l.metrics().handled())
                .tags(tags)
                .description("Records handled to the end")
                .register(registry);
        FunctionCounter.builder(name + "set.aside", loop, l -> l.metrics().setAside())
                .tags(tags)
                .description("Records put on the dead-letter topic")
                .register(registry);
        Gauge.builder(name + "waiting", loop, l -> l.metrics().inFlight())
                .tags(tags)
                .description("Records read and not handled yet")
                .register(registry);
        Gauge.builder(name + "refused", loop, l -> l.isRefused() ? 1 : 0)
                .tags(tags)
                .description("1 while the account may not read in the group of these records")
                .register(registry);
    }
}
