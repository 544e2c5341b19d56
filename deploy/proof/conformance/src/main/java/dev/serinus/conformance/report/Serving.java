package dev.serinus.conformance.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Rules about who serves, for each moment. */
sealed interface Serving extends ReportRule {

    TimeRange span();

    /** How many seconds it may be otherwise. */
    double grace();

    /** What is wrong at a moment, if anything. */
    Optional<String> wrong(PlayedReport played, TrafficAt moment);

    /** Moments that may be judged at all. */
    default boolean counts(PlayedReport played, TrafficAt moment) {
        return true;
    }

    @Override
    default List<String> wrong(PlayedReport played) {
        Optional<Double> begin = span().begin(played);
        if (begin.isEmpty()) {
            return List.of(span().neverBegan());
        }
        double end = span().end(played, begin.get());
        return spells(
                played.during(begin.get(), end).stream()
                        .dropWhile(moment -> !counts(played, moment))
                        .toList(),
                Math.min(end, played.end()),
                moment -> wrong(played, moment));
    }

    /** Spells of trouble longer than the grace, each with what was wrong at its beginning. */
    private List<String> spells(
            List<TrafficAt> moments, double end, Function<TrafficAt, Optional<String>> trouble) {
        List<String> found = new ArrayList<>();
        Optional<String> first = Optional.empty();
        double since = 0;
        for (TrafficAt moment : moments) {
            Optional<String> now = trouble.apply(moment);
            if (now.isPresent() && first.isEmpty()) {
                first = now;
                since = moment.at();
            } else if (now.isEmpty() && first.isPresent()) {
                tell(found, first.get(), since, moment.at());
                first = Optional.empty();
            }
        }
        if (first.isPresent()) {
            tell(found, first.get(), since, end);
        }
        return found;
    }

    private void tell(List<String> found, String what, double since, double until) {
        if (until - since > grace()) {
            found.add(
                    String.format(
                            Locale.ROOT, "at %.1f s for %.1f s: %s", since, until - since, what));
        }
    }

    /**
     * Once all that users come by was served, it is: each backend with a share, and the Service by
     * which they call each Canary, has ready pods.
     */
    record Served(TimeRange span, double grace) implements Serving {

        @Override
        public boolean counts(PlayedReport played, TrafficAt moment) {
            return wrong(played, moment).isEmpty();
        }

        @Override
        public Optional<String> wrong(PlayedReport played, TrafficAt moment) {
            for (String apex : played.canaries()) {
                if (moment.backends().stream()
                        .noneMatch(it -> it.way().equals(Traffic.SERVICES + apex))) {
                    return Optional.of("there is no Service " + apex);
                }
            }
            return moment.used(played.canaries()).stream()
                    .filter(Backend::isDown)
                    .map(Backend::toString)
                    .findFirst();
        }
    }

    /** Routes send at most this share to this Service. */
    record Share(String service, double percent, TimeRange span, double grace) implements Serving {

        @Override
        public Optional<String> wrong(PlayedReport played, TrafficAt moment) {
            return routed(moment, service)
                    .filter(it -> it.percent() > percent)
                    .map(Backend::toString);
        }
    }

    /** All pods of this Service belong to this workload, and there are some. */
    record Selects(String service, String owner, TimeRange span, double grace) implements Serving {

        @Override
        public Optional<String> wrong(PlayedReport played, TrafficAt moment) {
            Optional<Backend> own =
                    moment.backends().stream()
                            .filter(it -> it.way().equals(Traffic.SERVICES + service))
                            .findFirst();
            if (own.isEmpty()) {
                return Optional.of("there is no Service " + service);
            }
            return own.filter(it -> !it.owners().equals(Set.of(owner))).map(Backend::toString);
        }
    }

    /** When it has this share, a Service has so many ready pods. */
    record Pods(String service, double percent, int atLeast, TimeRange span) implements Serving {

        @Override
        public double grace() {
            return 0;
        }

        @Override
        public Optional<String> wrong(PlayedReport played, TrafficAt moment) {
            return routed(moment, service)
                    .filter(it -> it.percent() >= percent && it.ready() < atLeast)
                    .map(Backend::toString);
        }
    }

    /** No Service selects pods of another Canary, or of two workloads at once. */
    record Apart(TimeRange span) implements Serving {

        @Override
        public double grace() {
            return 0;
        }

        @Override
        public Optional<String> wrong(PlayedReport played, TrafficAt moment) {
            return moment.backends().stream()
                    .filter(it -> it.way().startsWith(Traffic.SERVICES))
                    .filter(it -> it.owners().size() > 1 || isStrange(played, it))
                    .map(Backend::toString)
                    .findFirst();
        }

        private static boolean isStrange(PlayedReport played, Backend backend) {
            return played.canaries().stream()
                    .filter(
                            canary ->
                                    backend.service().equals(canary)
                                            || backend.service().startsWith(canary + "-"))
                    .anyMatch(
                            canary ->
                                    !List.of(canary, canary + "-primary")
                                            .containsAll(backend.owners()));
        }
    }

    private static Optional<Backend> routed(TrafficAt moment, String service) {
        return moment.backends().stream()
                .filter(it -> !it.way().startsWith(Traffic.SERVICES))
                .filter(it -> it.service().equals(service))
                .max(Comparator.comparingDouble(Backend::percent));
    }
}
