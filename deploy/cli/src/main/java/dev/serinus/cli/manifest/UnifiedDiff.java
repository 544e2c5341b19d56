package dev.serinus.cli.manifest;

import java.util.ArrayList;
import java.util.List;

/** Two texts beside each other, line by line, as {@code diff -u} prints them. */
final class UnifiedDiff {

    /** So many lines that are the same stand around those that differ. */
    private static final int CONTEXT = 3;

    /** What is longer is told whole: the table of a comparison grows with both. */
    private static final long MOST_CELLS = 25_000_000;

    private UnifiedDiff() {}

    /** One line, and whether it is in both texts (' '), in the first alone ('-') or the second. */
    private record Line(char side, String text) {}

    /**
     * The lines of the difference, hunk by hunk; none where both are the same.
     *
     * @param before lines of the first text
     * @param after lines of the second
     */
    static List<String> of(List<String> before, List<String> after) {
        return before.equals(after) ? List.of() : hunks(lines(before, after));
    }

    private static List<Line> lines(List<String> before, List<String> after) {
        int start = 0;
        while (start < Math.min(before.size(), after.size())
                && before.get(start).equals(after.get(start))) {
            start++;
        }
        int end = 0;
        while (end < Math.min(before.size(), after.size()) - start
                && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
            end++;
        }
        List<Line> all = new ArrayList<>();
        before.subList(0, start).forEach(text -> all.add(new Line(' ', text)));
        all.addAll(
                between(
                        before.subList(start, before.size() - end),
                        after.subList(start, after.size() - end)));
        before.subList(before.size() - end, before.size())
                .forEach(text -> all.add(new Line(' ', text)));
        return all;
    }

    /** By the longest common subsequence. */
    private static List<Line> between(List<String> before, List<String> after) {
        List<Line> all = new ArrayList<>();
        if ((before.size() + 1L) * (after.size() + 1L) > MOST_CELLS) {
            before.forEach(text -> all.add(new Line('-', text)));
            after.forEach(text -> all.add(new Line('+', text)));
            return all;
        }
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] =
                        before.get(i).equals(after.get(j))
                                ? common[i + 1][j + 1] + 1
                                : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            boolean both = i < before.size() && j < after.size();
            if (both && before.get(i).equals(after.get(j))) {
                all.add(new Line(' ', before.get(i++)));
                j++;
            } else if (j == after.size() || (both && common[i + 1][j] >= common[i][j + 1])) {
                all.add(new Line('-', before.get(i++)));
            } else {
                all.add(new Line('+', after.get(j++)));
            }
        }
        return all;
    }

    private static List<String> hunks(List<Line> lines) {
        List<String> text = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            int first = next(lines, at);
            if (first == lines.size()) {
                break;
            }
            int from = Math.max(at, first - CONTEXT);
            int last = first;
            for (int i = first; i < lines.size() && i - last <= 2 * CONTEXT; i++) {
                if (lines.get(i).side() != ' ') {
                    last = i;
                }
            }
            int to = Math.min(lines.size(), last + CONTEXT + 1);
            text.add(
                    "@@ -%s +%s @@"
                            .formatted(range(lines, from, to, '+'), range(lines, from, to, '-')));
            lines.subList(from, to).forEach(line -> text.add(line.side() + line.text()));
            at = to;
        }
        return text;
    }

    private static int next(List<Line> lines, int from) {
        int at = from;
        while (at < lines.size() && lines.get(at).side() == ' ') {
            at++;
        }
        return at;
    }

    /** Where a hunk begins in one of the texts, and how many of its lines it has. */
    private static String range(List<Line> lines, int from, int to, char other) {
        long before = lines.subList(0, from).stream().filter(it -> it.side() != other).count();
        long count = lines.subList(from, to).stream().filter(it -> it.side() != other).count();
        return "%d,%d".formatted(count == 0 ? before : before + 1, count);
    }
}
