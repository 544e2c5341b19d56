package dev.serinus.analysis.rules;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.hook.Point;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One entry of {@code freezes} in a fleet file. */
final class FreezeReader {

    private static final Map<String, Point> WHAT = what();

    /** Longer than a year is a mistake. */
    private static final Duration LONGEST_PERIOD = Duration.ofDays(366);

    private static final Duration LONGEST = Duration.ofDays(31);
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    /** Whoever reads it reads it in a sentence of the status. */
    private static final int LONGEST_REASON = 200;

    /** Any: what goes on for ever does so from each moment on. */
    private static final Instant SOME_TIME = Instant.parse("2024-01-01T00:00:00Z");

    private final FleetFile file;
    private final Map<?, ?> map;
    private final String path;

    FreezeReader(FleetFile file, Map<?, ?> map, String path) {
        this.file = file;
        this.map = map;
        this.path = path;
    }

    private static Map<String, Point> what() {
        Map<String, Point> words = new LinkedHashMap<>();
        words.put("starts", Point.START);
        words.put("advances", Point.ADVANCE);
        words.put("promotions", Point.PROMOTE);
        return words;
    }

    /** What is written; empty where mistakes leave nothing that could be in force. */
    Optional<ScheduledFreeze> read(Set<String> names) {
        file.known(
                map,
                path + ".",
                Set.of(
                        "name",
                        "scope",
                        "cron",
                        "for",
                        "from",
                        "to",
                        "zone",
                        "what",
                        "reason",
                        "passByAnnotation"));
        String name = file.name(map, path, names);
        Scope scope = file.scope(map, path);
        List<Point> holds = holds();
        String reason = reason();
        boolean byAnnotation = byAnnotation();
        return calendar(zone())
                .map(
                        calendar ->
                                new ScheduledFreeze(
                                        name, scope, calendar, holds, reason, byAnnotation));
    }

    private Optional<Calendar> calendar(ZoneId zone) {
        boolean recurs = map.containsKey("cron") || map.containsKey("for");
        boolean once = map.containsKey("from") || map.containsKey("to");
        if (recurs == once) {
            file.wrong(path + " needs either cron and for, or from and to");
            return Optional.empty();
        }
        return recurs ? recurring(zone) : once(zone);
    }

    private Optional<Calendar> recurring(ZoneId zone) {
        var cron = cron();
        var lasts = lasts();
        if (cron.isEmpty() || lasts.isEmpty()) {
            return Optional.empty();
        }
        var calendar = new Recurring(cron.get(), lasts.get(), zone);
        if (calendar.isEndless(SOME_TIME)) {
            file.wrong(
                    path
                            + ".for is so long that it begins again before it is over, for months"
                            + " or for ever: say a shorter one, or let cron begin more rarely");
        }
        return Optional.of(calendar);
    }

    private Optional<Cron> cron() {
        try {
            if (map.get("cron") instanceof String written) {
                var cron = Cron.of(written);
                if (cron.next(LocalDateTime.ofInstant(SOME_TIME, ZoneOffset.UTC)).isEmpty()) {
                    file.wrong("%s.cron never begins: %s".formatted(path, written));
                }
                return Optional.of(cron);
            }
            file.wrong("%s.cron must be a text such as \"0 18 * * FRI\"".formatted(path));
        } catch (IllegalArgumentException unreadable) {
            file.wrong("%s.cron: %s".formatted(path, unreadable.getMessage()));
        }
        return Optional.empty();
    }

    private Optional<Duration> lasts() {
        var lasts =
                map.get("for") instanceof String written
                        ? Durations.parse(written)
                        : Optional.<Duration>empty();
        if (lasts.isEmpty()
                || lasts.get().compareTo(SHORTEST) < 0
                || lasts.get().compareTo(LONGEST) > 0) {
            file.wrong(
                    "%s.for must be a duration such as 62h, from %s to %s, and is %s"
                            .formatted(
                                    path,
                                    Durations.print(SHORTEST),
                                    Durations.print(LONGEST),
                                    map.get("for")));
            return Optional.empty();
        }
        return lasts;
    }

    private Optional<Calendar> once(ZoneId zone) {
        var from = time("from");
        var to = time("to");
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        if (!from.get().isBefore(to.get())) {
            file.wrong("%s.to must be after from".formatted(path));
        } else if (Duration.between(from.get(), to.get()).compareTo(LONGEST_PERIOD) > 0) {
            file.wrong("%s.to must be within a year after from".formatted(path));
        }
        return Optional.of(new Once(from.get(), to.get(), zone));
    }

    private Optional<LocalDateTime> time(String field) {
        try {
            if (map.get(field) instanceof String written) {
                return Optional.of(LocalDateTime.parse(written));
            }
        } catch (DateTimeException unreadable) {
            // Said below, as for what is no text.
        }
        file.wrong(
                "%s.%s must be a time such as 2026-12-20T00:00, which counts in zone, and is %s"
                        .formatted(path, field, map.get(field)));
        return Optional.empty();
    }

    private ZoneId zone() {
        Object written = map.containsKey("zone") ? map.get("zone") : "UTC";
        if (written instanceof String name
                && (name.equals("UTC") || ZoneId.getAvailableZoneIds().contains(name))) {
            return ZoneId.of(name);
        }
        file.wrong(
                "%s.zone must be a name of the time zone database such as Europe/Berlin, and is %s"
                        .formatted(path, written));
        return ZoneOffset.UTC;
    }

    private List<Point> holds() {
        if (!map.containsKey("what")) {
            return List.copyOf(WHAT.values());
        }
        List<Point> points = new ArrayList<>();
        if (map.get("what") instanceof List<?> list && !list.isEmpty()) {
            for (Object each : list) {
                var point = each instanceof String word ? WHAT.get(word) : null;
                if (point != null) {
                    points.add(point);
                } else {
                    file.wrong(
                            "%s.what has %s, and knows %s"
                                    .formatted(path, each, String.join(", ", WHAT.keySet())));
                }
            }
        } else {
            file.wrong(
                    "%s.what must be a list of %s"
                            .formatted(path, String.join(", ", WHAT.keySet())));
        }
        return points.stream().distinct().sorted().toList();
    }

    private boolean byAnnotation() {
        Object written = map.containsKey("passByAnnotation") ? map.get("passByAnnotation") : false;
        if (written instanceof Boolean allowed) {
            return allowed;
        }
        file.wrong("%s.passByAnnotation must be true or false".formatted(path));
        return false;
    }

    private String reason() {
        Object written = map.containsKey("reason") ? map.get("reason") : "";
        if (written instanceof String reason && reason.strip().length() <= LONGEST_REASON) {
            return reason.strip();
        }
        file.wrong("%s.reason must be a text of at most %d".formatted(path, LONGEST_REASON));
        return "";
    }
}
