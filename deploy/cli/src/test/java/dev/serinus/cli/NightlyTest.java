package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is left out of every other run is in that of the night. */
class NightlyTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern MODULE = Pattern.compile("<module>(.+)</module>");
    private static final Pattern CALL =
            Pattern.compile("-pl (\\S+) (?:(?!-pl )[^\\n])*-Dgroups=nightly");
    private static final Pattern CLASSES = Pattern.compile("-Dit\\.test='?([\\w,]+)");

    @Test
    void everyTestOfTheNightIsRunByIt() throws IOException {
        String nightly =
                Files.readString(ROOT.resolve(".ci").resolve("nightly")).replace("\\\n", " ");
        List<String> modules = modules("");
        assertThat(modules).contains("deploy/images", "notifier-service");

        for (String module : modules) {
            if (!runsAllOf(module, nightly)) {
                assertThat(named(module, nightly)).as(module).containsAll(nightlyTests(module));
            }
        }
    }

    /** Those below this one, as Maven's -pl takes them. */
    private static List<String> modules(String parent) throws IOException {
        Path pom = ROOT.resolve(parent).resolve("pom.xml");
        List<String> all = new ArrayList<>();
        for (MatchResult found : MODULE.matcher(Files.readString(pom)).results().toList()) {
            String module = (parent.isEmpty() ? "" : parent + "/") + found.group(1);
            all.add(module);
            all.addAll(modules(module));
        }
        return all;
    }

    /** A call that names no class runs those of the whole module. */
    private static boolean runsAllOf(String module, String nightly) {
        return calls(module, nightly).anyMatch(call -> !CLASSES.matcher(call).find());
    }

    private static List<String> named(String module, String nightly) {
        return calls(module, nightly)
                .flatMap(call -> CLASSES.matcher(call).results())
                .flatMap(found -> Stream.of(found.group(1).split(",")))
                .toList();
    }

    private static Stream<String> calls(String module, String nightly) {
        return CALL.matcher(nightly)
                .results()
                .filter(call -> call.group(1).equals(module))
                .map(MatchResult::group);
    }

    private static List<String> nightlyTests(String module) throws IOException {
        Path sources = ROOT.resolve(module).resolve("src/test/java");
        if (!Files.isDirectory(sources)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(each -> each.toString().endsWith(".java"))
                    .filter(NightlyTest::isOfTheNight)
                    .map(each -> String.valueOf(each.getFileName()).replace(".java", ""))
                    .toList();
        }
    }

    private static boolean isOfTheNight(Path source) {
        try {
            return Files.readString(source).contains("@Tag(\"nightly\")");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
