package dev.serinus.bench.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The shares that fail, by shift: one panel for each distribution and size, as SVG. */
final class Plot {

    private static final int WIDTH = 210;
    private static final int HEIGHT = 140;
    private static final int GAP = 46;
    private static final int LEFT = 60;
    private static final int TOP = 70;
    private static final List<String> COLOURS =
            List.of("#c0392b", "#6a3d9a", "#1f6fb2", "#7fb3d9", "#2e8b57", "#b8860b");

    private final List<Cell> cells;
    private final List<Integer> sizes;
    private final StringBuilder svg = new StringBuilder();

    private Plot(List<Cell> cells) {
        this.cells = cells;
        this.sizes = cells.stream().map(Cell::size).distinct().sorted().toList();
    }

    static String of(List<Cell> cells) {
        return new Plot(cells).drawn();
    }

    private String drawn() {
        int width = LEFT + sizes.size() * (WIDTH + GAP);
        int height = TOP + Distribution.values().length * (HEIGHT + GAP) + 20;
        add(
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                            + " viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">",
                        width,
                        height,
                        width,
                        height));
        add(
                String.format(
                        Locale.ROOT,
                        "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>",
                        width,
                        height));
        text(LEFT, 20, "Canaries that fail, %, by how much worse they are (standard deviations)");
        int at = LEFT;
        for (int i = 0; i < Rule.ALL.size(); i++) {
            add(
                    String.format(
                            Locale.ROOT,
                            "<line x1=\"%d\" y1=\"38\" x2=\"%d\" y2=\"38\" stroke=\"%s\""
                                    + " stroke-width=\"2\"/>",
                            at,
                            at + 24,
                            COLOURS.get(i)));
            text(at + 30, 42, Rule.ALL.get(i).name());
            at += 60 + 7 * Rule.ALL.get(i).name().length();
        }
        for (Distribution distribution : Distribution.values()) {
            for (int column = 0; column < sizes.size(); column++) {
                panel(
                        distribution,
                        sizes.get(column),
                        LEFT + column * (WIDTH + GAP),
                        TOP + distribution.number * (HEIGHT + GAP));
            }
        }
        add("</svg>");
        return svg.toString();
    }

    private void panel(Distribution distribution, int size, int left, int top) {
        List<Cell> row =
                cells.stream()
                        .filter(it -> it.distribution() == distribution && it.size() == size)
                        .toList();
        text(left, top - 5, "%s, %d values a side".formatted(distribution.title, size));
        for (int percent = 0; percent <= 100; percent += 25) {
            double y = y(top, percent / 100.0);
            add(
                    String.format(
                            Locale.ROOT,
                            "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>",
                            left,
                            y,
                            left + WIDTH,
                            y));
            text(left - 26, (int) y + 4, Integer.toString(percent));
        }
        double widest = row.getLast().shift();
        for (double tick = 0; tick <= widest; tick += 0.5) {
            text(
                    (int) (left + WIDTH * tick / widest) - 6,
                    top + HEIGHT + 14,
                    String.format(Locale.ROOT, "%.1f", tick));
        }
        for (int i = 0; i < Rule.ALL.size(); i++) {
            String rule = Rule.ALL.get(i).name();
            List<String> points = new ArrayList<>();
            for (Cell cell : row) {
                points.add(
                        String.format(
                                Locale.ROOT,
                                "%.1f,%.1f",
                                left + WIDTH * cell.shift() / widest,
                                y(top, cell.failed().getOrDefault(rule, 0.0))));
            }
            add(
                    String.format(
                            Locale.ROOT,
                            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\""
                                    + " stroke-width=\"1.8\"/>",
                            String.join(" ", points),
                            COLOURS.get(i)));
        }
    }

    private static double y(int top, double share) {
        return top + HEIGHT * (1 - share);
    }

    private void text(int x, int y, String what) {
        add(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>", x, y, what));
    }

    private void add(String line) {
        svg.append(line).append('\n');
    }
}
