package dev.serinus.loadtester;

import dev.serinus.loadtester.command.Run;

import io.micrometer.core.instrument.MeterRegistry;

import java.util.Locale;

/** Counts and times commands as {@code serinus_loadtester_run_seconds}, by type and outcome. */
record RunMetrics(MeterRegistry registry) {

    void record(Run run) {
        run.ended()
                .ifPresent(
                        how ->
                                registry.timer(
                                                "serinus.loadtester.run",
                                                "type",
                                                run.command().type().title(),
                                                "outcome",
                                                how.outcome()
                                                        .name()
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', '-'))
                                        .record(how.took()));
    }
}
