package dev.serinus.loadtester.report;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * What a load generator found. Numbers that it did not print are absent.
 *
 * @param tool whose report it is, such as {@code hey}; empty where a script does not say
 * @param p50 milliseconds within which half of the requests were answered; so p95 and p99
 * @param requests how many were made
 * @param errors how many of them failed
 */
public record LoadReport(
        String tool,
        @Nullable Double p50,
        @Nullable Double p95,
        @Nullable Double p99,
        @Nullable Long requests,
        @Nullable Long errors) {

    /** One line for each; where one report could be of two, the first that knows it. */
    private static final List<ReportFormat> FORMATS =
            List.of(
                    new OwnLine(),
                    new K6Json(),
                    new ArtilleryJson(),
                    new GhzJson(),
                    new K6Text(),
                    new ArtilleryText(),
                    new WrkText(),
                    new GhzText(),
                    new HeyText());

    /** The last report in an output; empty when there is none. */
    public static Optional<LoadReport> in(String output) {
        return FORMATS.stream()
                .map(each -> each.last(output))
                .flatMap(Optional::stream)
                .reduce((first, other) -> other.at() > first.at() ? other : first)
                .map(ReportFormat.Placed::report);
    }
}
