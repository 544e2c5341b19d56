package dev.serinus.conformance.report;

import java.util.List;

/**
 * Where users come and who serves them, until the next moment.
 *
 * @param at seconds from the scenario's first step
 * @param backends of every route and every Service there is
 */
record TrafficAt(double at, List<Backend> backends) {
    TrafficAt {
        backends = List.copyOf(backends);
    }

    /** What serves users of these Services: routes, and the Services when called by their names. */
    List<Backend> used(List<String> apexes) {
        return backends.stream()
                .filter(
                        it ->
                                !it.way().startsWith(Traffic.SERVICES)
                                        || apexes.contains(it.service()))
                .toList();
    }
}
