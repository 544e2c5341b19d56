package dev.serinus.cli.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pages of the user's guide, as tests read them. */
final class Guide {

    /** Of a checkout, as seen from this module. */
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    static final Path FOLDER = ROOT.resolve("deploy/guide");

    private static final Pattern BLOCK =
            Pattern.compile("^```([^\n`]*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private Guide() {}

    /**
     * A block of code on a page.
     *
     * @param info what stands behind the fence, such as {@code yaml spec}
     * @param line of the fence
     */
    record Block(String page, int line, String info, String text) {

        boolean isYaml() {
            return info.equals("yaml") || info.startsWith("yaml ");
        }

        /** Where a part of a manifest belongs; empty for whole manifests. */
        String place() {
            return info.substring("yaml".length()).strip();
        }

        @Override
        public String toString() {
            return "%s:%d (%s)".formatted(page, line, info);
        }
    }

    /** One row of a table, each cell as it is written. */
    record Row(List<String> cells) {

        /** What is written as code in a cell. */
        List<String> code(int cell) {
            return QUOTED.matcher(cells.get(cell)).results().map(found -> found.group(1)).toList();
        }
    }

    /** Names of all pages. */
    static List<String> pages() {
        try (Stream<Path> all = Files.list(FOLDER)) {
            return all.map(page -> page.getFileName().toString())
                    .filter(name -> name.endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static String page(String name) {
        return read(FOLDER.resolve(name));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static List<Block> blocks() {
        return pages().stream().flatMap(name -> blocks(name).stream()).toList();
    }

    static List<Block> blocks(String name) {
        String text = page(name);
        return BLOCK.matcher(text)
                .results()
                .map(found -> new Block(name, line(text, found), found.group(1), found.group(2)))
                .toList();
    }

    private static int line(String text, MatchResult found) {
        return (int) text.substring(0, found.start()).lines().count() + 1;
    }

    /** The rows of all tables of a page that stand below this heading and above the next. */
    static List<Row> rows(String name, String heading) {
        List<Row> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : page(name).lines().toList()) {
            if (line.startsWith("#")) {
                inside = line.replaceFirst("^#+ ", "").equals(heading);
            } else if (inside && line.startsWith("|") && !line.startsWith("|--")) {
                rows.add(
                        new Row(
                                Stream.of(line.substring(1).split("(?<!\\\\)\\|"))
                                        .map(String::strip)
                                        .toList()));
            }
        }
        return rows;
    }

    /** Targets of the links of a document, without those in code. */
    static List<String> links(String text) {
        String prose = BLOCK.matcher(text).replaceAll("").replaceAll("`[^`\n]*`", "``");
        return LINK.matcher(prose).results().map(found -> found.group(1)).toList();
    }

    /** The anchors of a document's headings, as code hosts make them. */
    static Set<String> anchors(String text) {
        Set<String> anchors = new TreeSet<>();
        HEADING.matcher(BLOCK.matcher(text).replaceAll(""))
                .results()
                .map(found -> anchor(found.group(1)))
                .forEach(anchors::add);
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.strip()
                .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
    }
}
