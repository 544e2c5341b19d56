package dev.serinus.conformance.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serinus.conformance.report.Reports;
import dev.serinus.conformance.scenario.Library;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What people met in practice, played beside each other on a real API server: what has to be so is
 * so. The short ones are played unless told otherwise; {@code -Dconformance.reports=all}, or names
 * with commas between them, plays as many as wanted, all of them in about five minutes.
 */
@OnTestBed
@Tag("long")
class ReportsIT {

    private static final List<String> SHORT =
            List.of(
                    "bluegreen-gate-closed",
                    "deleted-slow-target",
                    "port-names-clash",
                    "recreated-after-a-failure",
                    "selector-of-two-labels-daemonset");

    /** Of the short ones, so that all of them take less than a minute. */
    private static final int FAST = 5;

    @Test
    void whatHasToBeSoIsSo(TestBed bed) throws Exception {
        // Given
        assumeTrue(Shell.kubectl().isPresent(), "reports are told with kubectl: install it");
        var library = Library.here();
        List<String> names = wanted(library);
        try (var stage =
                RealStage.withPods(
                        library,
                        bed.controlPlane(),
                        names.size(),
                        names.equals(SHORT) ? FAST : 1)) {
            // When
            Map<String, List<String>> wrong = new TreeMap<>();
            for (var outcome : Reports.play(library, stage, names, _ -> {})) {
                if (!outcome.wrong().isEmpty()) {
                    wrong.put(outcome.name(), outcome.wrong());
                }
            }
            // Then
            assertThat(wrong).isEmpty();
        }
    }

    private static List<String> wanted(Library library) {
        String asked = System.getProperty("conformance.reports", "");
        if (asked.isEmpty()) {
            return SHORT;
        }
        return asked.equals("all") ? library.reports() : library.reports(List.of(asked.split(",")));
    }
}
