import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or writes the format of every Java source of the project: {@code Format check|write ROOT}.
 */
public class Format {

    public static void main(String[] args) throws Exception {
        boolean write = args[0].equals("write");
        var formatter =
                new Formatter(
                        JavaFormatterOptions.builder()
                                .style(JavaFormatterOptions.Style.AOSP)
                                .build());
        List<String> wrong = new ArrayList<>();
        List<Path> sources;
        try (var files = Files.walk(Path.of(args[1]))) {
            sources =
                    files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.toString().contains("/target/"))
                            .sorted()
                            .toList();
        }
        for (Path source : sources) {
            String before = Files.readString(source);
            String after;
            try {
                after = formatted(formatter, before);
            } catch (Exception problem) {
                wrong.add(source + ": cannot be parsed: " + problem.getMessage());
                continue;
            }
            if (!after.equals(before)) {
                if (write) {
                    Files.writeString(source, after);
                } else {
                    wrong.add(source.toString());
                }
            }
        }
        if (!wrong.isEmpty()) {
            System.err.println("Not formatted (mvn -Pformat -N validate writes the format):");
            wrong.forEach(line -> System.err.println("  " + line));
            System.exit(1);
        }
    }

    // A string that is wrapped anew gets its final indentation only the next time round.
    private static String formatted(Formatter formatter, String source) throws Exception {
        String once =
                formatter.formatSourceAndFixImports(
                        RemoveUnusedImports.removeUnusedImports(source));
        return formatter.formatSourceAndFixImports(once);
    }
}
