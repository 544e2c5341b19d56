package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads comma-separated values one record at a time, quotes as RFC 4180 has them. */
final class CsvRecords {

    /** No query's answer has so many columns; four megabytes of commas would. */
    private static final int MOST_CELLS = 1000;

    private final String text;
    private int at;
    private boolean broken;

    CsvRecords(String text) {
        this.text = text;
    }

    /** The cells of the next record, at least one; null at the end, or where it is broken. */
    @Nullable List<String> next() {
        if (at >= text.length()) {
            return null;
        }
        List<String> cells = new ArrayList<>();
        while (true) {
            String cell = cell();
            if (cell == null || cells.size() == MOST_CELLS) {
                broken = true;
                at = text.length();
                return null;
            }
            cells.add(cell);
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
            } else {
                break;
            }
        }
        if (at < text.length() && text.charAt(at) == '\r') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '\n') {
            at++;
        }
        return cells;
    }

    /** True when it ended within quotes, has something behind them, or too many cells. */
    boolean isBroken() {
        return broken;
    }

    private @Nullable String cell() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int start = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private @Nullable String quoted() {
        var cell = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                cell.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                cell.append('"');
                at++;
            } else {
                boolean ends = at == text.length() || ",\r\n".indexOf(text.charAt(at)) >= 0;
                return ends ? cell.toString() : null;
            }
        }
        return null;
    }
}
