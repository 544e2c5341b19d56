import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Checks or writes the format of every Java source of the project: {@code Format check|write ROOT}.
 */
public class Format {

    public static void main(String[] args) throws Exception {
        boolean write = args[0].equals("write");
        List<Path> sources;
        try (var files = Files.walk(Path.of(args[1]))) {
            sources =
                    files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.toString().contains("/target/"))
                            .sorted()
                            .toList();
        }
        List<String> wrong =
                sources.parallelStream().flatMap(it -> wrong(it, write).stream()).toList();
        if (!wrong.isEmpty()) {
            System.err.println("Not formatted (mvn -Pformat -N validate writes the format):");
            wrong.forEach(line -> System.err.println("  " + line));
            System.exit(1);
        }
    }

    // What is wrong with a source, and is still so.
    private static Optional<String> wrong(Path source, boolean write) {
        try {
            String before = Files.readString(source);
            String after;
            try {
                after = formatted(before);
            } catch (FormatterException problem) {
                return Optional.of(source + ": cannot be parsed: " + problem.getMessage());
            }
            if (after.equals(before)) {
                return Optional.empty();
            }
            if (write) {
                Files.writeString(source, after);
                return Optional.empty();
            }
            return Optional.of(source.toString());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    // A string that is wrapped anew gets its final indentation only the next time round.
    private static String formatted(String source) throws FormatterException {
        var formatter =
                new Formatter(
                        JavaFormatterOptions.builder()
                                .style(JavaFormatterOptions.Style.AOSP)
                                .build());
        String once =
                formatter.formatSourceAndFixImports(
                        RemoveUnusedImports.removeUnusedImports(source));
        return once.equals(source) ? once : formatter.formatSourceAndFixImports(once);
    }
}
