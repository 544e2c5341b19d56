package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The annotated CSV in which InfluxDB answers Flux, as far as its first rows need it; all of it is
 * looked through for an error.
 */
final class FluxTable {

    private static final DateTimeFormatter GO_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /** What the answer is. */
    sealed interface Result {
        /** Tables without rows, or none. */
        record Empty() implements Result {}

        /**
         * There are rows.
         *
         * @param rows the first ones, at least one
         * @param tables how many tables have rows
         * @param more whether there are others
         */
        record Rows(List<Row> rows, int tables, boolean more) implements Result {
            public Rows {
                rows = List.copyOf(rows);
            }
        }

        /** The query failed while its answer was under way. */
        record Failed(String because) implements Result {}

        /** This is no annotated CSV. */
        record Unreadable() implements Result {}
    }

    /** A row by the names of its columns; a cell without a value is null. */
    record Row(Map<String, @Nullable String> cells, Map<String, String> types) {

        @Nullable String value() {
            return cells.get("_value");
        }

        String valueType() {
            return types.getOrDefault("_value", "");
        }

        /** When it was measured; null when it does not say. */
        @Nullable Instant time() {
            for (String column : List.of("_time", "_stop")) {
                String written = cells.get(column);
                if (written != null) {
                    try {
                        return SampleTime.within(Instant.parse(written));
                    } catch (DateTimeParseException _) {
                        return null;
                    }
                }
            }
            return null;
        }

        /** As Flagger shows a record. */
        String shown() {
            List<String> all = new ArrayList<>();
            cells.forEach((name, value) -> all.add(name + ":" + shown(name, value)));
            return String.join(",", all);
        }

        private String shown(String column, @Nullable String value) {
            if (value == null) {
                return "<nil>";
            }
            if (types.getOrDefault(column, "").startsWith("dateTime")) {
                try {
                    return LocalDateTime.ofInstant(Instant.parse(value), ZoneOffset.UTC)
                                    .format(GO_TIME)
                            + " +0000 UTC";
                } catch (DateTimeException _) {
                    return value;
                }
            }
            return value;
        }
    }

    private List<String> types = List.of();
    private List<String> defaults = List.of();
    private List<String> header = List.of();
    private final int most;
    private final List<Row> rows = new ArrayList<>();
    private final Set<String> tables = new HashSet<>();
    private int block;
    private boolean more;

    private FluxTable(int most) {
        this.most = most;
    }

    /**
     * Reads it.
     *
     * @param most of so many rows there is more than that they are there
     */
    static Result read(String csv, int most) {
        var reading = new FluxTable(most);
        var records = new CsvRecords(csv);
        for (var cells = records.next(); cells != null; cells = records.next()) {
            var end = reading.take(cells);
            if (end != null) {
                return end;
            }
        }
        if (records.isBroken() || csv.isEmpty()) {
            return new Result.Unreadable();
        }
        return reading.rows.isEmpty()
                ? new Result.Empty()
                : new Result.Rows(reading.rows, reading.tables.size(), reading.more);
    }

    /** Takes a record; something once it is known what the answer is. */
    private @Nullable Result take(List<String> cells) {
        if (cells.size() == 1 && cells.getFirst().isEmpty()) {
            types = List.of();
            defaults = List.of();
            header = List.of();
            return null;
        }
        String mark = cells.getFirst();
        if (mark.startsWith("#")) {
            header = List.of();
            if (mark.equals("#datatype")) {
                types = cells;
                block++;
            } else if (mark.equals("#default")) {
                defaults = cells;
            }
            return null;
        }
        if (types.isEmpty() || cells.size() != types.size()) {
            return new Result.Unreadable();
        }
        if (header.isEmpty()) {
            header = cells;
            return null;
        }
        return row(cells);
    }

    private @Nullable Result row(List<String> cells) {
        if (rows.size() >= most && !header.contains("error")) {
            tables.add(table(cells));
            more = true;
            return null;
        }
        Map<String, @Nullable String> byName = new TreeMap<>();
        Map<String, String> typeOf = new TreeMap<>();
        for (int i = 1; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (cell.isEmpty() && i < defaults.size()) {
                cell = defaults.get(i);
            }
            boolean none = cell.isEmpty() && !types.get(i).equals("string");
            byName.put(header.get(i), none ? null : cell);
            typeOf.put(header.get(i), types.get(i));
        }
        if (byName.containsKey("error") && !byName.containsKey("_value")) {
            return new Result.Failed(String.valueOf(byName.get("error")));
        }
        if (rows.size() < most) {
            rows.add(new Row(byName, typeOf));
            tables.add(table(cells));
        }
        return null;
    }

    /** Of which table a row is. */
    private String table(List<String> cells) {
        int column = header.indexOf("table");
        if (column < 0) {
            return block + " ";
        }
        boolean given = !cells.get(column).isEmpty() || column >= defaults.size();
        return block + " " + (given ? cells : defaults).get(column);
    }
}
