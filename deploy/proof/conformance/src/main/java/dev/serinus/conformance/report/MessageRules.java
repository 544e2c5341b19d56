package dev.serinus.conformance.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules about what is said: by the scenario's scripts, to its people and to its hooks. */
sealed interface MessageRules extends ReportRule {

    /** A hook is called so often. */
    record Hook(String path, int atLeast, TimeRange span) implements MessageRules {

        @Override
        public List<String> wrong(PlayedReport played) {
            Optional<Double> begin = span.begin(played);
            if (begin.isEmpty()) {
                return List.of(span.neverBegan());
            }
            double end = span.end(played, begin.get());
            long calls =
                    played.calls(path).stream()
                            .filter(it -> it.at() >= begin.get() && it.at() <= end)
                            .count();
            return calls >= atLeast
                    ? List.of()
                    : List.of("%s is called %d times, not %d".formatted(path, calls, atLeast));
        }
    }

    /** An event or the status says this, and no more events than so many do. */
    record Told(Pattern pattern, int atMost, TimeRange span) implements MessageRules {

        @Override
        public List<String> wrong(PlayedReport played) {
            Optional<Double> begin = span.begin(played);
            if (begin.isEmpty()) {
                return List.of(span.neverBegan());
            }
            double end = span.end(played, begin.get());
            List<String> events = matching(played.events(), begin.get(), end);
            if (events.size() > atMost) {
                return List.of(
                        "%d events say %s, not %d: %s"
                                .formatted(events.size(), pattern, atMost, events.getFirst()));
            }
            var statuses = matching(played.statuses(Optional.empty()), begin.get(), end);
            return Stream.concat(events.stream(), statuses.stream()).findAny().isPresent()
                    ? List.of()
                    : List.of("no event and no status says " + pattern);
        }

        private List<String> matching(List<PlayedReport.Timed> all, double begin, double end) {
            return all.stream()
                    .filter(it -> it.at() >= begin && it.at() <= end)
                    .map(it -> PlayedReport.text(it.what()))
                    .filter(text -> pattern.matcher(text).find())
                    .toList();
        }
    }

    /** A script says all of these and none of those. */
    record Said(String label, List<Pattern> matches, List<Pattern> not) implements MessageRules {

        @Override
        public List<String> wrong(PlayedReport played) {
            Optional<String> said = played.said(label);
            if (said.isEmpty()) {
                return List.of("'%s' said nothing".formatted(label));
            }
            List<String> wrong = new ArrayList<>();
            matches.stream()
                    .filter(pattern -> !pattern.matcher(said.get()).find())
                    .forEach(it -> wrong.add("'%s' does not say %s".formatted(label, it)));
            not.stream()
                    .filter(pattern -> pattern.matcher(said.get()).find())
                    .forEach(it -> wrong.add("'%s' says %s".formatted(label, it)));
            return wrong;
        }
    }

    /** What the first group finds in each of these scripts' words is found in no other. */
    record Differ(Pattern pattern, List<String> labels) implements MessageRules {

        @Override
        public List<String> wrong(PlayedReport played) {
            Set<String> seen = new HashSet<>();
            List<String> wrong = new ArrayList<>();
            for (String label : labels) {
                Matcher found = pattern.matcher(played.said(label).orElse(""));
                if (!found.find()) {
                    wrong.add("'%s' does not say %s".formatted(label, pattern));
                } else if (!seen.add(found.group(1))) {
                    wrong.add("'%s' says %s again".formatted(label, found.group(1)));
                }
            }
            return wrong;
        }
    }
}
