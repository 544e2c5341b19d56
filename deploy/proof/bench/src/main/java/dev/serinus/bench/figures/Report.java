package dev.serinus.bench.figures;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All figures of one run: a table for people, JSON for whoever compares runs. */
public final class Report {

    private final Map<String, Object> conditions;
    private final List<Figure> figures = new ArrayList<>();

    /** {@code conditions} say under which the figures were taken. */
    public Report(Map<String, Object> conditions) {
        this.conditions = new LinkedHashMap<>(conditions);
    }

    public void add(List<Figure> more) {
        figures.addAll(more);
    }

    public List<Figure> figures() {
        return List.copyOf(figures);
    }

    /** Plain text, one figure to a line. */
    public String table() {
        var text = new StringBuilder();
        conditions.forEach((name, value) -> text.append("%-10s %s%n".formatted(name, value)));
        int width = figures.stream().mapToInt(each -> each.name().length()).max().orElse(0);
        String section = "";
        for (Figure each : figures) {
            if (!each.section().equals(section)) {
                section = each.section();
                text.append("%n%s%n".formatted(section));
            }
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %-" + width + "s %10.2f %-14s n=%d%s%n",
                            each.name(),
                            each.value(),
                            each.unit(),
                            each.samples(),
                            beside(each.beside())));
        }
        return text.toString();
    }

    private static String beside(Figure.@Nullable Comparison other) {
        return other == null
                ? ""
                : "  (Flagger %s; goal %s)".formatted(other.flagger(), other.goal());
    }

    /** The same as JSON: {@code conditions}, and a list of {@code figures}. */
    public void write(Path file) throws IOException {
        var json = new LinkedHashMap<String, Object>();
        json.put("conditions", conditions);
        json.put("figures", figures);
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(file.toFile(), json);
    }
}
