package dev.serinus.loadtester;

import dev.serinus.loadtester.task.Run;

import io.micrometer.core.instrument.MeterRegistry;

import java.util.Locale;

/** Counts and times tests as {@code serinus_loadtester_run_seconds}, by type and outcome. */
record RunMetrics(MeterRegistry registry) {

    void record(Run run) {
        run.ended()
                .ifPresent(
                        how ->
                                registry.timer(
                                                "serinus.loadtester.run",
                                                "type",
                                                run.task().type().title(),
                                                "outcome",
                                                how.outcome()
                                                        .name()
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', '-'))
                                        .record(how.took()));
    }
}
