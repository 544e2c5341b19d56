package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.client.utils.Serialization;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** How something is printed. Data goes to the standard output, all else to the other. */
final class Output {

    /** What {@code -o} takes. */
    enum Format {
        JSON,
        YAML,
        WIDE,
        NAME
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "json|yaml|wide|name",
            description = "What is printed: JSON and YAML are the API's.")
    private @Nullable Format format;

    boolean isWide() {
        return format == Format.WIDE;
    }

    /** True where data are printed as they are. */
    boolean isData() {
        return format == Format.JSON || format == Format.YAML;
    }

    boolean isName() {
        return format == Format.NAME;
    }

    /** Prints data as they are; false where people are to read it. */
    boolean prints(PrintWriter out, JsonNode data) {
        if (format == Format.JSON) {
            out.println(data.toPrettyString());
            return true;
        }
        if (format == Format.YAML) {
            out.print(Serialization.asYaml(data));
            return true;
        }
        return false;
    }

    /** Prints rows below a heading, in columns. */
    static void table(PrintWriter out, List<List<String>> rows) {
        int columns = rows.getFirst().size();
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            int column = i;
            widths.add(rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
        }
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).repeat(" ", widths.get(i) - row.get(i).length() + 3);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
